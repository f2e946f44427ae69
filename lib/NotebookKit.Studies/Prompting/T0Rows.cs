using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>The paper's figures from an experiment's rows, ready for contrasts: medians over prompts, and the ranges of the middle half.</summary>
public static class T0Rows
{
    /// <summary>The metric: the median over prompts, of one data set or averaged over all of a kind.</summary>
    /// <param name="kind">What of the prompts is new.</param>
    /// <param name="dataset">The data set; null for the mean over all.</param>
    public static string Median(ZeroShotKind kind, string? dataset = null) => $"median, {Name(kind, dataset)}";

    /// <summary>The metric: Q3 − Q1 over prompts, of one data set or averaged over all of a kind.</summary>
    /// <inheritdoc cref="Median"/>
    public static string Range(ZeroShotKind kind, string? dataset = null) => $"range, {Name(kind, dataset)}";

    /// <summary>Medians and ranges of every run, by kind and by data set; all at step 0.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="normalisation">How answers were scored; None is T0's.</param>
    public static ResultRows Medians(ResultRows rows, LengthNormalisation normalisation = LengthNormalisation.None) => Medians(PromptAccuracy.Of(rows, normalisation));

    /// <summary>Medians and ranges of accuracies, such as <see cref="PromptAccuracy.Calibrated"/>.</summary>
    /// <param name="accuracies">The accuracies.</param>
    public static ResultRows Medians(IEnumerable<PromptAccuracy> accuracies) => new(accuracies
        .GroupBy(a => (a.Variant, a.Seed, a.Kind))
        .SelectMany(run =>
        {
            var sets = run.GroupBy(a => a.Dataset).Select(set => (Dataset: (string?)set.Key, Spread: PromptSpread.Of(set.Select(a => a.Accuracy)))).ToList();
            return sets.Select(set => (set.Dataset, set.Spread.Median, set.Spread.InterquartileRange))
                .Append((null, sets.Average(s => s.Spread.Median), sets.Average(s => s.Spread.InterquartileRange)))
                .SelectMany(set => new ResultRow[]
                {
                    new(run.Key.Variant, run.Key.Seed, 0, Median(run.Key.Kind, set.Item1), set.Item2),
                    new(run.Key.Variant, run.Key.Seed, 0, Range(run.Key.Kind, set.Item1), set.Item3),
                });
        }));

    /// <summary>
    /// Two variants where they answer each data set's first prompt equally well on validation rows, which both train: for each seed the better one's first check that reaches the other's
    /// best. The metric is the median over new wordings, averaged over data sets; all at step 0.
    /// </summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variant">One variant.</param>
    /// <param name="other">The other.</param>
    public static ResultRows AtEqualConvergence(ResultRows rows, string variant, string other)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var own = rows.Where(r => r.Variant == variant || r.Variant == other).ToLookup(r => (r.Variant, r.Seed));
        return new(own.Select(run => run.Key.Seed).Distinct().Where(seed => own[(variant, seed)].Any() && own[(other, seed)].Any()).SelectMany(seed =>
        {
            // level = min over the two variants of the best accuracy on first prompts
            double level = new[] { variant, other }.Min(v => Converged(v, seed).Max(r => r.Value));
            return new[] { variant, other }.Select(v =>
            {
                long step = Converged(v, seed).Where(r => r.Value >= level).Min(r => r.Step);
                var accuracies = own[(v, seed)].Where(r => r.Step == step && r.Metric.StartsWith(T0Comparison.AtCheck, StringComparison.Ordinal))
                    .Select(r => PromptAccuracy.Read(r with { Metric = r.Metric[T0Comparison.AtCheck.Length..] })).OfType<PromptAccuracy>();
                return new ResultRow(v, seed, 0, Median(ZeroShotKind.NewWording), PromptAccuracy.Spreads(accuracies).Single().Median);
            });
        }));

        IEnumerable<ResultRow> Converged(string v, int seed) => own[(v, seed)].Where(r => r.Metric == T0Comparison.FirstPrompts);
    }

    private static string Name(ZeroShotKind kind, string? dataset) => dataset is null ? kind.InWords() : $"{kind.InWords()}, {dataset}";
}
