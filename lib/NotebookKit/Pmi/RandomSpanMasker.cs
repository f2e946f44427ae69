namespace NotebookKit.Pmi;

/// <summary>
/// Random-Span masking (SpanBERT): a start drawn uniformly among the words not yet chosen, a length in words drawn from a cut-off
/// geometric distribution, until the budget is spent.
/// </summary>
/// <remarks>
/// A span ends early at a special token, at a word that was chosen before, and at the end of the sequence. Unlike a unit of the other
/// schemes, a span has no length of its own to respect: one that would exceed the budget is cut to the whole words that fit
/// (<see cref="OverlongUnit.Skip"/>) or is the last one (<see cref="OverlongUnit.Take"/>).
/// </remarks>
public sealed class RandomSpanMasker : Masker
{
    private readonly SpanLengths _lengths;
    private bool[] _taken = [];

    /// <summary>A masker of random spans of words.</summary>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    /// <param name="lengths">The lengths of the spans; Geo(0.2) up to 10 words when null.</param>
    public RandomSpanMasker(PieceAlphabet alphabet, MaskingOptions? options = null, SpanLengths? lengths = null) : base("random span", alphabet, options) =>
        _lengths = lengths ?? new();

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random) => words;

    private protected override void Choose(PieceRuns words, PieceRuns chosen, int budget, ref MaskingRandom random)
    {
        if (_taken.Length < words.Count) _taken = new bool[words.Count];
        _taken.AsSpan(0, words.Count).Clear();
        var starts = InOrder(words.Count);
        while (budget > 0 && starts.Length > 0)
        {
            int start = Draw(ref starts, ref random);
            if (_taken[start]) continue;
            int longest = start + Math.Min(_lengths.Draw(ref random), words.Count - start);
            int end = start;
            int left = budget;
            while (end < longest && !_taken[end] && (end == start || words.Starts[end] == words.Ends[end - 1]))
            {
                if (words.Length(end) > left && Options.OverlongUnit == OverlongUnit.Skip) break;
                left -= words.Length(end);
                _taken[end++] = true;
            }
            if (end == start) continue;
            chosen.Add(words.Starts[start], words.Ends[end - 1]);
            budget = left;
        }
    }
}

/// <summary>
/// The lengths of random spans, in words: a geometric distribution cut off at a longest length and scaled to sum to one, as in SpanBERT
/// (Joshi et al. 2020). With the defaults its mean is 3.8 words.
/// </summary>
public sealed class SpanLengths
{
    private readonly double[] _cumulative;

    /// <summary>A distribution of lengths.</summary>
    /// <param name="p">The chance that a span ends after each word.</param>
    /// <param name="longest">The longest span.</param>
    public SpanLengths(double p = 0.2, int longest = 10)
    {
        if (!(p > 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "The chance to end lies above 0 and not above 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        // P(l) = p (1 − p)^(l−1) / (1 − (1 − p)^longest),   l = 1 … longest;   the sum up to l is (1 − (1 − p)^l) / (1 − (1 − p)^longest)
        _cumulative = [.. Enumerable.Range(1, longest).Select(l => (1 - Math.Pow(1 - p, l)) / (1 - Math.Pow(1 - p, longest)))];
        Mean = _cumulative.Select((upTo, i) => (i + 1) * (upTo - (i == 0 ? 0 : _cumulative[i - 1]))).Sum();
    }

    /// <summary>The mean length in words, before a sequence's end or the budget cuts a span short.</summary>
    public double Mean { get; }

    /// <summary>Draws a length, at least 1.</summary>
    public int Draw(ref MaskingRandom random)
    {
        double draw = random.NextDouble();
        int shorter = 0;
        while (draw >= _cumulative[shorter]) shorter++;
        return shorter + 1;
    }
}
