using System.Collections;
using MathNet.Numerics.Distributions;
using Microsoft.Data.Analysis;

namespace NotebookKit.Studies.Experiments;

/// <summary>The rows of an experiment, and the tables and series that are made of them. Variants and metrics keep their order of appearance.</summary>
/// <remarks>What a table does not know (the deviation of one seed, a variant without the metric) is NaN: a data frame's GroupBy and filters take a null for zero.</remarks>
public sealed class ResultRows : IReadOnlyList<ResultRow>
{
    private readonly IReadOnlyList<ResultRow> _rows;

    /// <summary>Takes the rows.</summary>
    /// <param name="rows">The rows.</param>
    public ResultRows(IEnumerable<ResultRow> rows) => _rows = [.. rows];

    /// <inheritdoc/>
    public ResultRow this[int index] => _rows[index];

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <summary>The variants in their order of appearance.</summary>
    public IReadOnlyList<string> Variants => [.. _rows.Select(r => r.Variant).Distinct()];

    /// <summary>The metrics in their order of appearance.</summary>
    public IReadOnlyList<string> Metrics => [.. _rows.Select(r => r.Metric).Distinct()];

    /// <summary>The rows of one metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentException">No row has it.</exception>
    public ResultRows Of(string metric) => new(_rows.Where(r => r.Metric == Known(metric)));

    /// <summary>All rows as a table: variant, seed, step, metric, value.</summary>
    public DataFrame ToFrame() => new(
        new StringDataFrameColumn("variant", _rows.Select(r => r.Variant)),
        new Int32DataFrameColumn("seed", _rows.Select(r => r.Seed)),
        new Int64DataFrameColumn("step", _rows.Select(r => r.Step)),
        new StringDataFrameColumn("metric", _rows.Select(r => r.Metric)),
        new DoubleDataFrameColumn("value", _rows.Select(r => r.Value)));

    /// <summary>One line for each variant, metric and step: mean, standard deviation (sd), standard error (se) and number of seeds (n).</summary>
    public DataFrame Summary()
    {
        var groups = _rows
            .GroupBy(r => (r.Variant, r.Metric, r.Step))
            .Select(g => (g.Key, Estimate: Estimate.Of([.. g.Select(r => r.Value)])))
            .ToList();
        return new(
            new StringDataFrameColumn("variant", groups.Select(g => g.Key.Variant)),
            new StringDataFrameColumn("metric", groups.Select(g => g.Key.Metric)),
            new Int64DataFrameColumn("step", groups.Select(g => g.Key.Step)),
            new DoubleDataFrameColumn("mean", groups.Select(g => g.Estimate.Mean)),
            new DoubleDataFrameColumn("sd", groups.Select(g => g.Estimate.Deviation)),
            new DoubleDataFrameColumn("se", groups.Select(g => g.Estimate.StandardError)),
            new Int32DataFrameColumn("n", groups.Select(g => g.Estimate.Count)));
    }

    /// <summary>
    /// Variants down, metrics across: a column with the mean and one with the standard deviation ("… sd") for each metric,
    /// and the number of seeds (n; the smallest where metrics differ in it).
    /// </summary>
    /// <param name="step">The step; null for each metric's last one. A variant that was not measured there has NaN, which a table shows as empty.</param>
    /// <param name="metrics">The metrics; all when empty.</param>
    /// <exception cref="ArgumentException">No row has one of the metrics.</exception>
    public DataFrame Pivot(long? step = null, params IReadOnlyList<string> metrics)
    {
        var columns = new List<DataFrameColumn> { new StringDataFrameColumn("variant", Variants) };
        var counts = Variants.ToDictionary(v => v, _ => int.MaxValue);
        foreach (var metric in metrics.Count > 0 ? metrics : Metrics)
        {
            var rows = Of(metric);
            var at = step ?? rows.Max(r => r.Step);
            var estimates = Variants.Select(v => rows.At(v, at)).ToList();
            foreach (var (variant, estimate) in Variants.Zip(estimates))
                if (estimate is { } known) counts[variant] = Math.Min(counts[variant], known.Count);
            columns.Add(new DoubleDataFrameColumn(metric, estimates.Select(e => e?.Mean ?? double.NaN)));
            columns.Add(new DoubleDataFrameColumn($"{metric} sd", estimates.Select(e => e?.Deviation ?? double.NaN)));
        }
        columns.Add(new Int32DataFrameColumn("n", Variants.Select(v => counts[v] == int.MaxValue ? 0 : counts[v])));
        return new(columns);
    }

    /// <summary>
    /// How each variant differs from a baseline in one metric, seed by seed: the mean of the paired differences, their standard
    /// deviation (sd) and error (se), and the number of seeds that both have. Pairing removes what a seed does to both.
    /// </summary>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step; null for the metric's last one.</param>
    /// <exception cref="ArgumentException">No row has the baseline or the metric.</exception>
    public DataFrame Against(string baseline, string metric, long? step = null)
    {
        if (!Variants.Contains(baseline)) throw new ArgumentException($"There is no variant '{baseline}'; there are {string.Join(", ", Variants)}.", nameof(baseline));
        var rows = Of(metric);
        var at = step ?? rows.Max(r => r.Step);
        var reference = rows.Where(r => r.Variant == baseline && r.Step == at).ToDictionary(r => r.Seed, r => r.Value);
        var lines = Variants
            .Where(v => v != baseline)
            .Select(v => (Variant: v, Differences: rows.Where(r => r.Variant == v && r.Step == at && reference.ContainsKey(r.Seed)).Select(r => r.Value - reference[r.Seed]).ToList()))
            .Where(l => l.Differences.Count > 0)
            .Select(l => (l.Variant, Estimate: Estimate.Of(l.Differences)))
            .ToList();
        return new(
            new StringDataFrameColumn("variant", lines.Select(l => l.Variant)),
            new DoubleDataFrameColumn($"{metric} minus {baseline}", lines.Select(l => l.Estimate.Mean)),
            new DoubleDataFrameColumn("sd", lines.Select(l => l.Estimate.Deviation)),
            new DoubleDataFrameColumn("se", lines.Select(l => l.Estimate.StandardError)),
            new Int32DataFrameColumn("n", lines.Select(l => l.Estimate.Count)));
    }

    /// <summary>The mean over seeds of one variant in one metric.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step; null for the metric's last one.</param>
    /// <exception cref="ArgumentException">No row has the variant or the metric.</exception>
    public double Mean(string variant, string metric, long? step = null) =>
        At(Variants.Contains(variant) ? variant : throw new ArgumentException($"There is no variant '{variant}'; there are {string.Join(", ", Variants)}.", nameof(variant)),
            metric, step ?? Of(metric).Max(r => r.Step)) is { } estimate ? estimate.Mean : double.NaN;

    /// <summary>Every variant against a baseline in one metric, paired by seed.</summary>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step; null for the metric's last one.</param>
    /// <param name="variants">The variants that are compared; all others when left out. Only these count as comparisons.</param>
    /// <exception cref="ArgumentException">No row has the baseline or the metric, or a variant shares no seed with it.</exception>
    public Contrasts Contrasts(string baseline, string metric, long? step = null, IReadOnlyList<string>? variants = null) =>
        new((variants ?? [.. Of(metric).Variants.Where(v => v != baseline)]).Select(v => Contrast(v, baseline, metric, step)));

    /// <summary>One variant against another in one metric, paired by seed.</summary>
    /// <param name="variant">What is compared.</param>
    /// <param name="baseline">What it is compared with.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step; null for the metric's last one.</param>
    /// <exception cref="ArgumentException">No row has the variant, the baseline or the metric, or the two share no seed.</exception>
    public Contrast Contrast(string variant, string baseline, string metric, long? step = null)
    {
        foreach (var name in (string[])[variant, baseline])
            if (!Variants.Contains(name)) throw new ArgumentException($"There is no variant '{name}'; there are {string.Join(", ", Variants)}.", nameof(variant));
        var rows = Of(metric);
        var at = step ?? rows.Max(r => r.Step);
        Dictionary<int, double> BySeed(string of) => rows.Where(r => r.Variant == of && r.Step == at).ToDictionary(r => r.Seed, r => r.Value);
        var (values, reference) = (BySeed(variant), BySeed(baseline));
        var differences = values.Where(v => reference.ContainsKey(v.Key)).ToDictionary(v => v.Key, v => v.Value - reference[v.Key]);
        return differences.Count > 0
            ? new(variant, baseline, metric, differences)
            : throw new ArgumentException($"'{variant}' and '{baseline}' share no seed with '{metric}' at step {at}.", nameof(variant));
    }

    /// <summary>Mean and spread of one metric at every step, for each variant.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentException">No row has it.</exception>
    public IReadOnlyList<Series> Series(string metric) =>
    [
        .. Of(metric).GroupBy(r => r.Variant).Select(variant => new Series(
            variant.Key,
            [.. variant.GroupBy(r => r.Step).OrderBy(g => g.Key).Select(g => (g.Key, Estimate.Of([.. g.Select(r => r.Value)])))])),
    ];

    /// <inheritdoc/>
    public IEnumerator<ResultRow> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Estimate? At(string variant, string metric, long step) => Of(metric).At(variant, step);

    private Estimate? At(string variant, long step) =>
        _rows.Where(r => r.Variant == variant && r.Step == step).Select(r => r.Value).ToList() is { Count: > 0 } values ? Estimate.Of(values) : null;

    private string Known(string metric) => _rows.Any(r => r.Metric == metric)
        ? metric
        : throw new ArgumentException($"There is no metric '{metric}'; there are {string.Join(", ", Metrics)}.", nameof(metric));
}

/// <summary>One variant over steps.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Points">Step, mean and spread, by ascending step.</param>
public sealed record Series(string Variant, IReadOnlyList<(long Step, Estimate Value)> Points);

/// <summary>One measurement with the variant and the seed of its run: what tables and figures are made of.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The training step at which it was taken; 0 where there are none.</param>
/// <param name="Metric">What was measured, with its unit where it has one.</param>
/// <param name="Value">The value; NaN where a run diverged.</param>
public sealed record ResultRow(string Variant, int Seed, long Step, string Metric, double Value);

/// <summary>Mean and spread of one metric over seeds, to conclude from: one seed leaves the spread unknown, where the display's Spread draws none.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample standard deviation, with n − 1; NaN for a single seed, which says nothing of the spread.</param>
/// <param name="Count">The number of seeds.</param>
public readonly record struct Estimate(double Mean, double Deviation, int Count)
{
    /// <summary>The standard error of the mean, s / √n.</summary>
    public double StandardError => Deviation / Math.Sqrt(Count);

    /// <summary>x̄ ± t · s / √n, with Student's t at n − 1 degrees of freedom: for 95 % and three seeds 4.3 standard errors, not 2.</summary>
    /// <param name="level">The level, between 0 and 1.</param>
    public Interval Interval(double level = 0.95)
    {
        // One value, or values that are all the same, say nothing of the spread.
        if (!(StandardError > 0)) return new(double.NaN, double.NaN, level);
        var reach = StudentT.InvCDF(0, 1, Count - 1, (1 + level) / 2) * StandardError;
        return new(Mean - reach, Mean + reach, level);
    }

    /// <summary>The estimate from the values of the seeds.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("There is no value to take a mean of.", nameof(values));
        var mean = values.Average();
        // s² = Σ (x − x̄)² / (n − 1)
        var deviation = values.Count == 1 ? double.NaN : Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Count - 1));
        return new(mean, deviation, values.Count);
    }
}
