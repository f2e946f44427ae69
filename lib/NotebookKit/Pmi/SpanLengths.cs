namespace NotebookKit.Pmi;

/// <summary>
/// The lengths of random spans, in words: a geometric distribution cut off at a longest length and scaled to sum to one, as in SpanBERT
/// (Joshi et al. 2020). With the defaults its mean is 3.8 words.
/// </summary>
public sealed class SpanLengths
{
    private readonly double[] cumulative;

    /// <summary>A distribution of lengths.</summary>
    /// <param name="p">The chance that a span ends after each word.</param>
    /// <param name="longest">The longest span.</param>
    public SpanLengths(double p = 0.2, int longest = 10)
    {
        if (!(p > 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "The chance to end lies above 0 and not above 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        // P(l) = p (1 − p)^(l−1) / (1 − (1 − p)^longest),   l = 1 … longest;   the sum up to l is (1 − (1 − p)^l) / (1 − (1 − p)^longest)
        cumulative = [.. Enumerable.Range(1, longest).Select(l => (1 - Math.Pow(1 - p, l)) / (1 - Math.Pow(1 - p, longest)))];
        Mean = cumulative.Select((upTo, i) => (i + 1) * (upTo - (i == 0 ? 0 : cumulative[i - 1]))).Sum();
    }

    /// <summary>The mean length in words, before a sequence's end or the budget cuts a span short.</summary>
    public double Mean { get; }

    /// <summary>Draws a length, at least 1.</summary>
    public int Draw(ref MaskingRandom random)
    {
        double draw = random.NextDouble();
        int shorter = 0;
        while (draw >= cumulative[shorter]) shorter++;
        return shorter + 1;
    }
}
