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

    internal static Dictionary<string, object?> Axis(string title, bool log = false, string? tickFormat = null) => new()
    {
        ["title"] = new Dictionary<string, object?> { ["text"] = title },
        ["type"] = log ? "log" : null,
        ["tickformat"] = tickFormat,
    };

    internal static Dictionary<string, object?>? ErrorBars(IReadOnlyList<double> deviations) =>
        deviations.Any(d => d > 0)
            ? new() { ["type"] = "data", ["array"] = Numbers(deviations), ["thickness"] = 1.5, ["width"] = 4, ["visible"] = true }
            : null;

    /// <summary>JSON has no NaN and no infinity; plotly.js leaves a gap where it reads null.</summary>
    internal static double?[] Numbers(IEnumerable<double> values) => [.. values.Select(v => double.IsFinite(v) ? v : (double?)null)];
}
