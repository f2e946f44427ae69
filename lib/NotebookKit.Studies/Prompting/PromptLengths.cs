using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// What the length limits of a study cut from the examples of one prompt. The second text, the question or the list of choices often stand last in the input
/// and are the first to go: a prompt that loses any of them cannot be answered, and must not be scored as if it could.
/// </summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Examples">Examples that were looked at.</param>
/// <param name="InputsCut">Examples whose input is longer than the limit.</param>
/// <param name="Choices">Answer choices of all examples together; 0 for a prompt without.</param>
/// <param name="ChoicesCut">Those of them that are longer than the limit of a target.</param>
/// <param name="Alike">Examples in which two different choices become the same tokens, so that no model can tell them apart.</param>
/// <param name="TargetsCut">Examples whose target is longer than the limit.</param>
/// <param name="LongestInput">Tokens of the longest input, uncut.</param>
/// <param name="LongestTarget">Tokens of the longest target or choice, uncut, its end token included.</param>
public sealed record PromptLengths(
    string Dataset, string Prompt, int Examples, int InputsCut, int Choices, int ChoicesCut, int Alike, int TargetsCut, int LongestInput, int LongestTarget)
{
    /// <summary>The share of inputs that are cut.</summary>
    public double InputShare => InputsCut / (double)Examples;

    /// <summary>The share of choices that are cut; 0 for a prompt without.</summary>
    public double ChoiceShare => Choices == 0 ? 0 : ChoicesCut / (double)Choices;

    /// <summary>The share of targets that are cut.</summary>
    public double TargetShare => TargetsCut / (double)Examples;

    /// <summary>Whether nothing at all is cut.</summary>
    public bool IsWhole => InputsCut + ChoicesCut + TargetsCut == 0;

    /// <summary>Counts what is cut.</summary>
    /// <param name="dataset">The data set's name.</param>
    /// <param name="prompt">The prompt's name.</param>
    /// <param name="examples">Its usable examples.</param>
    /// <param name="tokens">The model's tokens.</param>
    /// <param name="inputLength">The most tokens of an input.</param>
    /// <param name="targetLength">The most tokens of a target or choice, its end token included.</param>
    /// <exception cref="ArgumentException">There is no example, or one has no target.</exception>
    public static PromptLengths Of(string dataset, string prompt, IReadOnlyList<PromptedExample> examples, TextTokens tokens, int inputLength, int targetLength)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(tokens);
        if (examples.Count == 0 || examples.Any(e => e.Target is null))
            throw new ArgumentException($"The prompt '{prompt}' of {dataset} has no example here, or one without a target; give usable examples.", nameof(examples));
        int[] inputs = [.. examples.Select(e => tokens.Input(e.Input, int.MaxValue).Length)];
        int[] targets = [.. examples.Select(e => Target(e.Target!).Length)];
        int[][][] choices = [.. examples.Select(e => (e.Choices ?? []).Distinct().Select(Target).ToArray())];
        int[] choiceLengths = [.. choices.SelectMany(c => c).Select(c => c.Length)];
        return new(dataset, prompt, examples.Count,
            inputs.Count(n => n > inputLength),
            choiceLengths.Length,
            choiceLengths.Count(n => n > targetLength),
            choices.Count(c => c.Select(ids => string.Join(' ', ids.SkipLast(1).Take(targetLength - 1))).Distinct().Count() < c.Length),
            targets.Count(n => n > targetLength),
            inputs.Max(), targets.Concat(choiceLengths).Max());

        int[] Target(string text) => tokens.Target(text, int.MaxValue);
    }
}

/// <summary>What can be had on one prompt without reading: the lines below which an accuracy means nothing.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Examples">Number of examples.</param>
/// <param name="Chance">Guessing: the mean of 1 / number of choices.</param>
/// <param name="Majority">Always the choice that is most often right.</param>
/// <param name="Overlap">The choice that shares the most stems with the input: <see cref="LexicalOverlap"/>.</param>
public sealed record PromptBaselines(string Dataset, string Prompt, int Examples, double Chance, double Majority, double Overlap)
{
    private const string Line = "line", Separator = " | ";

    /// <summary>The lines among an experiment's rows, so that a committed run is read against its own test examples.</summary>
    /// <param name="rows">The rows; those of other metrics are passed over.</param>
    public static IReadOnlyList<PromptBaselines> Of(ResultRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return
        [
            .. rows.Select(r => (Parts: r.Metric.Split(Separator), r.Value)).Where(r => r.Parts is [Line, _, _, _]).GroupBy(r => (Dataset: r.Parts[1], Prompt: r.Parts[2]))
                .Select(test => test.GroupBy(r => r.Parts[3]).ToDictionary(line => line.Key, line => line.First().Value) is var value
                    ? new PromptBaselines(test.Key.Dataset, test.Key.Prompt, (int)value[nameof(Examples)], value[nameof(Chance)], value[nameof(Majority)], value[nameof(Overlap)]) : null!),
        ];
    }

    /// <summary>The lines as measurements at step 0; <see cref="Of(ResultRows)"/> reads them back.</summary>
    internal IEnumerable<Measurement> Measurements() =>
    [
        Measured(nameof(Examples), Examples), Measured(nameof(Chance), Chance), Measured(nameof(Majority), Majority), Measured(nameof(Overlap), Overlap),
    ];

    private Measurement Measured(string name, double value) => new(0, string.Join(Separator, Line, Dataset, Prompt, name), value);

    /// <summary>The three lines of a test.</summary>
    /// <param name="test">The test.</param>
    public static PromptBaselines Of(ZeroShotTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return new(test.Dataset, test.Prompt, test.Examples.Count, test.Chance, test.Majority, LexicalOverlap.Accuracy(test.Examples));
    }
}
