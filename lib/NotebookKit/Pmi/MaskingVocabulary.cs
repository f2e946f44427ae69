namespace NotebookKit.Pmi;

/// <summary>The n-grams that are masked as one unit, best first (Levine et al. 2021, section 3).</summary>
public sealed class MaskingVocabulary
{
    private readonly MaskingEntry[] entries;

    /// <summary>A vocabulary of the given entries, best first.</summary>
    public MaskingVocabulary(IEnumerable<MaskingEntry> entries) => this.entries = [.. entries];

    /// <summary>
    /// Ranks the n-grams of two words and more by a score and takes the best of each length (<see cref="VocabularyQuota"/>, ties by
    /// <see cref="NgramOrder"/>). The result depends on the counts alone, not on the numbering of the n-grams.
    /// </summary>
    /// <param name="counts">Counts at the threshold that the entries shall have (the paper: over 10).</param>
    /// <param name="score">What is ranked by.</param>
    /// <param name="quota">How many of each length; the paper's when null.</param>
    public static MaskingVocabulary Build(NgramCounts counts, NgramScore score = NgramScore.Pmi, VocabularyQuota? quota = null)
    {
        NgramScores scores = NgramScores.Of(counts, score);
        int[] wordRanks = RankWords(counts.Words);
        IReadOnlyList<int> lengths = (quota ?? new()).Interleave([.. Enumerable.Range(2, Math.Max(0, counts.MaxLength - 1)).Select(n => counts.Level(n).Kept)]);
        Queue<MaskingEntry>[] best = new Queue<MaskingEntry>[counts.MaxLength + 1];
        for (int n = 2; n <= counts.MaxLength; n++) best[n] = new(Best(counts, scores, n, lengths.Count(length => length == n), wordRanks));
        return new(lengths.Select(n => best[n].Dequeue()));
    }

    /// <summary>The entries, best first; the rank of an entry is its place plus one.</summary>
    public IReadOnlyList<MaskingEntry> Entries => entries;

    /// <summary>The number of entries.</summary>
    public int Count => entries.Length;

    /// <summary>The number of words of the longest entry, or 0.</summary>
    public int MaxLength => entries.Select(entry => entry.Length).DefaultIfEmpty().Max();

    /// <summary>The vocabulary of the best entries, which has the same proportion of lengths (<see cref="VocabularyQuota"/>).</summary>
    public MaskingVocabulary Take(int size) => new(entries.Take(size));

    private static IEnumerable<MaskingEntry> Best(NgramCounts counts, NgramScores scores, int n, int take, int[] wordRanks)
    {
        NgramLevel level = counts.Level(n);
        int[] ids = [.. Enumerable.Range(0, level.Kept)];
        Array.Sort(ids, (a, b) =>
        {
            int byScore = scores.Level(n)[b].CompareTo(scores.Level(n)[a]);
            if (byScore != 0) return byScore;
            int byCount = level.Counts[b].CompareTo(level.Counts[a]);
            return byCount != 0 ? byCount : CompareWords(counts, n, a, b, wordRanks);
        });
        foreach (int id in ids.Take(take))
            yield return new(counts.TextOf(n, id), n, counts.Level(n).Counts[id], scores.Level(n)[id]);
    }

    /// <summary>The order of the texts, without making them: the space that separates words sorts before whatever a word may contain.</summary>
    private static int CompareWords(NgramCounts counts, int n, int a, int b, int[] wordRanks)
    {
        if (n == 1) return wordRanks[a].CompareTo(wordRanks[b]);
        NgramLevel level = counts.Level(n);
        int byPrefix = CompareWords(counts, n - 1, level.Prefixes[a], level.Prefixes[b], wordRanks);
        return byPrefix != 0 ? byPrefix : wordRanks[counts.LastWord(n, a)].CompareTo(wordRanks[counts.LastWord(n, b)]);
    }

    private static int[] RankWords(IReadOnlyList<string> words)
    {
        int[] ids = [.. Enumerable.Range(0, words.Count)];
        Array.Sort(ids, (a, b) => NgramOrder.CompareCodePoints(words[a], words[b]));
        int[] ranks = new int[ids.Length];
        for (int rank = 0; rank < ids.Length; rank++) ranks[ids[rank]] = rank;
        return ranks;
    }
}
