using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>The accuracy of one run on one prompt: a row of an experiment with its metric's name taken apart.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Kind">What of the prompt is new.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Normalisation">How answers were scored.</param>
/// <param name="Accuracy">The share of right answers.</param>
public sealed record PromptAccuracy(string Variant, int Seed, ZeroShotKind Kind, string Dataset, string Prompt, LengthNormalisation Normalisation, double Accuracy)
{
    private const string Separator = " | ";

    /// <summary>The metric's name for a test.</summary>
    internal static string Metric(ZeroShotTest test, LengthNormalisation normalisation) => string.Join(Separator, test.Kind, test.Dataset, test.Prompt, normalisation);

    /// <summary>The metric's name for a test under calibration.</summary>
    internal static string CalibratedMetric(ZeroShotTest test) => string.Join(Separator, test.Kind, test.Dataset, test.Prompt, "Calibrated");

    /// <summary>The accuracies of calibrated scores, which only held-out sets and tasks have; their normalisation is none.</summary>
    /// <param name="rows">Rows; those of other metrics are passed over.</param>
    public static IReadOnlyList<PromptAccuracy> Calibrated(ResultRows rows) =>
        [.. rows.Where(r => r.Metric.EndsWith(Separator + "Calibrated", StringComparison.Ordinal)).Select(r => Read(r with { Metric = r.Metric.Replace("Calibrated", nameof(LengthNormalisation.None), StringComparison.Ordinal) })).OfType<PromptAccuracy>()];

    /// <summary>The accuracies among an experiment's rows.</summary>
    /// <param name="rows">Rows; those of other metrics are passed over.</param>
    /// <param name="normalisation">How answers were scored; None is T0's.</param>
    public static IReadOnlyList<PromptAccuracy> Of(ResultRows rows, LengthNormalisation normalisation = LengthNormalisation.None) =>
        [.. rows.Select(Read).OfType<PromptAccuracy>().Where(a => a.Normalisation == normalisation)];

    /// <summary>
    /// What the paper reports, for each run: the median over all prompts of a data set and the inter-quartile range, both averaged over the
    /// data sets.
    /// </summary>
    /// <param name="accuracies">Accuracies of one kind.</param>
    public static IReadOnlyList<RunSpread> Spreads(IEnumerable<PromptAccuracy> accuracies) =>
    [
        .. accuracies.GroupBy(a => (a.Variant, a.Seed)).Select(run =>
        {
            var spreads = run.GroupBy(a => a.Dataset).Select(set => PromptSpread.Of(set.Select(a => a.Accuracy))).ToList();
            return new RunSpread(run.Key.Variant, run.Key.Seed, spreads.Average(s => s.Median), spreads.Average(s => s.InterquartileRange), spreads.Count);
        }),
    ];

    internal static PromptAccuracy? Read(ResultRow row) =>
        row.Metric.Split(Separator) is [var kind, var dataset, var prompt, var normalisation]
        && Enum.TryParse(kind, out ZeroShotKind parsed) && Enum.TryParse(normalisation, out LengthNormalisation rule)
            ? new(row.Variant, row.Seed, parsed, dataset, prompt, rule, row.Value)
            : null;
}

/// <summary>One run in two numbers: how good it is on a typical prompt, and how much the prompt matters.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Median">Mean over data sets of the median accuracy over prompts.</param>
/// <param name="InterquartileRange">Mean over data sets of Q3 − Q1.</param>
/// <param name="Datasets">Number of data sets.</param>
public sealed record RunSpread(string Variant, int Seed, double Median, double InterquartileRange, int Datasets);
