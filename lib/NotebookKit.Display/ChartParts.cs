using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>
/// Traces and layouts as plain name–value trees under the names of plotly.js. Plotly.NET's typed constructors take some sixty optional
/// arguments of F# option type, in which the few that matter drown.
/// </summary>
internal static class ChartParts
{
    internal static Trace Trace(string type, Dictionary<string, object?> properties)
    {
        var trace = new Trace(type);
        foreach (var (name, value) in properties)
        {
            if (value is not null)
            {
                trace.SetProperty(name, value);
            }
        }

        return trace;
    }

    internal static GenericChart Chart(IEnumerable<Trace> traces, Dictionary<string, object?> layout)
    {
        var parts = new Layout();
        foreach (var (name, value) in layout)
        {
            if (value is not null)
            {
                parts.SetProperty(name, value);
            }
        }

        var charts = traces.Select(t => GenericChart.ofTraceObject(false, t)).ToList();
        if (charts.Count == 0)
        {
            throw new ArgumentException("There is nothing to draw: the figure was given no series.");
        }

        return GenericChart.addLayout(parts, GenericChart.combine(charts));
    }

    internal static Dictionary<string, object?> Axis(string title, string? tickFormat = null) => new()
    {
        ["title"] = new Dictionary<string, object?> { ["text"] = title },
        ["tickformat"] = tickFormat,
    };

    /// <summary>
    /// An axis for these values. Where there are few and far enough apart, the ticks are at the values that were measured. Else a logarithmic one is
    /// labelled at 1, 2 and 5 of each decade, or at the decades when there are many.
    /// </summary>
    internal static Dictionary<string, object?> Axis(string title, bool log, IEnumerable<double> values, bool measured = false)
    {
        var axis = Axis(title);
        if (log)
        {
            axis["type"] = "log";
        }

        values = [.. values];
        if (measured && Measured([.. values.Where(v => double.IsFinite(v) && (!log || v > 0)).Distinct().Order()], log) is { } places)
        {
            axis["tickvals"] = places;
            axis["ticktext"] = places.Select(t => t.ToString("#,0.############", System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            return axis;
        }

        if (!log)
        {
            return axis;
        }

        var exponents = values.Where(v => v > 0 && double.IsFinite(v)).Select(Math.Log10).ToList();
        if (exponents.Count > 0)
        {
            var (first, last) = (Math.Floor(exponents.Min()), Math.Ceiling(exponents.Max()));
            int[] steps = last - first <= 3 ? [1, 2, 5] : [1];
            double[] ticks = Enumerable.Range((int)first, (int)(last - first) + 1).SelectMany(e => steps.Select(s => s * Math.Pow(10, e))).ToArray();
            axis["tickvals"] = ticks;
            axis["ticktext"] = ticks.Select(t => t.ToString("#,0.############", System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        }

        return axis;
    }

    /// <summary>The values as ticks: three to ten of them, none nearer to its neighbour than a fifteenth of the axis, where labels would touch; null otherwise.</summary>
    private static double[]? Measured(double[] values, bool log)
    {
        if (values.Length is < 3 or > 10)
        {
            return null;
        }

        var places = values.Select(v => log ? Math.Log10(v) : v).ToList();
        double nearest = places.Zip(places.Skip(1), (a, b) => b - a).Min();
        return nearest >= (places[^1] - places[0]) / 15 ? values : null;
    }

    internal static Dictionary<string, object?>? ErrorBars(IReadOnlyList<double> deviations) =>
        deviations.Any(d => d > 0)
            ? new() { ["type"] = "data", ["array"] = Numbers(deviations), ["thickness"] = 1.5, ["width"] = 4, ["visible"] = true }
            : null;

    /// <summary>JSON has no NaN and no infinity; plotly.js leaves a gap where it reads null.</summary>
    internal static double?[] Numbers(IEnumerable<double> values) => [.. values.Select(v => double.IsFinite(v) ? v : (double?)null)];
}

/// <summary>From a chart to a figure.</summary>
public static class FigureExtensions
{
    /// <summary>The chart in the look of the house, with a caption: <c>Chart.Line&lt;…&gt;(…).AsFigure("Loss by step.")</c>.</summary>
    /// <param name="chart">Any chart of Plotly.NET, combined or single.</param>
    /// <param name="caption">What is shown, in a sentence or two.</param>
    /// <param name="x">The label of the x axis with its unit; null leaves what the chart says.</param>
    /// <param name="y">The label of the y axis with its unit; null leaves what the chart says.</param>
    public static Figure AsFigure(this GenericChart chart, string caption, string? x = null, string? y = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        if (x is not null || y is not null)
        {
            var layout = new Layout();
            foreach (var (axis, label) in new[] { ("xaxis", x), ("yaxis", y) })
            {
                if (label is not null)
                {
                    layout.SetProperty(axis, ChartParts.Axis(label));
                }
            }

            chart = GenericChart.addLayout(layout, chart);
        }

        return new Figure(chart, caption);
    }
}
