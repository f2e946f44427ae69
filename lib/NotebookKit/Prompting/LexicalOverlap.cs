using System.Text.RegularExpressions;

namespace NotebookKit.Prompting;

/// <summary>
/// The baseline that reads no sentence: the answer is the choice that shares the most stems with the input, a stem being the first five letters of a word
/// in lower case, and <c>GetName</c> two words. What a model does not beat may be no more than matching letters.
/// </summary>
public static partial class LexicalOverlap
{
    /// <summary>Letters of a stem.</summary>
    public const int StemLength = 5;

    /// <summary>
    /// The number of distinct stems that each choice shares with the input. An input that lists all its choices word for word shares every stem with all of
    /// them: each choice is then taken out once, the longest first, before the rest is compared.
    /// </summary>
    /// <param name="input">The prompted input.</param>
    /// <param name="choices">The answer choices.</param>
    /// <returns>One number for each choice.</returns>
    public static IReadOnlyList<int> Shared(string input, IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var stems = Stems(WithoutList(input, choices)).ToHashSet();
        return [.. choices.Select(choice => Stems(choice).Distinct().Count(stems.Contains))];
    }

    /// <summary>The baseline's expected accuracy: choices that share equally many stems are drawn from at random.</summary>
    /// <param name="examples">Examples with their target among their choices.</param>
    /// <exception cref="ArgumentException">There is no example, or one has no target among its choices.</exception>
    public static double Accuracy(IReadOnlyList<PromptedExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0) throw new ArgumentException("There is no example to take an accuracy over.", nameof(examples));
        if (examples.FirstOrDefault(e => e.TargetChoice < 0) is { } wrong)
            throw new ArgumentException($"The target '{wrong.Target}' is none of the choices; the overlap needs a prompt with answer choices.", nameof(examples));
        return examples.Average(e =>
        {
            var shared = Shared(e.Input, e.Choices!);
            // 1 / (number of choices with the largest overlap), if the target is one of them
            return shared[e.TargetChoice] == shared.Max() ? 1.0 / shared.Count(n => n == shared.Max()) : 0;
        });
    }

    /// <summary>The stems of a text, in its order.</summary>
    internal static IEnumerable<string> Stems(string text) =>
        Words().Matches(text).Select(word => word.Value.ToLowerInvariant()).Select(word => word[..Math.Min(StemLength, word.Length)]);

    private static string WithoutList(string input, IReadOnlyList<string> choices)
    {
        string rest = input;
        foreach (string choice in choices.Distinct().OrderByDescending(choice => choice.Length))
        {
            // From the end: a list stands behind its text more often than before it, and which of two equal words goes makes no difference.
            var found = Regex.Match(rest, $@"(?<!\w){Regex.Escape(choice)}(?!\w)", RegexOptions.RightToLeft);
            if (choice.Length == 0 || !found.Success) return input;
            rest = rest.Remove(found.Index, found.Length);
        }
        return rest;
    }

    [GeneratedRegex(@"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}+|\p{Nd}+")]
    private static partial Regex Words();
}
