namespace NotebookKit.Pmi;

/// <summary>
/// How many entries of a masking vocabulary go to each length. The defaults are the paper's: 800,000 entries, 50 % bigrams,
/// 25 % trigrams, 12.5 % 4-grams and 12.5 % 5-grams.
/// </summary>
/// <remarks>
/// Scores are comparable only within one length, so each length has its own ranking and the quota interleaves them: the r-th best
/// n-gram of length n comes at (2r − 1) / share(n), ties to the shorter (Webster's method of apportionment). So the first S lines of a
/// list are the vocabulary of size S, for every S. When a length has no more candidates, its places go to the other lengths in
/// proportion to their shares; when all are exhausted, the vocabulary is smaller than its size.
/// </remarks>
public sealed record VocabularyQuota
{
    /// <summary>The number of entries of all lengths together.</summary>
    public int Size { get; init; } = 800_000;

    /// <summary>The share of the lengths 2, 3, 4, …, in any unit: only their ratio counts.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [50, 25, 12.5, 12.5];

    /// <summary>Interleaves the rankings of the lengths.</summary>
    /// <param name="candidates">How many candidates there are of length 2, 3, 4, …; a length beyond <see cref="Shares"/> gets nothing.</param>
    /// <returns>The length of each entry, best first; the r-th time that a length occurs stands for its r-th best n-gram.</returns>
    /// <exception cref="ArgumentException">The size or a share is negative or not a number.</exception>
    public IReadOnlyList<int> Interleave(IReadOnlyList<int> candidates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Size);
        if (Shares.Any(share => !(share >= 0) || double.IsInfinity(share)))
            throw new ArgumentException($"The shares must be numbers from 0 up, one for each length from 2: {string.Join('/', Shares)}.");
        int lengths = Math.Min(candidates.Count, Shares.Count);
        int[] taken = new int[lengths];
        List<int> order = [];
        while (order.Count < Size)
        {
            int best = -1;
            for (int i = 0; i < lengths; i++)
                if (taken[i] < candidates[i] && Shares[i] > 0 && (best < 0 || Key(i) < Key(best))) best = i;
            if (best < 0) break;
            taken[best]++;
            order.Add(best + 2);
        }
        return order;

        double Key(int i) => (2.0 * taken[i] + 1) / Shares[i];
    }
}
