using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>The six figures that the notebooks need, each in one call. Any other chart comes from Plotly.NET itself and <see cref="FigureExtensions.AsFigure"/>.</summary>
public static class Draw
{
    private const int PlotHeight = 320;
    private const int LabelHeight = 19;
    private const int LeastOfABox = 5;

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
        bool direct = all.Count is > 0 and <= 8 && all.All(c => c.Name.Length is > 0 and <= 26 && c.X.Count > 0);
        var traces = new List<Trace>();
        for (int i = 0; i < all.Count; i++)
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
            ["xaxis"] = ChartParts.Axis(x, logX, all.SelectMany(c => c.X), measured: true),
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
            ["marker"] = new Dictionary<string, object?>
            {
                ["color"] = HouseStyle.Color(i),
                ["pattern"] = HouseStyle.Pattern(i) is { Length: > 0 } shape ? new Dictionary<string, object?> { ["shape"] = shape, ["fillmode"] = "overlay", ["size"] = 7, ["solidity"] = 0.15 } : null,
            },
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

    /// <summary>Box plots that show every observation as a point beside its box. Fewer than five observations make no box: their points stand alone.</summary>
    /// <param name="samples">The observations; groups and series keep the order in which they first appear.</param>
    /// <param name="y">The label of the y axis, with its unit.</param>
    /// <param name="caption">What is shown; say what one point is.</param>
    /// <param name="x">The label of the x axis, if the groups do not speak for themselves.</param>
    /// <param name="references">Lines across single groups that their observations must be read against, such as the chance level of a task.</param>
    public static Figure Boxes(IEnumerable<Sample> samples, string y, string caption, string x = "", IEnumerable<Reference>? references = null)
    {
        var all = samples.ToList();
        var series = all.GroupBy(s => s.Series).ToList();
        string[] groups = all.Select(s => s.Group).Distinct().ToArray();
        var traces = series.SelectMany((s, i) => s.GroupBy(p => p.Group).GroupBy(g => g.Count() >= LeastOfABox).Select(part => (Boxed: part.Key, Points: part.SelectMany(g => g).ToList())).OrderByDescending(part => part.Boxed)
            .Select((part, n) => ChartParts.Trace("box", new()
            {
                ["name"] = s.Key.Length > 0 ? s.Key : null,
                ["legendgroup"] = s.Key,
                ["offsetgroup"] = s.Key,
                ["showlegend"] = n > 0 || s.Key.Length == 0 || (series.Count > 1 && !part.Boxed) ? false : null,
                ["x"] = part.Points.Select(p => p.Group).ToArray(),
                ["y"] = ChartParts.Numbers(part.Points.Select(p => p.Value)),
                ["text"] = part.Points.Select(p => p.Label).ToArray(),
                ["boxpoints"] = "all",
                ["jitter"] = part.Boxed ? 0.5 : 0.2,
                ["pointpos"] = 0,
                ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(i), ["symbol"] = HouseStyle.Symbol(i), ["size"] = part.Boxed ? 6 : 8, ["opacity"] = 0.75 },
                ["line"] = new Dictionary<string, object?> { ["width"] = part.Boxed ? 1.5 : 0 },
                ["fillcolor"] = part.Boxed ? HouseStyle.Tint(i, 0.15) : "rgba(0,0,0,0)",
            }))).ToList();
        // Points alone leave no mark in the legend.
        traces.AddRange(series.Select((s, i) => (Series: s, Index: i)).Where(s => series.Count > 1 && s.Series.CountBy(p => p.Group).All(g => g.Value < LeastOfABox)).Select(s => ChartParts.Trace("scatter", new()
        {
            ["mode"] = "markers",
            ["name"] = s.Series.Key,
            ["legendgroup"] = s.Series.Key,
            ["x"] = new[] { groups[0] },
            ["y"] = new double?[] { null },
            ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(s.Index), ["symbol"] = HouseStyle.Symbol(s.Index), ["size"] = 8 },
        })));
        var levels = (references ?? []).GroupBy(l => l.Label).ToList();
        traces.AddRange(levels.Select((l, i) => ChartParts.Trace("scatter", new()
        {
            ["mode"] = "markers",
            ["name"] = l.Key,
            ["x"] = l.Select(r => r.Group).ToArray(),
            ["y"] = ChartParts.Numbers(l.Select(r => r.Value)),
            ["marker"] = new Dictionary<string, object?>
            {
                // Long and thin, or short and thick.
                ["symbol"] = "line-ew-open",
                ["size"] = Math.Max(14, 360 / Math.Max(1, groups.Length)) / (i % 2 == 0 ? 1 : 2),
                ["color"] = HouseStyle.Palette[^1],
                ["line"] = new Dictionary<string, object?> { ["width"] = i % 2 == 0 ? 2 : 4 },
            },
        })));
        var axis = Categories(x);
        axis["categoryorder"] = "array";
        axis["categoryarray"] = groups;
        return ChartParts.Chart(traces, new()
        {
            ["boxmode"] = series.Count > 1 ? "group" : null,
            ["xaxis"] = axis,
            ["yaxis"] = ChartParts.Axis(y),
            ["showlegend"] = series.Count > 1 || levels.Count > 0,
        }).AsFigure(caption);
    }

    /// <summary>
    /// Scores, such as accuracies, in a panel for each group: a row for each series with its name beside it, a marker with its interval, and the lines
    /// that a score must be read against: chance, the largest class, a bag of words.
    /// </summary>
    /// <param name="scores">The scores: <see cref="Bar.Group"/> is the panel, <see cref="Bar.Series"/> the row, <see cref="Bar.Deviation"/> half the interval. Both keep their order of appearance.</param>
    /// <param name="x">The label of the axis, with its unit.</param>
    /// <param name="caption">What is shown, as a finding; say what the intervals are.</param>
    /// <param name="references">The lines of the panels.</param>
    /// <exception cref="ArgumentException">There is no score, or a line is of a panel that is not there.</exception>
    public static Figure Scores(IEnumerable<Bar> scores, string x, string caption, params IEnumerable<Reference> references)
    {
        var (all, levels) = (scores.ToList(), references.ToList());
        var panels = all.Select(b => b.Group).Distinct().ToList();
        var rows = all.Select(b => b.Series).Distinct().ToList();
        if (panels.Count == 0) throw new ArgumentException("There is nothing to draw: the figure was given no score.", nameof(scores));
        if (levels.Find(l => !panels.Contains(l.Group)) is { } lost) throw new ArgumentException($"The line '{lost.Label}' is of the panel '{lost.Group}'; there are {string.Join(", ", panels)}.", nameof(references));

        int across = panels.Count == 4 ? 2 : Math.Min(3, panels.Count);
        int down = (panels.Count + across - 1) / across;
        // Room for the names of two lines, one above the rows and one below.
        double foot = levels.GroupBy(l => l.Group).Any(g => g.Count() > 1) ? 1.2 : 0.6;
        double panelHeight = 64 + (24 * (rows.Count + foot));
        var layout = new Dictionary<string, object?> { ["showlegend"] = false };
        var (annotations, shapes, traces) = (new List<object>(), new List<object>(), new List<Trace>());
        foreach (var (panel, i) in panels.Select((p, i) => (p, i)))
        {
            var (column, row, id) = (i % across, i / across, i == 0 ? "" : $"{i + 1}");
            // Room above the rows of a panel for its name and the names of its lines.
            double left = (double)column / across, right = left + (1.0 / across) - (across > 1 ? 0.03 : 0), top = 1 - (double)row / down, bottom = 1 - ((row + 1.0) / down), high = (top - bottom) * 46 / panelHeight, low = row < down - 1 ? (top - bottom) * 0.1 : 0;
            var xAxis = ChartParts.Axis(row == down - 1 || i + across >= panels.Count ? x : "");
            (xAxis["domain"], xAxis["anchor"], xAxis["nticks"]) = (new[] { left, right }, "y" + id, across > 2 ? 4 : 6);
            var yAxis = Categories("");
            (yAxis["domain"], yAxis["anchor"], yAxis["categoryorder"], yAxis["categoryarray"]) = (new[] { bottom + low, top - high }, "x" + id, "array", rows.AsEnumerable().Reverse().ToArray());
            (yAxis["range"], yAxis["showticklabels"]) = (new[] { -foot, rows.Count - 0.4 }, column == 0);
            (layout["xaxis" + id], layout["yaxis" + id]) = (xAxis, yAxis);
            if (panels.Count > 1) annotations.Add(Note($"<b>{System.Net.WebUtility.HtmlEncode(panel)}</b>", left, top - high, 22, "paper", "paper", "left"));
            foreach (var (level, n) in levels.Where(l => l.Group == panel).Select((l, n) => (l, n)))
            {
                shapes.Add(new Dictionary<string, object?>
                {
                    ["type"] = "line",
                    ["xref"] = "x" + id,
                    ["yref"] = $"y{id} domain",
                    ["x0"] = level.Value,
                    ["x1"] = level.Value,
                    ["y0"] = 0,
                    ["y1"] = 1,
                    ["line"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Palette[^1], ["width"] = 1.5, ["dash"] = n % 2 == 0 ? "dash" : "dot" },
                });
                // Two lines may be close to each other: their names stand in turn at the top and at the foot.
                annotations.Add(Note(System.Net.WebUtility.HtmlEncode(level.Label), level.Value, n % 2 == 0 ? top - high : bottom + low, n % 2 == 0 ? 8 : 9, "x" + id, "paper", "center", 11));
            }

            traces.AddRange(all.Where(b => b.Group == panel).Select(b => ChartParts.Trace("scatter", new()
            {
                ["mode"] = "markers",
                ["name"] = b.Series,
                ["x"] = ChartParts.Numbers([b.Value]),
                ["y"] = new[] { b.Series },
                ["xaxis"] = "x" + id,
                ["yaxis"] = "y" + id,
                ["error_x"] = ChartParts.ErrorBars([double.IsFinite(b.Deviation) ? b.Deviation : 0]),
                ["marker"] = new Dictionary<string, object?> { ["color"] = HouseStyle.Color(rows.IndexOf(b.Series)), ["symbol"] = HouseStyle.Symbol(rows.IndexOf(b.Series)), ["size"] = 9 },
            })));
        }

        (layout["annotations"], layout["shapes"]) = (annotations.ToArray(), shapes.ToArray());
        return ChartParts.Chart(traces, layout).AsFigure(caption).WithHeight((int)Math.Max(160, 60 + (down * panelHeight)));

        static Dictionary<string, object?> Note(string text, double at, double y, int up, string xref, string yref, string anchor, int size = 13) => new()
        {
            ["text"] = text,
            ["x"] = at,
            ["y"] = y,
            ["xref"] = xref,
            ["yref"] = yref,
            ["xanchor"] = anchor,
            ["yanchor"] = "middle",
            ["yshift"] = up,
            ["showarrow"] = false,
            ["font"] = new Dictionary<string, object?> { ["size"] = size },
        };
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
        long first = groups.Min(g => g.Min(s => Bin(s.Value, binWidth))) - 1;
        long last = groups.Max(g => g.Max(s => Bin(s.Value, binWidth))) + 1;

        // The counting is done here: a notebook carries a few bins instead of every observation.
        var traces = groups.Select((g, i) =>
        {
            var counts = g.CountBy(s => Bin(s.Value, binWidth)).ToDictionary();
            double total = (double)g.Count();
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
    /// <param name="joined">Joins the points of a series in their order, as for the settings of a trade-off, and writes the label of each beside it.</param>
    public static Figure Points(IEnumerable<Point> points, string x, string y, string caption, bool logX = false, bool logY = false, bool joined = false)
    {
        var series = points.GroupBy(p => p.Series).ToList();
        var traces = series.Select((s, i) => ChartParts.Trace("scatter", new()
        {
            ["mode"] = joined ? "lines+markers+text" : "markers",
            ["line"] = joined ? new Dictionary<string, object?> { ["color"] = HouseStyle.Color(i), ["width"] = 1.5, ["dash"] = HouseStyle.Dash(i) } : null,
            ["textposition"] = joined ? "bottom right" : null,
            ["textfont"] = joined ? new Dictionary<string, object?> { ["size"] = 11 } : null,
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

        double range = Math.Max(values.Max() - values.Min(), 1e-12);
        var ends = curves
            .Select((c, i) => (Curve: c, Index: i, Last: c.Mean.ToList().FindLastIndex(v => double.IsFinite(Height(v)))))
            .Where(e => e.Last >= 0)
            .Select(e => (e.Curve, e.Index, e.Last, Pixel: (Height(e.Curve.Mean[e.Last]) - values.Min()) / range * PlotHeight))
            .OrderBy(e => e.Pixel)
            .ToList();
        double[] places = Apart([.. ends.Select(e => e.Pixel)], LabelHeight);
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
        foreach (double place in wanted)
        {
            blocks.Add((place, 1));
            while (blocks.Count > 1 && blocks[^1].Middle - blocks[^2].Middle < gap * (blocks[^1].Count + blocks[^2].Count) / 2)
            {
                var (upper, lower) = (blocks[^1], blocks[^2]);
                int count = upper.Count + lower.Count;
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
