using Microsoft.Data.Analysis;
using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>One data set under one kind of test: what needs no model beside what the variants reach, all of them medians over the same prompts.</summary>
/// <param name="Kind">What of its prompts is new.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Prompts">How many prompts.</param>
/// <param name="Chance">Guessing.</param>
/// <param name="Majority">The choice that is most often right.</param>
/// <param name="Overlap">The choice that shares the most stems with the text.</param>
/// <param name="Medians">For each variant the median over prompts, averaged over seeds.</param>
/// <param name="Ranges">For each variant Q3 − Q1 over prompts, averaged over seeds.</param>
public sealed record T0Summary(
    ZeroShotKind Kind, string Dataset, int Prompts, double Chance, double Majority, double Overlap, IReadOnlyDictionary<string, double> Medians, IReadOnlyDictionary<string, double> Ranges)
{
    /// <summary>A line for every data set and kind, read against the run's own test examples.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    public static IReadOnlyList<T0Summary> Of(ResultRows rows) => Of(rows, PromptBaselines.Of(rows));

    /// <summary>A line for every data set and kind, in the order of the tests.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="baselines">The lines of <see cref="T0Comparison.Baselines"/>.</param>
    /// <param name="normalisation">How answers were scored; None is T0's.</param>
    public static IReadOnlyList<T0Summary> Of(ResultRows rows, IReadOnlyList<PromptBaselines> baselines, LengthNormalisation normalisation = LengthNormalisation.None)
    {
        var lines = baselines.ToDictionary(b => (b.Dataset, b.Prompt));
        return [.. PromptAccuracy.Of(rows, normalisation).GroupBy(a => (a.Kind, a.Dataset)).Select(set =>
        {
            var known = set.Select(a => a.Prompt).Distinct().Where(p => lines.ContainsKey((set.Key.Dataset, p))).Select(p => lines[(set.Key.Dataset, p)]).ToList();
            var spreads = set.GroupBy(a => (a.Variant, a.Seed)).Select(run => (run.Key.Variant, Spread: PromptSpread.Of(run.Select(a => a.Accuracy)))).ToLookup(r => r.Variant, r => r.Spread);
            return new T0Summary(set.Key.Kind, set.Key.Dataset, set.Select(a => a.Prompt).Distinct().Count(),
                Median(b => b.Chance), Median(b => b.Majority), Median(b => b.Overlap),
                spreads.ToDictionary(v => v.Key, v => v.Average(s => s.Median)), spreads.ToDictionary(v => v.Key, v => v.Average(s => s.InterquartileRange)));

            double Median(Func<PromptBaselines, double> of) => known.Count == 0 ? double.NaN : PromptSpread.Of(known.Select(of)).Median;
        })];
    }

    /// <summary>A table in percent: data set, the three lines in one column (chance / majority / overlap), and a column for each variant.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="variants">At most four, so that the table stays readable.</param>
    public static DataFrame ToFrame(IEnumerable<T0Summary> lines, params IReadOnlyList<string> variants)
    {
        T0Summary[] shown = [.. lines];
        return new(
        [
            new StringDataFrameColumn("data set", shown.Select(s => s.Dataset.Replace("api_docs/", "", StringComparison.Ordinal))),
            new StringDataFrameColumn("chance / majority / overlap", shown.Select(s => $"{Percent(s.Chance)} / {Percent(s.Majority)} / {Percent(s.Overlap)}")),
            .. variants.Select(v => new StringDataFrameColumn(v, shown.Select(s => s.Medians.TryGetValue(v, out double median) ? Percent(median) : "–"))),
        ]);

        static string Percent(double share) => double.IsNaN(share) ? "–" : (100 * share).ToString("F0", System.Globalization.CultureInfo.InvariantCulture);
    }
}
