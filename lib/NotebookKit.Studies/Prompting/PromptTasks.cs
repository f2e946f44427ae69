using System.Collections;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;
using NotebookKit.Templates;
using NotebookKit.Tokenizers;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Tasks with their prompts, for training and for the three kinds of zero-shot test: held-out prompts of a set that is trained on,
/// held-out sets of a task that is trained on, held-out tasks. A prompt of this project is held out if its file says <c>held_out: true</c>.
/// </summary>
public sealed class PromptTasks : IReadOnlyList<PromptTask>
{
    /// <summary>Texts of each kind that the vocabulary of the offline tasks is trained on.</summary>
    private const int VocabularyTexts = 12_000;

    private readonly IReadOnlyList<PromptTask> _tasks;

    /// <summary>A choice of tasks.</summary>
    public PromptTasks(IEnumerable<PromptTask> tasks) => _tasks = [.. tasks];

    /// <summary>The tokens by which choices were matched in length; null if they were not.</summary>
    public TextTokens? Tokens { get; init; }

    /// <summary>What a common start reads: entries of training types, or nothing for the texts of the training rows.</summary>
    public IReadOnlyList<string> Entries { get; init; } = [];

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
        return new(_tasks.Select(t => names.Contains(t.Name) ? t.HeldOut() : t)) { Tokens = Tokens, Entries = Entries };
    }

    /// <summary>Some of the tasks.</summary>
    /// <param name="names">Data sets.</param>
    /// <exception cref="KeyNotFoundException">There is no data set of a name.</exception>
    public PromptTasks Only(params IReadOnlyCollection<string> names)
    {
        foreach (string name in names) _ = this[name];
        return new(_tasks.Where(t => names.Contains(t.Name))) { Tokens = Tokens, Entries = Entries };
    }

    /// <summary>The task of every offline data set that has prompts of its own.</summary>
    public static IReadOnlyDictionary<string, string> ApiDocsFamilies { get; } = MatchingExamples.All.Where(source => !source.Name.Contains(',')).ToDictionary(source => source.Name, source => source.Family);

    /// <summary>The task of every data set that is known here: T0's (<see cref="T0Datasets.Tasks"/>) and the offline ones.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = T0Datasets.Tasks.Concat(ApiDocsFamilies).ToDictionary();

    /// <summary>The offline tasks for a study: made from the API documentation, with the prompts of <c>data/prompts</c> and choices of equal length in the study's word pieces.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="prompts">The prompts; collections <c>api_docs/…</c>.</param>
    /// <param name="study">Says how many pieces.</param>
    /// <exception cref="KeyNotFoundException">The library lacks the prompts of a task.</exception>
    public static PromptTasks FromApiDocs(ApiDocs docs, PromptLibrary prompts, T0Study study)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(study);
        string[] entries = [.. Entry(docs).OrderBy(entry => StableSplit.Hash(entry))];
        // The wording of the prompts and the marks are frequent in training and rare in the documentation: they are repeated, so that they become pieces.
        string[] wordings = [.. prompts.Collections.SelectMany(c => c.Prompts).Select(p => p.Jinja)];
        string marks = string.Join(' ', MatchingExamples.Marks.Concat(Enumerable.Range(1, 9).Select(n => $"{n}")));
        var tokens = TextTokens.Of(WordPieceTrainer.Train([.. entries.Take(VocabularyTexts), .. Enumerable.Repeat(wordings, 20).SelectMany(w => w), .. Enumerable.Repeat(marks, 1_000)], study.Pieces));
        var lengths = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        return new(FromApiDocs(docs, prompts, choice => lengths.GetOrAdd(choice, text => tokens.Target(text, int.MaxValue).Length))) { Tokens = tokens, Entries = entries };
    }

    /// <summary>The offline tasks to look at, without a model: choices are as near in letters as they can be.</summary>
    /// <inheritdoc cref="FromApiDocs(ApiDocs, PromptLibrary, T0Study)"/>
    /// <param name="docs"/>
    /// <param name="prompts"/>
    public static PromptTasks FromApiDocs(ApiDocs docs, PromptLibrary prompts) => FromApiDocs(docs, prompts, choice => choice.Length);

    private static PromptTasks FromApiDocs(ApiDocs docs, PromptLibrary prompts, Func<string, int> length)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return new(MatchingExamples.All.Select(source =>
        {
            // A set that differs from another in its choices alone has the other's prompts.
            string name = source.Name.Split(',')[0];
            var collection = prompts[name] is var own && name == source.Name ? own : new(own.Dataset, source.Name[(own.Dataset.Length + 1)..], own.Prompts);
            var examples = new Lazy<ILookup<Split, PromptExample>>(() => source.Make(docs, length));
            return new PromptTask(source.Family, source.IsHeldOut, collection, collection.Prompts.Where(p => p.IsHeldOut), split => [.. examples.Value[split]]);
        }));
    }

    /// <summary><c>name : summary returns : …</c> of the members of training types.</summary>
    private static IEnumerable<string> Entry(ApiDocs docs) => docs.Members
        .Where(m => MatchingExamples.Part(ApiDocsTasks.GroupOf(m)) == Split.Train && TextCorpus.IsProse(ApiDocsTasks.FirstLine(m.Summary)))
        .Select(m => $"{MatchingExamples.Words(m.Name)} : {ApiDocsTasks.FirstLine(m.Summary)}{(m.Returns.Length > 0 ? " returns : " + ApiDocsTasks.FirstLine(m.Returns) : "")}{string.Concat(m.Parameters.Take(2).Select(p => $" {MatchingExamples.Words(p.Name)} : {ApiDocsTasks.FirstLine(p.Text)}"))}")
        .Distinct(StringComparer.Ordinal);

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
