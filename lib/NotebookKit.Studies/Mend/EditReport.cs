using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Analysis;
using NotebookKit.Display;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Mend;

/// <summary>Tables, figures and sentences from the rows of an editing experiment.</summary>
public static class EditReport
{
    /// <summary>
    /// One line for each editor at the setting that was chosen for it: the setting, success and damage with half their 95 % interval over the
    /// seeds, KL at the same questions, forward and backward passes of an edit.
    /// </summary>
    /// <param name="rows">The rows of <see cref="MendComparison.Compare"/>.</param>
    /// <param name="damage">The metric of the damage, such as "drawdown, same relation".</param>
    /// <param name="caption">What the table shows.</param>
    public static Table Scores(this ResultRows rows, string damage, string caption)
    {
        IReadOnlyList<string> chosen = MendChoice.Of(rows);
        string kl = "divergence, " + damage.Split(", ")[^1];
        Estimate?[] Of(string metric) => [.. chosen.Select(variant => Last(rows, variant, metric))];
        Estimate?[] success = Of("success"), cost = Of(damage);
        DataFrame frame = new(
            new StringDataFrameColumn("editor", chosen.Select(MendChoice.Editor)),
            new StringDataFrameColumn("setting", chosen.Select(Setting)),
            new DoubleDataFrameColumn("success", success.Select(e => e?.Mean)), new DoubleDataFrameColumn("success ±", success.Select(Half)),
            new DoubleDataFrameColumn(damage, cost.Select(e => e?.Mean)), new DoubleDataFrameColumn($"{damage} ±", cost.Select(Half)),
            new DoubleDataFrameColumn("KL", Of(kl).Select(e => e?.Mean)),
            new DoubleDataFrameColumn("passes", Of("steps").Select(e => e?.Mean)));
        return frame.AsTable(caption).WithDeviation("success", "success ±").WithDeviation(damage, $"{damage} ±").WithDecimals(1, "passes").WithDecimals(4, "KL");
    }

    /// <summary>Success against damage, every setting a point, the settings of one editor in one colour.</summary>
    /// <inheritdoc cref="Scores"/>
    /// <param name="rows">The rows.</param>
    /// <param name="damage">The metric of the damage.</param>
    /// <param name="caption">What the figure shows.</param>
    /// <param name="most">Settings with more damage are left out; the table has them.</param>
    public static Figure TradeOff(this ResultRows rows, string damage, string caption, double most = double.PositiveInfinity) => Draw.Points(
        from variant in rows.Variants
        let x = Last(rows, variant, damage)
        let y = Last(rows, variant, "success")
        where x is not null && y is not null && x.Value.Mean <= most
        select new Point(MendChoice.Editor(variant), x.Value.Mean, 100 * y.Value.Mean, 0, 100 * (Half(y) ?? 0), variant),
        damage, "success on rephrasings, %", caption);

    /// <summary>A metric after 1, 5, 25, … edits, a curve for each editor.</summary>
    /// <param name="rows">The rows of <see cref="MendComparison.CompareSeries"/> or <see cref="MendComparison.CompareBatches"/>.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="y">What the axis says.</param>
    /// <param name="caption">What the figure shows.</param>
    public static Figure AfterEdits(this ResultRows rows, string metric, string y, string caption) => Draw.Curves(
        from variant in rows.Variants.GroupBy(v => v.Split(", k = ")[0])
        let steps = rows.Where(r => variant.Contains(r.Variant) && r.Metric == metric).GroupBy(r => r.Step).OrderBy(g => g.Key).ToList()
        where steps.Count > 0
        select new Curve(variant.Key, [.. steps.Select(s => (double)s.Key)], [.. steps.Select(s => s.Average(r => r.Value))]),
        "edits", y, caption, logX: true);

    /// <summary>Every variant's means in some metrics, without choosing.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="caption">What the table shows.</param>
    /// <param name="metrics">At most five.</param>
    public static Table Means(this ResultRows rows, string caption, params IReadOnlyList<string> metrics) => new DataFrame(
    [
        new StringDataFrameColumn("variant", rows.Variants),
        .. metrics.Select(metric => (DataFrameColumn)new DoubleDataFrameColumn(metric, rows.Variants.Select(variant => Last(rows, variant, metric)?.Mean))),
    ]).AsTable(caption);

    /// <summary>Success in per cent of the chosen settings of some committed runs, as bars.</summary>
    /// <param name="runs">What a group is called, and its run; a run that is not there has no bars.</param>
    public static IReadOnlyList<Bar> Successes(params IReadOnlyList<(string Group, ResultFile? Run)> runs) =>
    [
        .. from run in runs
           where run.Run is not null
           let rows = MendChoice.Chosen(run.Run.Rows)
           from editor in rows.Variants
           let success = Last(rows, editor, "success")
           where success is not null
           select new Bar(run.Group, editor, 100 * success.Value.Mean, 100 * (Half(success) ?? 0)),
    ];

    /// <summary>Which of the other editors is nearest to one in a metric, at the chosen settings, in a sentence.</summary>
    /// <param name="run">The committed run, or null.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="metric">The metric.</param>
    public static string Nearest(ResultFile? run, string editor, string metric)
    {
        if (run is null) return "No run is committed yet.";
        ResultRows rows = MendChoice.Chosen(run.Rows);
        double own = Last(rows, editor, metric)?.Mean ?? double.NaN;
        var near = rows.Variants.Where(v => v != editor).Select(v => (Name: v, Value: Last(rows, v, metric)?.Mean ?? double.NaN)).MinBy(v => Math.Abs(v.Value - own));
        return string.Create(CultureInfo.InvariantCulture, $"{near.Name}: {near.Value:0.000} beside {editor}'s {own:0.000} ({metric}; preset {run.Preset}).");
    }

    /// <summary>How long one thing takes beside another: five ratios of medians of fifteen turns each, in ascending order.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static IReadOnlyList<double> Ratios(Action one, Action other)
    {
        static double Median(Action run) => Enumerable.Range(0, 15).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).Order().ElementAt(7);
        return [.. Enumerable.Range(0, 5).Select(_ => Median(one) / Median(other)).Order()];
    }

    /// <summary>Two sentences: one editor against another in success and in damage, paired by seed, at the settings chosen for both.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="rival">The other one.</param>
    /// <param name="damage">The metric of the damage.</param>
    public static string Against(this ResultRows rows, string editor, string rival, string damage)
    {
        ResultRows chosen = MendChoice.Chosen(rows);
        return string.Join(' ', new[] { "success", damage }.Select(metric => Between(chosen, editor, rival, metric)?.ToString() ?? $"{editor} against {rival}: not run."));
    }

    /// <summary>One editor less another in a metric at step 0, paired by seed; null where one of them was not run.</summary>
    internal static Contrast? Between(ResultRows rows, string editor, string rival, string metric, long? step = null)
    {
        Dictionary<int, double> Of(string variant) => rows.Where(r => r.Variant == variant && r.Metric == metric && (step is null || r.Step == step)).GroupBy(r => r.Seed).ToDictionary(g => g.Key, g => g.Last().Value);
        (Dictionary<int, double> a, Dictionary<int, double> b) = (Of(editor), Of(rival));
        Dictionary<int, double> differences = a.Keys.Where(b.ContainsKey).ToDictionary(seed => seed, seed => a[seed] - b[seed]);
        return differences.Count == 0 ? null : new Contrast(editor, rival, metric, differences);
    }

    internal static Estimate? Last(ResultRows rows, string variant, string metric)
    {
        double[] values = [.. rows.Where(r => r.Variant == variant && r.Metric == metric).GroupBy(r => r.Seed).Select(seed => seed.Last().Value)];
        return values.Length == 0 ? null : Estimate.Of(values);
    }

    private static string Setting(string variant) => variant.Split(" @ ") is [_, var setting] ? setting : "";

    /// <summary>Half the 95 % interval; null for one seed.</summary>
    private static double? Half(Estimate? estimate) => estimate is { Count: > 1 } known && known.Interval() is { IsKnown: true } interval ? (interval.High - interval.Low) / 2 : null;
}
