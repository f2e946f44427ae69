namespace NotebookKit.Prompting;

/// <summary>A folder of prompts: <c>DATASET/templates.yaml</c> and <c>DATASET/SUBSET/templates.yaml</c>, as promptsource lays them out.</summary>
public sealed class PromptLibrary
{
    private const string FileName = "templates.yaml";

    private readonly IReadOnlyDictionary<string, string> _tasks;

    private PromptLibrary(IReadOnlyList<PromptCollection> collections, IReadOnlyDictionary<string, string> tasks)
    {
        Collections = collections;
        _tasks = tasks;
    }

    /// <summary>All collections, by name.</summary>
    public IReadOnlyList<PromptCollection> Collections { get; }

    /// <summary>The collection of a name such as <c>rotten_tomatoes</c> or <c>super_glue/copa</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public PromptCollection this[string name] => Collections.FirstOrDefault(c => c.Name == name)
        ?? throw new KeyNotFoundException($"There are no prompts for '{name}'{Suggestion(name)}.");

    /// <summary>Reads a folder and everything below it.</summary>
    /// <param name="folder">The folder that holds the data sets' folders.</param>
    /// <param name="tasks">Task of every data set by its name with or without subset; none is known if null.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="PromptFileException">A file in it is not a file of prompts.</exception>
    public static PromptLibrary Open(string folder, IReadOnlyDictionary<string, string>? tasks = null)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'. Give the folder that holds DATASET/{FileName}.");
        var collections = Directory.EnumerateFiles(folder, FileName, SearchOption.AllDirectories)
            .Select(PromptCollection.Load)
            .OrderBy(c => c.Name, StringComparer.Ordinal)
            .ToList();
        if (collections.Count == 0) throw new PromptFileException(folder, 0, $"no {FileName} in this folder or below it");
        return new PromptLibrary(collections, tasks ?? new Dictionary<string, string>());
    }

    /// <summary>The task of a collection, if known.</summary>
    public string? TaskOf(PromptCollection collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return _tasks.TryGetValue(collection.Name, out string? task) || _tasks.TryGetValue(collection.Dataset, out task) ? task : null;
    }

    /// <summary>The prompts that pass a filter, by collection and in the order of its file.</summary>
    public IEnumerable<LibraryPrompt> Find(PromptFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        foreach (var collection in Collections)
        {
            string? task = TaskOf(collection);
            foreach (var prompt in collection.Prompts)
            {
                if (filter.Accepts(collection, prompt, task)) yield return new LibraryPrompt(collection, prompt, task);
            }
        }
    }

    private string Suggestion(string name)
    {
        string start = name.Split('/')[0];
        string[] near = Collections.Where(c => c.Dataset.Contains(start, StringComparison.OrdinalIgnoreCase)).Take(5).Select(c => c.Name).ToArray();
        return near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?";
    }
}

/// <summary>A prompt with the collection it belongs to and its task.</summary>
/// <param name="Collection">The data set's prompts.</param>
/// <param name="Prompt">One of them.</param>
/// <param name="Task">The data set's task, if the library knows it.</param>
public sealed record LibraryPrompt(PromptCollection Collection, Prompt Prompt, string? Task)
{
    /// <summary>Data set, subset and prompt: unique in the library.</summary>
    public string FullName => $"{Collection.Name}/{Prompt.Name}";
}

/// <summary>Which prompts of a library are wanted; a null asks for nothing.</summary>
/// <param name="Dataset">A data set (<c>super_glue</c>) or one subset of it (<c>super_glue/copa</c>).</param>
/// <param name="Task">A task of the library's task list.</param>
/// <param name="OriginalTask">Only prompts that pose the data set's own task, or only those that do not.</param>
/// <param name="Metric">Only prompts that name this metric.</param>
/// <param name="Name">Only prompts whose name contains this text, whatever its case.</param>
public sealed record PromptFilter(string? Dataset = null, string? Task = null, bool? OriginalTask = null, string? Metric = null, string? Name = null)
{
    /// <summary>Whether a prompt passes.</summary>
    public bool Accepts(PromptCollection collection, Prompt prompt, string? task)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(prompt);
        return (Dataset is null || collection.Dataset == Dataset || collection.Name == Dataset)
            && (Task is null || string.Equals(Task, task, StringComparison.OrdinalIgnoreCase))
            && (OriginalTask is null || (prompt.Metadata.OriginalTask ?? false) == OriginalTask)
            && (Metric is null || prompt.Metadata.Metrics.Contains(Metric, StringComparer.OrdinalIgnoreCase))
            && (Name is null || prompt.Name.Contains(Name, StringComparison.OrdinalIgnoreCase));
    }
}
