using Microsoft.Data.Analysis;
using NotebookKit.Display;
using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>Tables and figures of the rows of a prompted training, in per cent.</summary>
public static class PromptReport
{
    /// <summary>One point for each tested prompt of a data set: its accuracy, averaged over seeds. The group is the data set, the series the variant.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variants">The variants, in the order in which they are to be drawn; those without rows are passed over.</param>
    /// <param name="kinds">What of the prompts is new.</param>
    public static IReadOnlyList<Sample> Samples(this ResultRows rows, IReadOnlyList<string> variants, params IReadOnlyList<ZeroShotKind> kinds)
    {
        var known = PromptAccuracy.Of(rows).Where(a => kinds.Contains(a.Kind)).ToLookup(a => a.Variant);
        return
        [
            .. from variant in variants
               from prompt in known[variant].GroupBy(a => (a.Dataset, a.Prompt))
               select new Sample(Short(prompt.Key.Dataset), 100 * prompt.Average(a => a.Accuracy), prompt.Key.Prompt, variant),
        ];
    }

    /// <summary>Chance, majority and overlap of each data set, medians over its tested prompts: the lines that the points of <see cref="Samples"/> must be read against.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="kinds">What of the prompts is new.</param>
    public static IReadOnlyList<Reference> References(this ResultRows rows, params IReadOnlyList<ZeroShotKind> kinds) =>
    [
        .. from line in T0Summary.Of(rows)
           where kinds.Contains(line.Kind)
           from level in new[] { (line.Chance, "chance"), (line.Majority, "majority"), (line.Overlap, "overlap") }
           select new Reference(Short(line.Dataset), 100 * level.Item1, level.Item2),
    ];

    /// <summary>Medians over prompts with half their 95 % interval over seeds, a panel for each data set, with its chance level.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variants">The variants, in the order in which they are shown.</param>
    /// <param name="caption">What the figure shows.</param>
    /// <param name="kinds">What of the prompts is new.</param>
    public static Figure Scores(this ResultRows rows, IReadOnlyList<string> variants, string caption, params IReadOnlyList<ZeroShotKind> kinds)
    {
        var medians = T0Rows.Medians(rows);
        var sets = PromptAccuracy.Of(rows).Where(a => kinds.Contains(a.Kind)).Select(a => (a.Kind, a.Dataset)).Distinct().ToList();
        return Draw.Scores(
            from set in sets
            from variant in variants
            let score = Of(medians, variant, T0Rows.Median(set.Kind, set.Dataset))
            where score is not null
            select new Bar(Short(set.Dataset), variant, 100 * score.Value.Mean, 100 * (Half(score) ?? 0)),
            "accuracy, %", caption, rows.References(kinds).Where(line => line.Label == "chance"));
    }

    /// <summary>A line for each variant and a column for each kind: the mean over data sets of the median over prompts, ± half the 95 % interval over seeds.</summary>
    /// <inheritdoc cref="Scores"/>
    public static Table Kinds(this ResultRows rows, IEnumerable<string> variants, string caption, params IReadOnlyList<ZeroShotKind> kinds)
    {
        var medians = T0Rows.Medians(rows);
        string[] shown = [.. variants.Where(medians.Variants.Contains)];
        ZeroShotKind[] known = [.. kinds.Where(kind => medians.Metrics.Contains(T0Rows.Median(kind)))];
        var columns = known.SelectMany(kind =>
        {
            Estimate?[] scores = [.. shown.Select(variant => Of(medians, variant, T0Rows.Median(kind)))];
            return new[] { new DoubleDataFrameColumn(kind.InWords(), scores.Select(s => 100 * s?.Mean)), new DoubleDataFrameColumn(kind.InWords() + " ±", scores.Select(s => 100 * Half(s))) };
        });
        return known.Aggregate(
            new DataFrame([new StringDataFrameColumn("variant", shown), .. columns]).AsTable(caption).WithDecimals(1),
            (table, kind) => table.WithDeviation(kind.InWords(), kind.InWords() + " ±"));
    }

    /// <summary>A line for each data set: chance, majority and overlap beside the medians of some variants.</summary>
    /// <inheritdoc cref="Scores"/>
    public static Table Lines(this ResultRows rows, IReadOnlyList<string> variants, string caption, params IReadOnlyList<ZeroShotKind> kinds) =>
        T0Summary.ToFrame(T0Summary.Of(rows).Where(line => kinds.Contains(line.Kind)), variants).AsTable(caption);

    /// <summary>How far each variant has learnt at its checks, and what it answers on new wordings there: means over data sets and seeds.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="caption">What the figure shows.</param>
    public static Figure Progress(this ResultRows rows, IReadOnlyList<string> variants, string caption) => Draw.Points(
        from variant in variants
        from check in rows.Where(r => r.Variant == variant && (r.Metric == T0Comparison.FirstPrompts || r.Metric.StartsWith(T0Comparison.AtCheck, StringComparison.Ordinal))).GroupBy(r => r.Step).OrderBy(g => g.Key)
        let learnt = check.Where(r => r.Metric == T0Comparison.FirstPrompts).ToList()
        let wordings = check.Where(r => r.Metric != T0Comparison.FirstPrompts).ToList()
        where learnt.Count > 0 && wordings.Count > 0
        select new Point(variant, 100 * learnt.Average(r => r.Value), 100 * wordings.Average(r => r.Value), 0, 0, $"{check.Key:N0}"),
        "first prompts on validation rows, %", "new wordings, %", caption, joined: true);

    /// <summary>What a rule of scoring makes of one variant: a line for each kind, T0's sum beside the mean over tokens, the mean over bytes, and the calibrated score.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="caption">What the table shows.</param>
    /// <param name="kinds">What of the prompts is new.</param>
    public static Table Rules(this ResultRows rows, string variant, string caption, params IReadOnlyList<ZeroShotKind> kinds)
    {
        (string Name, ResultRows Medians)[] rules =
        [
            ("sum (T0)", T0Rows.Medians(rows)), ("per token", T0Rows.Medians(rows, LengthNormalisation.PerToken)),
            ("per byte", T0Rows.Medians(rows, LengthNormalisation.PerByte)), ("calibrated", T0Rows.Medians(PromptAccuracy.Calibrated(rows))),
        ];
        ZeroShotKind[] known = [.. kinds.Where(kind => Of(rules[0].Medians, variant, T0Rows.Median(kind)) is not null)];
        return new DataFrame(
        [
            new StringDataFrameColumn("test", known.Select(kind => kind.InWords())),
            .. rules.Select(rule => new DoubleDataFrameColumn(rule.Name, known.Select(kind => 100 * Of(rule.Medians, variant, T0Rows.Median(kind))?.Mean))),
        ]).AsTable(caption).WithDecimals(1);
    }

    /// <summary>A contrast of medians or ranges as a sentence, in points of a hundred. Within three points, two variants are level if the interval says so.</summary>
    /// <param name="medians">The rows of <see cref="T0Rows"/>.</param>
    /// <param name="variant">What is compared.</param>
    /// <param name="baseline">What it is compared with.</param>
    /// <param name="metric">The metric, such as <c>T0Rows.Median(ZeroShotKind.NewWording)</c>.</param>
    public static string Points(this ResultRows medians, string variant, string baseline, string metric)
    {
        var contrast = new ResultRows(medians.Select(r => r with { Value = 100 * r.Value })).Contrast(variant, baseline, metric) with { Margin = 3 };
        return contrast.ToString().Replace(contrast.Estimated(), contrast.Estimated(1).Replace(" (", " points (", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Estimate? Of(ResultRows medians, string variant, string metric)
    {
        double[] values = [.. medians.Where(r => r.Variant == variant && r.Metric == metric).Select(r => r.Value)];
        return values.Length == 0 ? null : Estimate.Of(values);
    }

    /// <summary>Half the 95 % interval; null for one seed.</summary>
    private static double? Half(Estimate? estimate) => estimate is { Count: > 1 } known && known.Interval() is { IsKnown: true } interval ? (interval.High - interval.Low) / 2 : null;

    private static string Short(string dataset) => dataset.Split('/', 2)[^1];
}
