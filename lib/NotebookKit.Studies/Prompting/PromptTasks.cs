using System.Collections;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;
using NotebookKit.Templates;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Tasks with their prompts, for training and for the three kinds of zero-shot test: held-out prompts of a set that is trained on,
/// held-out sets of a task that is trained on, held-out tasks. A prompt of this project is held out if its file says <c>held_out: true</c>.
/// </summary>
public sealed class PromptTasks : IReadOnlyList<PromptTask>
{
    private readonly IReadOnlyList<PromptTask> _tasks;

    /// <summary>A choice of tasks.</summary>
    public PromptTasks(IEnumerable<PromptTask> tasks) => _tasks = [.. tasks];

    /// <summary>The number of tasks.</summary>
    public int Count => _tasks.Count;

    /// <summary>A task by position.</summary>
    public PromptTask this[int index] => _tasks[index];

    /// <summary>A task by the name of its data set.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public PromptTask this[string name] => _tasks.FirstOrDefault(t => t.Name == name)
        ?? throw new KeyNotFoundException($"There is no task '{name}'; there are: {string.Join(", ", _tasks.Select(t => t.Name))}.");

    /// <summary>The data sets to train on.</summary>
    public IReadOnlyList<PromptTask> Training => [.. _tasks.Where(t => !t.IsHeldOut)];

    /// <summary>Held-out data sets of a task that is trained on other data sets.</summary>
    public IReadOnlyList<PromptTask> HeldOutDatasets => [.. _tasks.Where(t => t.IsHeldOut && IsTrained(t.Family))];

    /// <summary>Data sets of tasks that are held out whole: T0's zero-shot test.</summary>
    public IReadOnlyList<PromptTask> HeldOutTasks => [.. _tasks.Where(t => t.IsHeldOut && !IsTrained(t.Family))];

    /// <summary>The same tasks with some data sets for testing only: those of one family hold a task out, one of several a data set.</summary>
    /// <param name="names">Data sets.</param>
    /// <exception cref="KeyNotFoundException">There is no data set of a name.</exception>
    public PromptTasks HoldOut(params IReadOnlyCollection<string> names)
    {
        foreach (string name in names) _ = this[name];
        return new(_tasks.Select(t => names.Contains(t.Name) ? t.HeldOut() : t));
    }

    /// <summary>The task of every offline data set.</summary>
    public static IReadOnlyDictionary<string, string> ApiDocsFamilies { get; } = ApiDocsExamples.All.ToDictionary(source => source.Name, source => source.Family);

    /// <summary>The task of every data set that is known here: T0's (<see cref="T0Datasets.Tasks"/>) and the offline ones.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = T0Datasets.Tasks.Concat(ApiDocsFamilies).ToDictionary();

    /// <summary>The offline tasks: made from the API documentation, with the prompts of <c>data/prompts</c>.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="prompts">The prompts; collections <c>api_docs/…</c>.</param>
    /// <exception cref="KeyNotFoundException">The library lacks the prompts of a task.</exception>
    public static PromptTasks FromApiDocs(ApiDocs docs, PromptLibrary prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return new(ApiDocsExamples.All.Select(source =>
        {
            var collection = prompts[source.Name];
            var examples = new Lazy<ILookup<Split, PromptExample>>(() => source.Make(docs));
            return new PromptTask(source.Family, source.IsHeldOut, collection, collection.Prompts.Where(p => p.IsHeldOut), split => [.. examples.Value[split]]);
        }));
    }

    /// <summary>
    /// The public data sets of a catalogue with promptsource's own prompts. Every third prompt of a set to train on is held out, counted
    /// among those that pose the original task and have answer choices.
    /// </summary>
    /// <param name="store">The data sets and prompts on this machine; examples are read when they are asked for.</param>
    /// <exception cref="DatasetException">The prompts of a set are not on this machine; the message names the command that brings them.</exception>
    public static PromptTasks FromDatasets(DatasetStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        // A held-out set of which there is only a training part (winogrande_s) has nothing to test on.
        var sets = store.Catalogue.Files.Where(f => f.Templates.Length > 0).GroupBy(f => f.Dataset).Where(files => !IsHeldOut(files.First()) || files.Any(f => f.Split != "train"));
        return new(sets.Select(files =>
        {
            var first = files.First();
            bool isHeldOut = IsHeldOut(first);
            var collection = PromptCollection.Load(store.Locate("promptsource", $"promptsource/templates/{first.Templates}/templates.yaml"));
            var examples = new Lazy<ILookup<Split, PromptExample>>(() => DatasetExamples.Read(store, [.. files], isHeldOut));
            return new PromptTask(first.Group, isHeldOut, collection, EveryThird(collection), split => [.. examples.Value[split]]);
        }));
    }

    /// <inheritdoc/>
    public IEnumerator<PromptTask> GetEnumerator() => _tasks.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsTrained(string family) => _tasks.Any(t => !t.IsHeldOut && t.Family == family);

    private static bool IsHeldOut(DatasetFile file) => file.Role == "hold out";

    private static IEnumerable<Prompt> EveryThird(PromptCollection collection) => collection.Prompts
        .Where(p => p.Metadata.OriginalTask == true && p.AnswerChoices is not null)
        .Where((_, i) => i % 3 == 2);
}
