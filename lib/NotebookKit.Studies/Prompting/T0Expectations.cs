using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// What was expected before the runs that are committed, from probes with one to three seeds (numbers in the texts). Written on 30 November 2026, before the first of those runs; whatever comes
/// out is printed beside it.
/// </summary>
public static class T0Expectations
{
    /// <summary>The sets and tasks that are held out and can be answered from the input.</summary>
    internal static IReadOnlyList<(ZeroShotKind Kind, string Dataset)> HeldOut { get; } =
    [
        (ZeroShotKind.HeldOutDataset, "api_docs/type_name"), (ZeroShotKind.HeldOutTask, "api_docs/returns_of"), (ZeroShotKind.HeldOutTask, "api_docs/same_type_text"),
    ];

    /// <summary>The expectations.</summary>
    public static IReadOnlyList<Expectation> All { get; } =
    [
        new("t0-prompts", "Training on prompts carries over to a held-out data set of a trained task (+6 points over p = 0)", "an interval of all prompts − p = 0 that is not above 0",
            rows => Medians(rows, T0Experiments.All, T0Experiments.NoPrompt, HeldOut[0]), Finding.Above),
        new("t0-prompts", "and to a held-out task, which return text belongs to a summary (+10)", "the same",
            rows => Medians(rows, T0Experiments.All, T0Experiments.NoPrompt, HeldOut[1]), Finding.Above),
        new("t0-prompts", "and to which of two texts is on the same type (+5)", "the same",
            rows => Medians(rows, T0Experiments.All, T0Experiments.NoPrompt, HeldOut[2]), Finding.Above),
        new("t0-prompts", "Yes or no stays at chance", "an interval of all prompts − p = 0 that is above 0",
            rows => Medians(rows, T0Experiments.All, T0Experiments.NoPrompt, (ZeroShotKind.HeldOutTask, "api_docs/same_member")), Finding.Level),
        new("t0-prompts", "More prompts than one help on new wordings of trained sets (+8 and +1 in two seeds)", "an interval of all prompts − one prompt that is below 0",
            rows => Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.OnePrompt, T0Rows.Median(ZeroShotKind.NewWording)), Finding.Above),
        new("t0-prompts", "Prompts that ask for something else cost a little here: they take a seventh of the training", "an interval of all prompts − original-task prompts that is above 0",
            rows => Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.Original, T0Rows.Median(ZeroShotKind.NewWording)), Finding.Below),
        new("t0-controls", "Without matching in the start, less is learnt of it from prompts in so few steps", "an interval of the two trained variants that is not above 0",
            rows => Medians(rows, T0Experiments.All, T0Experiments.AllNoMatching, HeldOut[0]), Finding.Above),
        new("t0-datasets", "With distinct examples held equal, more data sets help on the held-out one a little or not at all", "an interval of d = 8 − d = 1 that is below 0",
            rows => Medians(rows, T0Experiments.DatasetsOf(8), T0Experiments.DatasetsOf(1), HeldOut[0]), Finding.Above),
        new("t0-sizes", "The wider model gains more from prompts", "an interval of the difference of gains that is below 0",
            rows => Gain(rows, HeldOut[0]), Finding.Above),
        new("t0-real", "T0's held-out tasks stay at chance at this size", "a mean of medians over the held-out tasks that is above p = 0",
            rows => Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.NoPrompt, T0Rows.Median(ZeroShotKind.HeldOutTask)), Finding.Level),
        new("t0-real", "All prompts against one: more on new wordings of trained sets (+11 and +14 in two seeds of a longer run)", "an interval of all prompts − one prompt that is not above 0",
            rows => Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.OnePrompt, T0Rows.Median(ZeroShotKind.NewWording)), Finding.Above),
    ];

    /// <summary>Two variants in the median over the prompts of one data set; null if one of them was not run.</summary>
    internal static Contrast? Medians(ResultRows rows, string variant, string baseline, (ZeroShotKind Kind, string Dataset) set) =>
        Between(T0Rows.Medians(rows), variant, baseline, T0Rows.Median(set.Kind, set.Dataset));

    /// <summary>Two variants in one metric; null if one of them was not run. Within three points they are called level if the interval says so.</summary>
    internal static Contrast? Between(ResultRows rows, string variant, string baseline, string metric) =>
        rows.Variants.Contains(variant) && rows.Variants.Contains(baseline) && rows.Metrics.Contains(metric) ? rows.Contrast(variant, baseline, metric) with { Margin = 0.03 } : null;

    /// <summary>What prompts give the full width beyond what they give half of it.</summary>
    internal static Contrast? Gain(ResultRows rows, (ZeroShotKind, string) set) =>
        Medians(rows, T0Experiments.AllFull, T0Experiments.NoneFull, set) is { } full && Medians(rows, T0Experiments.AllHalf, T0Experiments.NoneHalf, set) is { } half ? full.Minus(half) : null;
}
