namespace NotebookKit.Training;

/// <summary>
/// T5's pre-training objective (Raffel et al. 2020, §3.3): spans of the text are replaced by one sentinel each, and the target is what was
/// hidden, each span behind its sentinel. Hidden and kept spans alternate, a kept one first, and their lengths are drawn evenly from all
/// ways to cut the totals into as many parts.
/// </summary>
/// <param name="FirstSentinel">Id of the first sentinel.</param>
/// <param name="SentinelStep">From one sentinel to the next: 1, or -1 as in T5, whose sentinels count down from 32,099.</param>
/// <param name="Sentinels">How many there are.</param>
/// <param name="Rate">The share of tokens that is hidden.</param>
/// <param name="MeanSpan">Mean tokens of a hidden span.</param>
public sealed record SpanCorruption(int FirstSentinel, int SentinelStep = 1, int Sentinels = 100, double Rate = 0.15, double MeanSpan = 3)
{
    /// <summary>Hides spans of a text.</summary>
    /// <param name="tokens">At least two ids, none of them a sentinel.</param>
    /// <param name="endId">Ends the target.</param>
    /// <param name="seed">Where the spans lie follows from it.</param>
    /// <returns>Input without end token, target with it.</returns>
    /// <exception cref="ArgumentException">The text has fewer than two tokens, or more spans than there are sentinels.</exception>
    public TokenPair Corrupt(ReadOnlySpan<int> tokens, int endId, Seed seed)
    {
        if (tokens.Length < 2) throw new ArgumentException("Span corruption needs two tokens: one to hide and one to keep.", nameof(tokens));
        int hidden = Math.Clamp((int)Math.Round(Rate * tokens.Length), 1, tokens.Length - 1);
        int spans = Math.Clamp((int)Math.Round(hidden / MeanSpan), 1, Math.Min(hidden, tokens.Length - hidden));
        if (spans > Sentinels) throw new ArgumentException($"{tokens.Length} tokens at rate {Rate} make {spans} spans and there are {Sentinels} sentinels; cut the text.", nameof(tokens));
        var random = seed.ToRandom();
        int[] keptLengths = Parts(tokens.Length - hidden, spans, random), hiddenLengths = Parts(hidden, spans, random);
        List<int> inputs = [], targets = [];
        int at = 0;
        for (int span = 0; span < spans; span++)
        {
            inputs.AddRange(tokens.Slice(at, keptLengths[span]));
            at += keptLengths[span];
            inputs.Add(Sentinel(span));
            targets.Add(Sentinel(span));
            targets.AddRange(tokens.Slice(at, hiddenLengths[span]));
            at += hiddenLengths[span];
        }
        targets.Add(endId);
        return new(inputs, targets);
    }

    /// <summary>The text that a pair was made of: every sentinel of the input replaced by what follows it in the target.</summary>
    /// <param name="pair">What <see cref="Corrupt"/> gave.</param>
    public int[] Restore(TokenPair pair)
    {
        var spans = new Dictionary<int, List<int>>();
        foreach (int token in pair.Targets.SkipLast(1))
        {
            if (IsSentinel(token)) spans.Add(token, []);
            else spans.Last().Value.Add(token);
        }
        return [.. pair.Inputs.SelectMany(token => IsSentinel(token) ? spans[token] : [token])];
    }

    private int Sentinel(int span) => FirstSentinel + span * SentinelStep;

    private bool IsSentinel(int token) => (token - FirstSentinel) * SentinelStep is >= 0 and var n && n < Sentinels;

    /// <summary>A total cut into parts of at least 1, every way equally likely: the cuts are a draw from the gaps between tokens.</summary>
    private static int[] Parts(int total, int parts, Random random)
    {
        int[] gaps = [.. Enumerable.Range(1, total - 1)];
        random.Shuffle(gaps);
        int[] cuts = [0, .. gaps.Take(parts - 1).Order(), total];
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => to - from)];
    }
}
