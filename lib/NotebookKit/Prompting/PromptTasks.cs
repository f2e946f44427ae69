using System.Collections;
using NotebookKit.Data;

namespace NotebookKit.Prompting;

/// <summary>
/// Tasks with their prompts, for training and for the three kinds of zero-shot test. A prompt is held out if its file says
/// <c>held_out: true</c>, a data set if its source does.
/// </summary>
public sealed class PromptTasks : IReadOnlyList<PromptTask>
{
    private const string HeldOutField = "held_out";

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
            return new PromptTask(source.Family, source.IsHeldOut, collection, collection.Prompts.Where(IsMarked), split => [.. examples.Value[split]]);
        }));
    }

    /// <inheritdoc/>
    public IEnumerator<PromptTask> GetEnumerator() => _tasks.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsTrained(string family) => _tasks.Any(t => !t.IsHeldOut && t.Family == family);

    private static bool IsMarked(Prompt prompt) => prompt.Extra.GetValueOrDefault(HeldOutField) == "true";
}
