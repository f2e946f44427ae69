using NotebookKit.Tokenizers;

namespace NotebookKit.Prompting;

/// <summary>
/// Wrong choices as long as the right one. T0's score is a sum over tokens, and a model that has learnt little prefers whatever is short; with choices of equal length
/// in tokens the rule has nothing to prefer. What is drawn first wins among equals, so the choices stay a random sample.
/// </summary>
public static class EqualLengthChoices
{
    /// <summary>The wrong choices nearest in length to the right one.</summary>
    /// <param name="answer">The right choice.</param>
    /// <param name="drawn">Candidates in a random order; those equal to the answer or to an earlier one are passed over.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="tokens">Counts lengths.</param>
    /// <returns>The choices, the nearest first.</returns>
    /// <exception cref="ArgumentException">There are fewer different candidates than are wanted.</exception>
    public static IReadOnlyList<string> Nearest(string answer, IEnumerable<string> drawn, int count, TextTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Nearest(answer, drawn, count, choice => tokens.Target(choice, int.MaxValue).Length);
    }

    /// <inheritdoc cref="Nearest(string, IEnumerable{string}, int, TextTokens)"/>
    /// <param name="answer"/>
    /// <param name="drawn"/>
    /// <param name="count"/>
    /// <param name="length">The length of a choice, such as its number of tokens.</param>
    public static IReadOnlyList<string> Nearest(string answer, IEnumerable<string> drawn, int count, Func<string, int> length)
    {
        ArgumentNullException.ThrowIfNull(length);
        int wanted = length(answer);
        // |tokens(choice) − tokens(answer)|, smallest first; the order is stable
        IReadOnlyList<string> nearest = [.. drawn.Where(choice => choice != answer).Distinct().OrderBy(choice => Math.Abs(length(choice) - wanted)).Take(count)];
        return nearest.Count == count ? nearest
            : throw new ArgumentException($"{count} wrong choices are wanted beside '{answer}' and only {nearest.Count} different ones were drawn; draw more.", nameof(drawn));
    }
}
