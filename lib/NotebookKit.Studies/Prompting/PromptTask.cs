using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// A data set that is asked for through prompts: its examples in three parts, its prompts, and what of it is held out. Each part
/// is in an order that does not depend on labels, so that any prefix is a fair sample.
/// </summary>
public sealed class PromptTask
{
    private readonly Lazy<IReadOnlyList<PromptExample>>[] _parts;
    private readonly HashSet<Prompt> _heldOut;

    /// <summary>Joins examples with their prompts.</summary>
    /// <param name="family">The task, in T0's sense: what is held out as a whole.</param>
    /// <param name="isHeldOut">Whether the data set is for testing only.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="heldOutPrompts">Those that training does not see; ignored for a held-out data set, whose prompts are all for testing.</param>
    /// <param name="examples">The examples of a part; asked once, when they are needed.</param>
    public PromptTask(string family, bool isHeldOut, PromptCollection prompts, IEnumerable<Prompt> heldOutPrompts, Func<Split, IReadOnlyList<PromptExample>> examples)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(heldOutPrompts);
        (Family, IsHeldOut, Prompts) = (family, isHeldOut, prompts);
        _parts = [.. Enum.GetValues<Split>().Select(split => new Lazy<IReadOnlyList<PromptExample>>(() => examples(split)))];
        _heldOut = isHeldOut ? [.. prompts.Prompts] : [.. heldOutPrompts];
        TrainingPrompts = [.. prompts.Prompts.Where(p => !_heldOut.Contains(p))];
        HeldOutPrompts = [.. prompts.Prompts.Where(_heldOut.Contains)];
    }

    /// <summary>Data set and subset, such as <c>api_docs/namespace</c>.</summary>
    public string Name => Prompts.Name;

    /// <summary>The task it belongs to, in T0's sense: topic, sentiment, natural language inference.</summary>
    public string Family { get; }

    /// <summary>Whether the data set is for testing only.</summary>
    public bool IsHeldOut { get; }

    /// <summary>All its prompts.</summary>
    public PromptCollection Prompts { get; }

    /// <summary>The prompts to train on, in the order of the file; none for a held-out data set.</summary>
    public IReadOnlyList<Prompt> TrainingPrompts { get; }

    /// <summary>The prompts to test on that training never sees, in the order of the file.</summary>
    public IReadOnlyList<Prompt> HeldOutPrompts { get; }

    /// <summary>The examples of one part.</summary>
    public IReadOnlyList<PromptExample> this[Split split] => _parts[(int)split].Value;

    /// <summary>The same data set for testing only.</summary>
    public PromptTask HeldOut() => new(Family, true, Prompts, [], split => this[split]);

    /// <summary>
    /// What is new in a prompt to a model that was trained on this data set with its <see cref="TrainingPrompts"/>. Wording is the template's text, answer words
    /// are its answer choices; a prompt that lists its choices through <c>answer_choices</c> can be one and not the other.
    /// </summary>
    /// <param name="prompt">One of <see cref="Prompts"/>.</param>
    public PromptNovelty NoveltyOf(Prompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        bool wording = TrainingPrompts.All(p => p.Jinja != prompt.Jinja);
        bool words = TrainingPrompts.All(p => p.AnswerChoices != prompt.AnswerChoices);
        return (wording, words) switch
        {
            (false, false) => PromptNovelty.None,
            (true, false) => PromptNovelty.Wording,
            (false, true) => PromptNovelty.AnswerWords,
            (true, true) => PromptNovelty.WordingAndAnswerWords,
        };
    }

    /// <summary>
    /// The examples of a part as a prompt words them. Those that it does not apply to are left out: a part is suppressed or empty, or the
    /// right answer is none of the choices (commonsense_qa has a prompt that knows A to D, and rows whose answer is E).
    /// </summary>
    /// <param name="prompt">One of <see cref="Prompts"/>.</param>
    /// <param name="split">The part.</param>
    /// <param name="seed">Seed for prompts that draw; each example draws for itself.</param>
    public IEnumerable<PromptedExample> Apply(Prompt prompt, Split split, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return this[split]
            .Select((example, row) => prompt.Apply(example, ChoiceSource.Seeded(seed, $"{Name}/{prompt.Name}/{row}")))
            .Where(worded => worded.IsUsable && (worded.Choices is null || worded.TargetChoice >= 0));
    }

    /// <summary>The accuracy of always giving the answer that is most often right in the part: the position among the choices.</summary>
    /// <param name="prompt">A prompt with answer choices.</param>
    /// <param name="split">The part.</param>
    public double Majority(Prompt prompt, Split split = Split.Test)
    {
        var right = Apply(prompt, split).Select(worded => worded.TargetChoice).ToList();
        return right.Count == 0 ? double.NaN : right.CountBy(choice => choice).Max(count => count.Value) / (double)right.Count;
    }

    /// <summary>Name, task and counts in one line.</summary>
    public override string ToString() =>
        $"{Name} ({Family}{(IsHeldOut ? ", held out" : "")}): {this[Split.Train].Count:N0} train, {this[Split.Valid].Count:N0} valid, {this[Split.Test].Count:N0} test; {TrainingPrompts.Count} prompts to train on, {HeldOutPrompts.Count} held out";
}
