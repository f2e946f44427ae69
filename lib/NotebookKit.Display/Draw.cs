using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>The five figures that the notebooks need, each in one call. Any other chart comes from Plotly.NET itself and <see cref="FigureExtensions.AsFigure"/>.</summary>
public static class Draw
{
    private const int PlotHeight = 320;
    private const int LabelHeight = 19;

    /// <summary>Lines over steps, each with a band of one standard deviation and its name at its end.</summary>
    /// <param name="curves">The lines; see <see cref="Curve.Over"/> for rows of an experiment.</param>
    /// <param name="x">The label of the x axis, with its unit.</param>
    /// <param name="y">The label of the y axis, with its unit.</param>
    /// <param name="caption">What is shown; say what the band is.</param>
    /// <param name="logX">A logarithmic x axis.</param>
    /// <param name="logY">A logarithmic y axis.</param>
    /// <exception cref="ArgumentException">No curve, or one whose columns differ in length.</exception>
    public static Figure Curves(IEnumerable<Curve> curves, string x, string y, string caption, bool logX = false, bool logY = false)
    {
        var all = curves.ToList();
        var direct = all.Count is > 0 and <= 8 && all.All(c => c.Name.Length is > 0 and <= 26 && c.X.Count > 0);
        var traces = new List<Trace>();
        for (var i = 0; i < all.Count; i++)
        {
            var curve = all[i];
            if (curve.Mean.Count != curve.X.Count || (curve.Deviation.Count != 0 && curve.Deviation.Count != curve.X.Count))
            {
                throw new ArgumentException($"Curve '{curve.Name}' has {curve.X.Count} positions, {curve.Mean.Count} means and {curve.Deviation.Count} deviations; give as many of each (or no deviations).", nameof(curves));
            }

            if (curve.Deviation.Any(d => d > 0))
            {
                traces.Add(Band(curve, i));
            }

            traces.Add(Line(curve, i, direct));
        }

        return ChartParts.Chart(traces, new()
        {
            ["xaxis"] = ChartParts.Axis(x, logX, all.SelectMany(c => c.X)),
            ["yaxis"] = ChartParts.Axis(y, logY, all.SelectMany(c => c.Mean)),
            ["showlegend"] = all.Count > 1 && !direct,
            ["annotations"] = direct && all.Count > 1 ? EndLabels(all, logY) : null,
            ["margin"] = direct && all.Count > 1 ? new Dictionary<string, object?> { ["r"] = 32 + (8 * all.Max(c => c.Name.Length)) } : null,
        }).AsFigure(caption);
    }

    /// <summary>Bars in groups, with error bars.</summary>
    /// <param name="bars">The bars; see <see cref="Bar.Over"/> for rows of an experiment. Groups and series keep the order in which they first appear.</param>
    /// <param name="y">The label of the y axis, with its unit.</param>
    /// <param name="caption">What is shown; say what the error bars are.</param>
    /// <param name="x">The label of the x axis, if the groups do not speak for themselves.</param>
    public static Figure Bars(IEnumerable<Bar> bars, string y, string caption, string x = "")
    {
        var series = bars.GroupBy(b => b.Series).ToList();
        var traces = series.Select((s, i) => ChartParts.Trace("bar", new()
        {
            ["name"] = s.Key,
            ["x"] = s.Select(b => b.Group).ToArray(),
            ["y"] = ChartParts.Numbers(s.Select(b => b.Value)),
            ["error_y"] = ChartParts.ErrorBars([.. s.Select(b => b.Deviation)]),
            ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(i) },
        }));
        return ChartParts.Chart(traces, new()
        {
            ["barmode"] = "group",
            ["bargap"] = 0.3,
            ["bargroupgap"] = 0.08,
            ["xaxis"] = Categories(x),
            ["yaxis"] = ChartParts.Axis(y),
            ["showlegend"] = series.Count > 1,
        }).AsFigure(caption);
    }

    /// <summary>Box plots that show every observation as a point beside its box.</summary>
    /// <param name="samples">The observations; groups and series keep the order in which they first appear.</param>
    /// <param name="y">The label of the y axis, with its unit.</param>
    /// <param name="caption">What is shown; say what one point is.</param>
    /// <param name="x">The label of the x axis, if the groups do not speak for themselves.</param>
    public static Figure Boxes(IEnumerable<Sample> samples, string y, string caption, string x = "")
    {
        var series = samples.GroupBy(s => s.Series).ToList();
        var traces = series.Select((s, i) => ChartParts.Trace("box", new()
        {
            ["name"] = s.Key.Length > 0 ? s.Key : null,
            ["x"] = s.Select(p => p.Group).ToArray(),
            ["y"] = ChartParts.Numbers(s.Select(p => p.Value)),
            ["text"] = s.Select(p => p.Label).ToArray(),
            ["boxpoints"] = "all",
            ["jitter"] = 0.5,
            ["pointpos"] = 0,
            ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(i), ["size"] = 6, ["opacity"] = 0.75 },
            ["line"] = new Dictionary<string, object?> { ["width"] = 1.5 },
            ["fillcolor"] = HouseStyle.Tint(i, 0.15),
        }));
        return ChartParts.Chart(traces, new()
        {
            ["boxmode"] = series.Count > 1 ? "group" : null,
            ["xaxis"] = Categories(x),
            ["yaxis"] = ChartParts.Axis(y),
            ["showlegend"] = series.Count > 1,
        }).AsFigure(caption);
    }

    /// <summary>Distributions laid over each other as steps, each normalised to a share, all with the same bins.</summary>
    /// <param name="samples">The observations, grouped by <see cref="Sample.Group"/>.</param>
    /// <param name="binWidth">The width of a bin, in units of the x axis; 1 for lengths and counts, where a bin is centred on its number.</param>
    /// <param name="x">The label of the x axis, with its unit.</param>
    /// <param name="caption">What is shown.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public static Figure Histograms(IEnumerable<Sample> samples, double binWidth, string x, string caption)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(binWidth);
        var groups = samples.GroupBy(s => s.Group).ToList();
        if (groups.Count == 0)
        {
            throw new ArgumentException("There is nothing to draw: the figure was given no samples.", nameof(samples));
        }

        static long Bin(double value, double width) => (long)Math.Round(value / width, MidpointRounding.AwayFromZero);

        // One empty bin on either side, so that the outline comes down to the axis.
        var first = groups.Min(g => g.Min(s => Bin(s.Value, binWidth))) - 1;
        var last = groups.Max(g => g.Max(s => Bin(s.Value, binWidth))) + 1;

        // The counting is done here: a notebook carries a few bins instead of every observation.
        var traces = groups.Select((g, i) =>
        {
            var counts = g.CountBy(s => Bin(s.Value, binWidth)).ToDictionary();
            var total = (double)g.Count();
            var bins = Enumerable.Range(0, (int)(last - first) + 1).Select(b => first + b).ToList();
            return ChartParts.Trace("scatter", new()
            {
                ["mode"] = "lines+markers",
                ["name"] = g.Key,
                ["x"] = bins.Select(b => b * binWidth).ToArray(),
                ["y"] = bins.Select(b => counts.GetValueOrDefault(b) / total).ToArray(),
                ["line"] = new Dictionary<string, object?> { ["shape"] = "hvh", ["width"] = 2, ["color"] = HouseStyle.Color(i), ["dash"] = HouseStyle.Dash(i) },
                ["marker"] = new Dictionary<string, object?> { ["symbol"] = HouseStyle.Symbol(i), ["size"] = 6 },
                ["fill"] = groups.Count <= 3 ? "tozeroy" : null,
                ["fillcolor"] = HouseStyle.Tint(i, 0.12),
                ["hovertemplate"] = "%{x}: %{y:.1%}",
            });
        });
        var axis = ChartParts.Axis(x);
        axis["dtick"] = last - first <= 20 ? binWidth : null;
        return ChartParts.Chart(traces, new()
        {
            ["xaxis"] = axis,
            ["yaxis"] = ChartParts.Axis("share", tickFormat: ".0%"),
            ["showlegend"] = groups.Count > 1,
        }).AsFigure(caption);
    }

    /// <summary>Points with error bars; a colour and a shape for each series.</summary>
    /// <param name="points">The points; series keep the order in which they first appear.</param>
    /// <param name="x">The label of the x axis, with its unit.</param>
    /// <param name="y">The label of the y axis, with its unit.</param>
    /// <param name="caption">What is shown; say what the error bars are.</param>
    /// <param name="logX">A logarithmic x axis.</param>
    /// <param name="logY">A logarithmic y axis.</param>
    public static Figure Points(IEnumerable<Point> points, string x, string y, string caption, bool logX = false, bool logY = false)
    {
        var series = points.GroupBy(p => p.Series).ToList();
        var traces = series.Select((s, i) => ChartParts.Trace("scatter", new()
        {
            ["mode"] = "markers",
            ["name"] = s.Key,
            ["x"] = ChartParts.Numbers(s.Select(p => p.X)),
            ["y"] = ChartParts.Numbers(s.Select(p => p.Y)),
            ["error_x"] = ChartParts.ErrorBars([.. s.Select(p => p.DeviationX)]),
            ["error_y"] = ChartParts.ErrorBars([.. s.Select(p => p.DeviationY)]),
            ["text"] = s.Any(p => p.Label.Length > 0) ? s.Select(p => p.Label).ToArray() : null,
            ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(i), ["symbol"] = HouseStyle.Symbol(i), ["size"] = 9, ["opacity"] = 0.85 },
        }));
        return ChartParts.Chart(traces, new()
        {
            ["xaxis"] = ChartParts.Axis(x, logX, series.SelectMany(s => s.Select(p => p.X))),
            ["yaxis"] = ChartParts.Axis(y, logY, series.SelectMany(s => s.Select(p => p.Y))),
            ["showlegend"] = series.Count > 1,
        }).AsFigure(caption);
    }

    private static Trace Line(Curve curve, int index, bool direct) => ChartParts.Trace("scatter", new()
    {
        ["mode"] = curve.X.Count > 40 ? "lines" : "lines+markers",
        ["name"] = curve.Name,
        ["x"] = ChartParts.Numbers(curve.X),
        ["y"] = ChartParts.Numbers(curve.Mean),
        ["line"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(index), ["width"] = 2.5, ["dash"] = HouseStyle.Dash(index) },
        ["marker"] = new Dictionary<string, object?> { ["symbol"] = HouseStyle.Symbol(index), ["size"] = 7 },
        ["showlegend"] = direct ? null : (object)true,
    });

    /// <summary>Mean ± deviation as one closed outline: there and back again.</summary>
    private static Trace Band(Curve curve, int index)
    {
        // A missing value would tear the outline, so the band spans the finite positions only.
        var places = Enumerable.Range(0, curve.X.Count).Where(i => double.IsFinite(curve.Mean[i]) && double.IsFinite(curve.Deviation[i])).ToList();
        var back = Enumerable.Reverse(places).ToList();
        return ChartParts.Trace("scatter", new()
        {
            ["mode"] = "lines",
            ["name"] = curve.Name,
            ["x"] = places.Concat(back).Select(i => curve.X[i]).ToArray(),
            ["y"] = places.Select(i => curve.Mean[i] + curve.Deviation[i]).Concat(back.Select(i => curve.Mean[i] - curve.Deviation[i])).ToArray(),
            ["fill"] = "toself",
            ["fillcolor"] = HouseStyle.Tint(index, 0.18),
            ["line"] = new Dictionary<string, object?> { ["width"] = 0 },
            ["hoverinfo"] = "skip",
            ["showlegend"] = false,
        });
    }

    /// <summary>The names at the ends of the lines, pushed apart by pixels so that they never lie on each other.</summary>
    private static object[] EndLabels(List<Curve> curves, bool logY)
    {
        double Height(double value) => logY ? Math.Log10(value) : value;
        var values = curves.SelectMany(c => c.Mean).Where(double.IsFinite).Select(Height).Where(double.IsFinite).ToList();
        if (values.Count == 0)
        {
            return [];
        }

        var range = Math.Max(values.Max() - values.Min(), 1e-12);
        var ends = curves
            .Select((c, i) => (Curve: c, Index: i, Last: c.Mean.ToList().FindLastIndex(v => double.IsFinite(Height(v)))))
            .Where(e => e.Last >= 0)
            .Select(e => (e.Curve, e.Index, e.Last, Pixel: (Height(e.Curve.Mean[e.Last]) - values.Min()) / range * PlotHeight))
            .OrderBy(e => e.Pixel)
            .ToList();
        var places = Apart([.. ends.Select(e => e.Pixel)], LabelHeight);
        return
        [
            .. ends.Select((e, i) => new Dictionary<string, object?>
            {
                // The page takes the labels of this name off a narrow screen and shows a legend instead.
                ["name"] = "end-label",
                ["text"] = $"<span style=\"color:{HouseStyle.Color(e.Index)}\">●</span> {System.Net.WebUtility.HtmlEncode(e.Curve.Name)}",
                ["xref"] = "paper",
                ["x"] = 1,
                ["xanchor"] = "left",
                ["xshift"] = 4,
                ["y"] = Height(e.Curve.Mean[e.Last]),
                ["yanchor"] = "middle",
                ["yshift"] = Math.Round(places[i] - e.Pixel, 1),
                ["showarrow"] = false,
            }),
        ];
    }

    /// <summary>The ascending places nearest to <paramref name="wanted"/> with at least <paramref name="gap"/> between neighbours: touching labels share their common middle.</summary>
    internal static double[] Apart(double[] wanted, double gap)
    {
        var blocks = new List<(double Middle, int Count)>();
        foreach (var place in wanted)
        {
            blocks.Add((place, 1));
            while (blocks.Count > 1 && blocks[^1].Middle - blocks[^2].Middle < gap * (blocks[^1].Count + blocks[^2].Count) / 2)
            {
                var (upper, lower) = (blocks[^1], blocks[^2]);
                var count = upper.Count + lower.Count;
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add((((upper.Middle * upper.Count) + (lower.Middle * lower.Count)) / count, count));
            }
        }

        return [.. blocks.SelectMany(b => Enumerable.Range(0, b.Count).Select(i => b.Middle + ((i - ((b.Count - 1) / 2.0)) * gap)))];
    }

    private static Dictionary<string, object?> Categories(string title) => new()
    {
        ["title"] = new Dictionary<string, object?> { ["text"] = title },
        ["type"] = "category",
    };
}
