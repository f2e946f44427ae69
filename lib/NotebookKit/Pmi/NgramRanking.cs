namespace NotebookKit.Pmi;

/// <summary>The n-grams of one length, best first, in the total order of <see cref="NgramOrder"/>.</summary>
internal sealed class NgramRanking
{
    private readonly NgramCounts _counts;
    private readonly int[] _wordRanks;

    /// <summary>A ranking of one corpus.</summary>
    internal NgramRanking(NgramCounts counts)
    {
        _counts = counts;
        int[] ids = [.. Enumerable.Range(0, counts.Words.Count)];
        Array.Sort(ids, (a, b) => NgramOrder.CompareCodePoints(counts.Words[a], counts.Words[b]));
        _wordRanks = new int[ids.Length];
        for (int rank = 0; rank < ids.Length; rank++) _wordRanks[ids[rank]] = rank;
    }

    /// <summary>The ids of all n-grams of a length, best first.</summary>
    internal int[] Rank(NgramScores scores, int n)
    {
        var level = _counts.Level(n);
        int[] ids = [.. Enumerable.Range(0, level.Kept)];
        Array.Sort(ids, (a, b) =>
        {
            int byScore = scores.Level(n)[b].CompareTo(scores.Level(n)[a]);
            if (byScore != 0) return byScore;
            int byCount = level.Counts[b].CompareTo(level.Counts[a]);
            return byCount != 0 ? byCount : CompareTexts(n, a, b);
        });
        return ids;
    }

    /// <summary>The order of the texts, without making them: the space that separates words sorts before whatever a word may contain.</summary>
    private int CompareTexts(int n, int a, int b)
    {
        if (n == 1) return _wordRanks[a].CompareTo(_wordRanks[b]);
        var level = _counts.Level(n);
        int byPrefix = CompareTexts(n - 1, level.Prefixes[a], level.Prefixes[b]);
        return byPrefix != 0 ? byPrefix : _wordRanks[_counts.LastWord(n, a)].CompareTo(_wordRanks[_counts.LastWord(n, b)]);
    }
}

/// <summary>
/// The total order of n-grams of one length, best first: the higher score, then the higher count, then the n-gram itself in the order
/// of its code points (which is the order of its UTF-8 bytes). Two correct programs therefore agree on every rank.
/// </summary>
internal static class NgramOrder
{
    /// <summary>Compares two texts code point by code point. UTF-16's ordinal order differs: it puts surrogates before U+E000 to U+FFFF.</summary>
    public static int CompareCodePoints(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length.CompareTo(b.Length);
        char x = a[same], y = b[same];
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }
}
