using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// At which step a scheme reaches the score that another one ends with (Levine et al. 2021, Figure 1 and the abstract's "half of the training
/// time"). Both are trained on one schedule, so that a score in the middle is that of a rate which is still high: the paper's own caveat.
/// </summary>
/// <param name="Scheme">What is asked about.</param>
/// <param name="Baseline">Whose last score is to be reached.</param>
/// <param name="Metric">The score; more is better.</param>
/// <param name="Step">The step of the mean curve, linear between two checkpoints; infinite if it is never reached.</param>
/// <param name="Interval">The interval of that step over seeds (<see cref="Bootstrap"/>).</param>
/// <param name="Last">The last step.</param>
public sealed record CatchUp(string Scheme, string Baseline, string Metric, double Step, Interval Interval, long Last)
{
    /// <summary>The share of the training that it took; infinite if the score is never reached.</summary>
    public double Share => Step / Last;

    /// <summary>Finds the step.</summary>
    /// <param name="rows">The rows of an experiment with several checkpoints.</param>
    /// <param name="scheme">A variant.</param>
    /// <param name="baseline">Another one.</param>
    /// <param name="metric">A score.</param>
    /// <exception cref="ArgumentException">No row has the variants or the metric, or they share no seed.</exception>
    public static CatchUp Of(ResultRows rows, string scheme, string baseline, string metric)
    {
        ILookup<(string Variant, int Seed), ResultRow> runs = rows.Of(metric).OrderBy(r => r.Step).ToLookup(r => (r.Variant, r.Seed));
        List<Pair> pairs = [.. rows.Select(r => r.Seed).Distinct().Order()
            .Where(seed => runs.Contains((scheme, seed)) && runs.Contains((baseline, seed)))
            .Select(seed => new Pair([.. runs[(scheme, seed)]], runs[(baseline, seed)].Last().Value))];
        if (pairs.Count == 0) throw new ArgumentException($"'{scheme}' and '{baseline}' share no seed with '{metric}'.", nameof(scheme));
        return new(scheme, baseline, metric, StepOf(pairs), Bootstrap.Over(pairs, StepOf), pairs[0].Curve[^1].Step);
    }

    /// <summary>Where the mean curve of some seeds first reaches the mean of their last baseline scores.</summary>
    private static double StepOf(IReadOnlyList<Pair> pairs)
    {
        double target = pairs.Average(p => p.Target);
        (long Step, double Value)[] curve = [.. Enumerable.Range(0, pairs.Min(p => p.Curve.Length)).Select(i => (pairs[0].Curve[i].Step, pairs.Average(p => p.Curve[i].Value)))];
        for (int i = 0; i < curve.Length; i++)
        {
            if (curve[i].Value < target) continue;
            if (i == 0) return curve[0].Step;
            ((long from, double below), (long to, double above)) = (curve[i - 1], curve[i]);
            return from + (to - from) * (target - below) / (above - below);
        }
        return double.PositiveInfinity;
    }

    private sealed record Pair(ResultRow[] Curve, double Target);
}
