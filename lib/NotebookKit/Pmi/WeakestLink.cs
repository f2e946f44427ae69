namespace NotebookKit.Pmi;

/// <summary>
/// N-grams that naive PMI ranks high only because one part of them is strong, such as <c>kuala lumpur is</c>: the reason why Eq. 3 takes
/// the minimum over all segmentations (Levine et al. 2021, section 3).
/// </summary>
public static class WeakestLink
{
    /// <summary>Finds, among the best n-grams by naive PMI, those that PMI_n ranks lowest.</summary>
    /// <param name="counts">Counts of the corpus.</param>
    /// <param name="n">The length, at least 3: for two words the two scores are one.</param>
    /// <param name="bestByNaive">How many of the best n-grams by naive PMI are looked at.</param>
    /// <param name="take">How many examples are returned.</param>
    /// <returns>Examples, the one with the lowest rank by PMI_n first.</returns>
    public static IReadOnlyList<WeakestLinkExample> Find(NgramCounts counts, int n = 3, int bestByNaive = 1000, int take = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 3);
        NgramScores naive = NgramScores.Of(counts, NgramScore.Naive);
        NgramScores pmi = NgramScores.Of(counts, NgramScore.Pmi);
        NgramRanking ranking = new(counts);
        int[] byNaive = ranking.Rank(naive, n);
        int[] byPmi = ranking.Rank(pmi, n);
        int[] rankByPmi = new int[byPmi.Length];
        for (int rank = 0; rank < byPmi.Length; rank++) rankByPmi[byPmi[rank]] = rank + 1;

        return [.. byNaive.Take(bestByNaive)
            .Select((id, rank) => (Id: id, NaiveRank: rank + 1, PmiRank: rankByPmi[id]))
            .OrderByDescending(found => found.PmiRank)
            .Take(take)
            .Select(found => new WeakestLinkExample(
                counts.TextOf(n, found.Id), counts.Level(n).Counts[found.Id],
                naive.Level(n)[found.Id], found.NaiveRank, pmi.Level(n)[found.Id], found.PmiRank, BestSegmentation(counts, counts.WordsOf(n, found.Id))))];
    }

    /// <summary>
    /// The segmentation that gives an n-gram its PMI_n: of all 2^(n−1) − 1, the one whose parts are likeliest to meet by chance. Of equal
    /// ones, the one that is cut later.
    /// </summary>
    /// <param name="counts">Counts that hold the n-gram.</param>
    /// <param name="ngram">Its words, at least two.</param>
    /// <returns>The parts, each with its words separated by single spaces.</returns>
    /// <exception cref="ArgumentException">The n-gram has a single word, or is not among the counts.</exception>
    public static IReadOnlyList<string> BestSegmentation(NgramCounts counts, IReadOnlyList<string> ngram)
    {
        string[] words = [.. ngram];
        if (words.Length < 2 || !counts.TryFind(words, out _))
            throw new ArgumentException($"'{string.Join(' ', words)}' is no n-gram of two words or more that occurs {counts.MinCount} times or more.", nameof(ngram));

        // best[j] = max over i < j of best[i] + log p(w_i+1…w_j): the likeliest way to build the first j words, the whole n-gram excluded.
        double[] best = new double[words.Length + 1];
        int[] cut = new int[words.Length + 1];
        for (int j = 1; j <= words.Length; j++)
        {
            best[j] = double.NegativeInfinity;
            for (int i = j == words.Length ? 1 : 0; i < j; i++)
            {
                double sum = best[i] + LogProbability(words.AsSpan(i..j));
                if (sum >= best[j]) (best[j], cut[j]) = (sum, i);
            }
        }
        List<string> parts = [];
        for (int j = words.Length; j > 0; j = cut[j]) parts.Insert(0, string.Join(' ', words[cut[j]..j]));
        return parts;

        double LogProbability(ReadOnlySpan<string> part)
        {
            counts.TryFind(part, out int id);
            var level = counts.Level(part.Length);
            return Math.Log(level.Counts[id]) - Math.Log(level.Total);
        }
    }
}

/// <summary>An n-gram that naive PMI overrates.</summary>
/// <param name="Ngram">Its words, separated by single spaces.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="Naive">Its naive PMI (Eq. 2), natural logarithm.</param>
/// <param name="NaiveRank">Its rank by naive PMI among the n-grams of its length, from 1.</param>
/// <param name="Pmi">Its PMI_n (Eq. 3), natural logarithm.</param>
/// <param name="PmiRank">Its rank by PMI_n, from 1.</param>
/// <param name="Segmentation">The segmentation that attains the minimum: the parts that hardly belong together.</param>
public sealed record WeakestLinkExample(
    string Ngram, long Count, double Naive, int NaiveRank, double Pmi, int PmiRank, IReadOnlyList<string> Segmentation);
