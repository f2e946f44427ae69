namespace NotebookKit.Pmi;

/// <summary>
/// The kept n-grams of one length, by id 0, 1, 2, … An n-gram of n ≥ 2 words is a pair of ids one length below: its first n−1 words
/// and its last n−1 words. Both are kept whenever the n-gram is, because each occurs at least as often.
/// </summary>
public sealed class NgramLevel
{
    private readonly int[] prefixes;
    private readonly int[] suffixes;
    private readonly long[] counts;

    /// <summary>Takes over the arrays without a copy.</summary>
    /// <param name="total">The number of n-grams of this length in the corpus, those below the threshold included.</param>
    /// <param name="prefixes">For each n-gram, the id of its first n−1 words; empty for n = 1.</param>
    /// <param name="suffixes">For each n-gram, the id of its last n−1 words; empty for n = 1.</param>
    /// <param name="counts">For each n-gram, how often it occurs.</param>
    public NgramLevel(long total, int[] prefixes, int[] suffixes, long[] counts)
    {
        Total = total;
        this.prefixes = prefixes;
        this.suffixes = suffixes;
        this.counts = counts;
    }

    /// <summary>The number of n-grams of this length in the corpus, those below the threshold included: the denominator of p.</summary>
    public long Total { get; }

    /// <summary>How many different n-grams were kept.</summary>
    public int Kept => counts.Length;

    /// <summary>For each n-gram, the id of its first n−1 words; empty for n = 1.</summary>
    public ReadOnlySpan<int> Prefixes => prefixes;

    /// <summary>For each n-gram, the id of its last n−1 words; empty for n = 1.</summary>
    public ReadOnlySpan<int> Suffixes => suffixes;

    /// <summary>For each n-gram, how often it occurs.</summary>
    public ReadOnlySpan<long> Counts => counts;
}
