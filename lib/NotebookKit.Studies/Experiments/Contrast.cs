using System.Globalization;
using MathNet.Numerics.Distributions;

namespace NotebookKit.Studies.Experiments;

/// <summary>What the interval of a contrast says.</summary>
public enum Finding
{
    /// <summary>The interval reaches beyond what counts as level, on the side of 0 or on both: nothing is shown either way.</summary>
    Open,

    /// <summary>The whole interval is above 0.</summary>
    Above,

    /// <summary>The whole interval is below 0.</summary>
    Below,

    /// <summary>The whole interval lies within the margin: no difference that matters.</summary>
    Level,
}

/// <summary>
/// A variant against a baseline, paired: the difference of each seed (or of each edited fact), their mean, and an interval by Student's t
/// with n − 1 degrees of freedom. Pairing removes what a seed does to both.
/// </summary>
/// <param name="Variant">What is compared.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="Differences">The value of the variant less that of the baseline, for each seed that both have.</param>
public sealed record Contrast(string Variant, string Baseline, string Metric, IReadOnlyDictionary<int, double> Differences)
{
    /// <summary>What a pair is, in the plural: seeds, edits.</summary>
    public string Pairs { get; init; } = "seeds";

    /// <summary>The level of the interval.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The largest difference, in units of the metric, that counts as none; 0 where nothing does.</summary>
    public double Margin { get; init; }

    /// <summary>Mean, deviation and number of the differences.</summary>
    public Estimate Difference => Estimate.Of([.. Differences.Values]);

    /// <summary>n − 1.</summary>
    public int DegreesOfFreedom => Differences.Count - 1;

    /// <summary>t = d̄ / (s / √n); NaN for one pair, or where all pairs differ by the same, which says nothing of the spread.</summary>
    public double T => Difference.StandardError is > 0 and var error ? Difference.Mean / error : double.NaN;

    /// <summary>The two-sided p of <see cref="T"/> for this contrast alone; NaN where t is.</summary>
    public double P => double.IsNaN(T) ? double.NaN : 2 * StudentT.CDF(0, 1, DegreesOfFreedom, -Math.Abs(T));

    /// <summary>The interval of the mean difference.</summary>
    public Interval Interval => Difference.Interval(Level);

    /// <summary>What the interval says; level comes first, so a difference that is certain but smaller than the margin is none.</summary>
    public Finding Finding => Interval switch
    {
        var i when Margin > 0 && i.IsWithin(Margin) => Finding.Level,
        { Low: > 0 } => Finding.Above,
        { High: < 0 } => Finding.Below,
        _ => Finding.Open,
    };

    /// <summary>This contrast less another one, pair by pair: does the effect change with what tells the two apart?</summary>
    /// <param name="other">A contrast in the same metric or a like one.</param>
    /// <exception cref="ArgumentException">They have no seed in common.</exception>
    public Contrast Minus(Contrast other)
    {
        var common = Differences.Keys.Where(other.Differences.ContainsKey).ToDictionary(seed => seed, seed => Differences[seed] - other.Differences[seed]);
        if (common.Count == 0) throw new ArgumentException($"{Name} and {other.Name} have none of the {Pairs} in common.", nameof(other));
        return this with { Variant = $"({Name})", Baseline = $"({other.Name})", Differences = common };
    }

    /// <summary>Both sides: <c>PMI − random token</c>.</summary>
    public string Name => $"{Variant} − {Baseline}";

    /// <summary>The estimate with its interval: <c>+0.058 (95 % interval −0.041 to 0.157; 3 seeds, t(2) = 2.54, p = 0.13)</c>.</summary>
    /// <param name="decimals">Digits after the point.</param>
    public string Estimated(int decimals = 3) => Difference.Mean is var mean && Differences.Count == 1
        ? $"{Sign(mean)}{Interval.Number(mean, decimals)} (one of the {Pairs}: no interval)"
        : $"{Sign(mean)}{Interval.Number(mean, decimals)} ({100 * Level:0.#} % interval {Interval.ToString(decimals)}; {Differences.Count} {Pairs}, "
            + (double.IsNaN(T) ? "no spread among them)" : string.Create(CultureInfo.InvariantCulture, $"t({DegreesOfFreedom}) = {Interval.Number(T, 2)}, p {Rounded(P)})"));

    /// <summary>The contrast as a sentence: who, by how much, and what that shows.</summary>
    public override string ToString() => $"{Variant} against {Baseline}, {Metric}: {Estimated()}: {Finding switch
    {
        Finding.Above => "above",
        Finding.Below => "below",
        Finding.Level => $"level within {Margin.ToString(CultureInfo.InvariantCulture)}",
        _ => Margin > 0 ? $"neither apart nor level within {Margin.ToString(CultureInfo.InvariantCulture)}" : "not told apart",
    }}.";

    private static string Sign(double value) => value > 0 ? "+" : "";

    private static string Rounded(double p) => p < 0.001 ? "< 0.001" : "= " + p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
