namespace NotebookKit.Pmi;

/// <summary>The n-grams that are masked as one unit, best first (Levine et al. 2021, section 3).</summary>
public sealed class MaskingVocabulary
{
    private readonly MaskingEntry[] _entries;

    /// <summary>A vocabulary of the given entries, best first.</summary>
    public MaskingVocabulary(IEnumerable<MaskingEntry> entries) => _entries = [.. entries];

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
        NgramRanking ranking = new(counts);
        int[][] ranked = [.. Enumerable.Range(2, Math.Max(0, counts.MaxLength - 1)).Select(n => ranking.Rank(scores, n))];
        int[] taken = new int[ranked.Length];
        return new((quota ?? new()).Interleave([.. ranked.Select(ids => ids.Length)]).Select(n =>
        {
            int id = ranked[n - 2][taken[n - 2]++];
            return new MaskingEntry(counts.TextOf(n, id), n, counts.Level(n).Counts[id], scores.Level(n)[id]);
        }));
    }

    /// <summary>The entries, best first; the rank of an entry is its place plus one.</summary>
    public IReadOnlyList<MaskingEntry> Entries => _entries;

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Length;

    /// <summary>The number of words of the longest entry, or 0.</summary>
    public int MaxLength => _entries.Select(entry => entry.Length).DefaultIfEmpty().Max();

    /// <summary>The share of n-grams that two vocabularies have in common among those that at least one has (Jaccard); 1 for two empty ones.</summary>
    public double Overlap(MaskingVocabulary other)
    {
        HashSet<string> ngrams = [.. _entries.Select(entry => entry.Ngram)];
        int common = other._entries.Count(entry => ngrams.Contains(entry.Ngram));
        int either = Count + other.Count - common;
        return either == 0 ? 1 : (double)common / either;
    }

    /// <summary>The vocabulary of the best entries, which has the same proportion of lengths (<see cref="VocabularyQuota"/>).</summary>
    public MaskingVocabulary Take(int size) => new(_entries.Take(size));
}

/// <summary>One n-gram of a masking vocabulary.</summary>
/// <param name="Ngram">Its words, separated by single spaces.</param>
/// <param name="Length">Its number of words.</param>
/// <param name="Count">How often it occurs in the corpus, or null when a plain list did not say.</param>
/// <param name="Score">Its score in natural logarithms, or null when a plain list did not say.</param>
public sealed record MaskingEntry(string Ngram, int Length, long? Count = null, double? Score = null);
