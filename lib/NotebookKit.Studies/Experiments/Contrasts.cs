using System.Collections;
using System.Globalization;
using Microsoft.Data.Analysis;

namespace NotebookKit.Studies.Experiments;

/// <summary>The contrasts that are read together. The more there are, the likelier one of them is far from 0 by chance, so their number is stated and Holm's p allows for it.</summary>
/// <param name="contrasts">The contrasts, at least one.</param>
public sealed class Contrasts(IEnumerable<Contrast> contrasts) : IReadOnlyList<Contrast>
{
    private readonly IReadOnlyList<Contrast> _contrasts = [.. contrasts];

    /// <inheritdoc/>
    public Contrast this[int index] => _contrasts[index];

    /// <summary>The contrast of a variant.</summary>
    /// <param name="variant">The variant.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Contrast this[string variant] => _contrasts.FirstOrDefault(c => c.Variant == variant)
        ?? throw new ArgumentException($"There is no contrast of '{variant}'; there are those of {string.Join(", ", _contrasts.Select(c => c.Variant))}.", nameof(variant));

    /// <summary>The number of comparisons.</summary>
    public int Count => _contrasts.Count;

    /// <summary>Holm's p (1979): the i-th smallest of m is multiplied by m − i + 1, and none is smaller than the one before it. NaN counts as a comparison, and stays NaN.</summary>
    public IReadOnlyList<double> Adjusted
    {
        get
        {
            double[] adjusted = new double[Count];
            double largest = 0.0;
            foreach (var (index, rank) in Enumerable.Range(0, Count).OrderBy(i => double.IsNaN(this[i].P) ? 2 : this[i].P).Select((index, rank) => (index, rank)))
            {
                largest = Math.Max(largest, Math.Min(1, (Count - rank) * this[index].P));
                adjusted[index] = double.IsNaN(this[index].P) ? double.NaN : largest;
            }
            return adjusted;
        }
    }

    /// <summary>How the intervals were made, for a caption: <c>5 comparisons, paired over 3 seeds; 95 % intervals by Student's t, each for itself; the last p allows for all 5 (Holm)</c>.</summary>
    public string Method
    {
        get
        {
            var counts = _contrasts.Select(c => c.Differences.Count).Distinct().Order().ToList();
            string pairs = counts is [var only] ? $"{only}" : $"{counts[0]} to {counts[^1]}";
            return string.Create(CultureInfo.InvariantCulture, $"{(Count == 1 ? "One comparison" : $"{Count} comparisons")}, paired over {pairs} {this[0].Pairs}; {100 * this[0].Level:0.#} % intervals by Student's t")
                + (Count == 1 ? "" : $", each for itself; the last p allows for all {Count} (Holm)");
        }
    }

    /// <summary>One row a contrast: variant, mean difference, interval, p, Holm's p where there are several, number of pairs.</summary>
    /// <param name="decimals">Digits after the point in the interval.</param>
    public DataFrame ToFrame(int decimals = 3)
    {
        bool alike = _contrasts.Select(c => (c.Baseline, c.Metric)).Distinct().Count() == 1;
        int metrics = _contrasts.Select(c => c.Metric).Distinct().Count();
        var columns = new List<DataFrameColumn>
        {
            new StringDataFrameColumn(alike ? "variant" : "contrast", _contrasts.Select(c => alike ? c.Variant : metrics == 1 ? c.Name : $"{c.Name}, {c.Metric}")),
            new DoubleDataFrameColumn(alike ? $"{this[0].Metric} minus {this[0].Baseline}" : metrics == 1 ? $"difference in {this[0].Metric}" : "difference", _contrasts.Select(c => c.Difference.Mean)),
            new StringDataFrameColumn(string.Create(CultureInfo.InvariantCulture, $"{100 * this[0].Level:0.#} % interval"), _contrasts.Select(c => c.Interval.ToString(decimals))),
            new StringDataFrameColumn("p", _contrasts.Select(c => Rounded(c.P))),
        };
        if (Count > 1) columns.Add(new StringDataFrameColumn($"p of {Count} (Holm)", Adjusted.Select(Rounded)));
        columns.Add(new Int32DataFrameColumn(this[0].Pairs, _contrasts.Select(c => c.Differences.Count)));
        return new(columns);
    }

    /// <inheritdoc/>
    public IEnumerator<Contrast> GetEnumerator() => _contrasts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Rounded(double p) => double.IsNaN(p) ? "–" : p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);
}
