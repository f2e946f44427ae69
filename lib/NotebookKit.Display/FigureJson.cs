using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>Writes a <see cref="Figure"/> for plotly.js: house template, caption, levels, and no more digits than a reader can see.</summary>
internal static class FigureJson
{
    private const int CaptionColumns = 84;

    // '<' is escaped as well, because the JSON stands inside a <script> element.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.Default };

    internal static string ForScript(JsonNode json) => json.ToJsonString(Compact);

    internal static JsonObject From(Figure figure)
    {
        var chart = JsonNode.Parse(GenericChart.toJson(figure.Chart))!.AsObject();
        var data = chart["data"]!.DeepClone().AsArray();
        var layout = chart["layout"]!.DeepClone().AsObject();
        foreach (var trace in data)
        {
            DropEmptyObjects(trace!.AsObject());
            RoundNumbers(trace!);
        }

        var lines = Wrap(figure.Caption, CaptionColumns);
        int legend = ShowsLegend(data, layout) ? LegendRows(data) : 0;

        layout["template"] = HouseStyle.Template();
        layout.Remove("width");
        layout["height"] = figure.Height;
        layout["margin"] = new JsonObject
        {
            ["l"] = 60,
            ["r"] = (int?)layout["margin"]?["r"] ?? 24,
            ["t"] = 24 + (20 * lines.Count) + (legend > 0 ? 6 + (20 * legend) : 0),
            ["b"] = 54,
        };
        layout["showlegend"] = legend > 0;
        if (lines.Count > 0)
        {
            layout["title"] = new JsonObject
            {
                ["text"] = string.Join("<br>", lines.Select(EncodeLine)),

                // plotly.js puts the middle line where it would put a single one.
                ["pad"] = new JsonObject { ["l"] = 12, ["t"] = 12 + (9 * (lines.Count - 1)) },
            };
        }

        SetRange(layout, "xaxis", figure.Ranges.X);
        SetRange(layout, "yaxis", figure.Ranges.Y);
        AddLevels(layout, figure.Levels);
        layout["meta"] = new JsonObject { ["caption"] = figure.Caption, ["alt"] = figure.Alt ?? Describe(figure.Caption, data, layout), ["legend"] = legend };

        return new JsonObject
        {
            ["data"] = data,
            ["layout"] = layout,
            ["config"] = new JsonObject { ["responsive"] = true, ["displaylogo"] = false },
        };
    }

    private static bool ShowsLegend(JsonArray data, JsonObject layout) =>
        (bool?)layout["showlegend"]
        ?? data.Count(t => t!["name"] is not null && (bool?)t["showlegend"] != false) > 1;

    private static void SetRange(JsonObject layout, string name, (double From, double To)? range)
    {
        if (range is not var (from, to))
        {
            return;
        }

        var axis = layout[name]?.DeepClone().AsObject() ?? [];
        // plotly.js gives the ends of a logarithmic axis by their exponents.
        axis["range"] = (string?)axis["type"] == "log" ? new JsonArray(Math.Log10(from), Math.Log10(to)) : new JsonArray(from, to);
        layout[name] = axis;
    }

    /// <summary>How many rows the legend takes at the width of the static picture: it grows upwards, so the caption must leave it room.</summary>
    private static int LegendRows(JsonArray data)
    {
        const double width = 616, mark = 44, letter = 7.5;
        var (rows, left) = (1, width);
        foreach (string? name in data.Where(t => (bool?)t!["showlegend"] != false).Select(t => (string?)t!["name"] ?? "").Distinct())
        {
            double wanted = mark + letter * name.Length;
            if (wanted > left && left < width)
            {
                (rows, left) = (rows + 1, width);
            }

            left -= wanted;
        }

        return rows;
    }

    private static void AddLevels(JsonObject layout, IReadOnlyCollection<Figure.Level> levels)
    {
        if (levels.Count == 0)
        {
            return;
        }

        bool log = (string?)layout["yaxis"]?["type"] == "log";
        var shapes = layout["shapes"]?.DeepClone().AsArray() ?? [];
        var annotations = layout["annotations"]?.DeepClone().AsArray() ?? [];
        foreach (var level in levels)
        {
            shapes.Add(new JsonObject
            {
                ["type"] = "line",
                ["xref"] = "paper",
                ["x0"] = 0,
                ["x1"] = 1,
                ["y0"] = level.Y,
                ["y1"] = level.Y,
                ["line"] = new JsonObject { ["color"] = HouseStyle.Palette[^1], ["width"] = 1.5, ["dash"] = "dash" },
            });
            annotations.Add(new JsonObject
            {
                // The page gives the labels of this name the ground of a dark page.
                ["name"] = "level-label",
                ["bgcolor"] = "rgba(255,255,255,0.75)",
                ["text"] = EncodeLine(level.Label),
                ["xref"] = "paper",
                ["x"] = 0.01,
                ["xanchor"] = "left",
                // plotly.js places annotations on a logarithmic axis by exponent, shapes by value.
                ["y"] = log ? Math.Log10(level.Y) : level.Y,
                ["yanchor"] = "bottom",
                ["showarrow"] = false,
                ["font"] = new JsonObject { ["size"] = 12 },
            });
        }

        layout["shapes"] = shapes;
        layout["annotations"] = annotations;
    }

    /// <summary>Caption, kind, series and axes: what the picture says to a reader who does not see it.</summary>
    private static string Describe(string caption, JsonArray data, JsonObject layout)
    {
        var kinds = data.Select(t => Kind(t!)).Distinct();
        var names = data
            .Where(t => (bool?)t!["showlegend"] != false || (string?)t["hoverinfo"] != "skip")
            .Select(t => (string?)t!["name"])
            .Where(n => !string.IsNullOrEmpty(n))
            .Distinct()
            .ToList();
        var parts = new List<string> { string.Join(" and ", kinds) + (names.Count > 0 ? " of " + string.Join(", ", names) : "") };
        foreach (string? axis in new[] { "x", "y" })
        {
            var title = layout[axis + "axis"]?["title"];
            string? text = title is JsonObject o ? (string?)o["text"] : (string?)title;
            if (!string.IsNullOrEmpty(text))
            {
                parts.Add($"{axis} axis: {text}");
            }
        }

        string chart = string.Join("; ", parts);
        return caption.Length == 0 ? Capital(chart) + "." : $"{caption.TrimEnd()} ({Capital(chart)}.)";
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Kind(JsonNode trace) => ((string?)trace["type"] ?? "scatter") switch
    {
        "scatter" or "scattergl" => ((string?)trace["mode"])?.Contains("lines", StringComparison.Ordinal) == true ? "curves" : "points",
        "bar" => "bars",
        "box" => "box plots",
        "histogram" => "histograms",
        "heatmap" => "heat map",
        var other => other,
    };

    // Plotly.NET writes "marker": {} and the like for every trace.
    private static void DropEmptyObjects(JsonObject node)
    {
        foreach (var (name, value) in node.ToList())
        {
            if (value is JsonObject child)
            {
                DropEmptyObjects(child);
                if (child.Count == 0)
                {
                    node.Remove(name);
                }
            }
        }
    }

    private static void RoundNumbers(JsonNode node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                {
                    if (value is JsonValue && Rounded(value) is { } number)
                    {
                        o[name] = number;
                    }
                    else if (value is not null)
                    {
                        RoundNumbers(value);
                    }
                }

                break;
            case JsonArray a:
                for (int i = 0; i < a.Count; i++)
                {
                    if (a[i] is JsonValue && Rounded(a[i]!) is { } number)
                    {
                        a[i] = number;
                    }
                    else if (a[i] is { } child)
                    {
                        RoundNumbers(child);
                    }
                }

                break;
        }
    }

    /// <summary>Five significant digits; whole numbers stay whole, whatever their length.</summary>
    private static JsonNode? Rounded(JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        double v = value.GetValue<double>();
        if (Math.Abs(v) >= 1e5)
        {
            v = Math.Round(v);
        }
        else if (v != Math.Round(v))
        {
            v = double.Parse(v.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        return v == Math.Round(v) && Math.Abs(v) < 1e15 ? JsonValue.Create((long)v) : JsonValue.Create(v);
    }

    private static List<string> Wrap(string text, int columns)
    {
        var lines = new List<string>();
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= columns)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    // plotly.js reads a few tags in its texts: a caption with "<" in it must not become one.
    private static string EncodeLine(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
