namespace NotebookKit.Pmi;

/// <summary>The score of every kept n-gram, in natural logarithms (Levine et al. 2021, Eq. 1 to 3).</summary>
public sealed class NgramScores
{
    private readonly double[][] _scores;

    private NgramScores(NgramScore kind, double[][] scores) => (Kind, _scores) = (kind, scores);

    /// <summary>Which score this is.</summary>
    public NgramScore Kind { get; }

    /// <summary>The scores of the n-grams of n words, by id. A single word has no PMI: its score is 0, except for frequency.</summary>
    public ReadOnlySpan<double> Level(int n) => _scores[n - 1];

    /// <summary>Scores all n-grams. The same counts give the same bits, whatever the numbering of the n-grams.</summary>
    public static NgramScores Of(NgramCounts counts, NgramScore kind)
    {
        double[][] logP = LogProbabilities(counts);
        double[][] scores = kind switch
        {
            NgramScore.Frequency => logP,
            NgramScore.Naive => Subtract(logP, 1, SumOverWords(counts, logP)),
            NgramScore.Pmi => Subtract(logP, 1, BestSegmentations(counts, logP)),
            NgramScore.PmiSquared => Subtract(logP, 2, BestSegmentations(counts, logP)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such score."),
        };
        return new(kind, scores);
    }

    private static double[][] LogProbabilities(NgramCounts counts)
    {
        double[][] logP = new double[counts.MaxLength][];
        for (int n = 1; n <= counts.MaxLength; n++)
        {
            var level = counts.Level(n);
            logP[n - 1] = new double[level.Kept];
            // p(w1…wn) = count(w1…wn) / number of all n-grams of length n in the corpus
            for (int id = 0; id < level.Kept; id++) logP[n - 1][id] = Math.Log(level.Counts[id]) - Math.Log(level.Total);
        }
        return logP;
    }

    /// <summary>Σ_j log p(w_j), the only segmentation that naive PMI knows.</summary>
    private static double[][] SumOverWords(NgramCounts counts, double[][] logP)
    {
        double[][] sum = [logP[0], .. logP.Skip(1).Select(level => new double[level.Length])];
        for (int n = 2; n <= counts.MaxLength; n++)
        {
            var level = counts.Level(n);
            for (int id = 0; id < level.Kept; id++)
                sum[n - 1][id] = sum[n - 2][level.Prefixes[id]] + logP[0][counts.LastWord(n, id)];
        }
        return sum;
    }

    /// <summary>
    /// For each n-gram, the maximum over its segmentations σ ≠ {w1…wn} of Σ_{s∈σ} log p(s). Eq. 3 takes the minimum of
    /// log p(w1…wn) − Σ_{s∈σ} log p(s), and only the sum depends on σ.
    /// </summary>
    private static double[][] BestSegmentations(NgramCounts counts, double[][] logP)
    {
        // best(s) = max( log p(s), split(s) )
        // split(w1…wn) = max over 1 ≤ k < n of best(w1…wk) + best(wk+1…wn),   split(w1) = log p(w1) by convention
        // Every segmentation but the whole has a first cut k; either side is then left whole or cut again: n−1 terms replace 2^(n−1) − 1.
        double[][] best = [logP[0], .. logP.Skip(1).Select(level => new double[level.Length])];
        double[][] split = [logP[0], .. logP.Skip(1).Select(level => new double[level.Length])];
        Span<int> suffix = stackalloc int[counts.MaxLength + 1];
        for (int n = 2; n <= counts.MaxLength; n++)
        {
            for (int id = 0; id < best[n - 1].Length; id++)
            {
                suffix[n] = id;
                for (int k = n; k > 1; k--) suffix[k - 1] = counts.Level(k).Suffixes[suffix[k]];
                double maximum = double.NegativeInfinity;
                int prefix = id;
                for (int k = n - 1; k >= 1; k--)
                {
                    prefix = counts.Level(k + 1).Prefixes[prefix];
                    maximum = Math.Max(maximum, best[k - 1][prefix] + best[n - k - 1][suffix[n - k]]);
                }
                split[n - 1][id] = maximum;
                best[n - 1][id] = Math.Max(logP[n - 1][id], maximum);
            }
        }
        return split;
    }

    /// <summary>power · log p(w1…wn) − subtrahend. A single word has no segmentation: 0.</summary>
    private static double[][] Subtract(double[][] logP, int power, double[][] subtrahend)
    {
        double[][] scores = new double[logP.Length][];
        scores[0] = new double[logP[0].Length];
        for (int n = 2; n <= logP.Length; n++)
        {
            scores[n - 1] = new double[logP[n - 1].Length];
            for (int id = 0; id < scores[n - 1].Length; id++)
                scores[n - 1][id] = power * logP[n - 1][id] - subtrahend[n - 1][id];
        }
        return scores;
    }
}

/// <summary>What a masking vocabulary ranks n-grams by. All logarithms are natural.</summary>
public enum NgramScore
{
    /// <summary>PMI_n (Levine et al. 2021, Eq. 3): the least PMI over all segmentations, so that no strong part can carry a weak whole.</summary>
    Pmi,

    /// <summary>The variant of the published lists: PMI_n with p² in the numerator, which is PMI_n + log p and favours frequent n-grams.</summary>
    PmiSquared,

    /// <summary>Naive-PMI_n (Eq. 2): against the words alone.</summary>
    Naive,

    /// <summary>log p of the n-gram: the order of raw counts (Frequency-Masking).</summary>
    Frequency,
}
