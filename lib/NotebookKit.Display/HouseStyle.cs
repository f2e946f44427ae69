using System.Text.Json.Nodes;

namespace NotebookKit.Display;

/// <summary>
/// The one look of all figures and displays. The colours are those of Okabe and Ito ("Color Universal Design", 2008), which readers with any
/// colour vision tell apart; its yellow and black are left out because one vanishes on a projector and the other on a dark page.
/// </summary>
public static class HouseStyle
{
    /// <summary>The colours, in the order in which series take them.</summary>
    public static IReadOnlyList<string> Palette { get; } = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F"];

    /// <summary>Line dashes, so that colour is never the only thing that tells two curves apart once the palette starts again.</summary>
    internal static IReadOnlyList<string> Dashes { get; } = ["solid", "dash", "dot"];

    /// <summary>Marker shapes, one for each colour.</summary>
    internal static IReadOnlyList<string> Symbols { get; } = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down"];

    /// <summary>Fillings of bars, one for each colour, so that bars can be told apart in grey.</summary>
    internal static IReadOnlyList<string> Patterns { get; } = ["", "/", "x", ".", "\\", "-", "+"];

    /// <summary>The colour of series <paramref name="index"/>; after the last colour the first comes again.</summary>
    /// <param name="index">0 for the first series; any integer is allowed.</param>
    public static string Color(int index) => Palette[Wrap(index, Palette.Count)];

    /// <summary>The same colour, see-through: for bands and for the ground behind text, on white and on dark alike.</summary>
    /// <param name="index">0 for the first series.</param>
    /// <param name="alpha">0 invisible, 1 opaque.</param>
    public static string Tint(int index, double alpha)
    {
        byte[] rgb = Convert.FromHexString(Color(index).AsSpan(1));
        return FormattableString.Invariant($"rgba({rgb[0]},{rgb[1]},{rgb[2]},{alpha})");
    }

    internal static string Dash(int index) => Dashes[Wrap(index / Palette.Count, Dashes.Count)];

    internal static string Pattern(int index) => Patterns[Wrap(index, Patterns.Count)];

    internal static string Symbol(int index) => Symbols[Wrap(index, Symbols.Count)];

    /// <summary>The plotly.js template that gives every figure its fonts, colours, grid and margins; the page swaps it for the dark one.</summary>
    /// <param name="dark">True for light text on a see-through ground.</param>
    public static JsonObject Template(bool dark = false)
    {
        var (ink, quiet, grid, ground) = dark
            ? ("#e6e8eb", "#a8b0ba", "#3a4048", "rgba(0,0,0,0)")
            : ("#1f2328", "#57606a", "#e3e6ea", "#ffffff");

        JsonObject Axis() => new()
        {
            ["automargin"] = true,
            ["gridcolor"] = grid,
            ["linecolor"] = quiet,
            ["zerolinecolor"] = grid,
            ["ticks"] = "outside",
            ["tickcolor"] = grid,
            ["ticklen"] = 5,
            ["title"] = new JsonObject { ["standoff"] = 12, ["font"] = new JsonObject { ["size"] = 14 } },
        };

        return new JsonObject
        {
            ["data"] = new JsonObject { ["bar"] = new JsonArray(new JsonObject { ["error_y"] = new JsonObject { ["color"] = ink } }) },
            ["layout"] = new JsonObject
            {
                ["colorway"] = new JsonArray([.. Palette.Select(c => (JsonNode)c)]),
                ["font"] = new JsonObject { ["family"] = "Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif", ["size"] = 14, ["color"] = ink },
                ["paper_bgcolor"] = ground,
                ["plot_bgcolor"] = ground,
                ["title"] = new JsonObject
                {
                    ["x"] = 0,
                    ["xref"] = "container",
                    ["xanchor"] = "left",
                    ["y"] = 1,
                    ["yref"] = "container",
                    ["yanchor"] = "top",
                    ["font"] = new JsonObject { ["size"] = 14 },
                },
                ["xaxis"] = Axis(),
                ["yaxis"] = Axis(),
                ["legend"] = new JsonObject { ["orientation"] = "h", ["x"] = 0, ["xanchor"] = "left", ["y"] = 1.01, ["yanchor"] = "bottom" },
                ["hovermode"] = "closest",
                ["hoverlabel"] = new JsonObject { ["align"] = "left", ["namelength"] = -1 },
                ["colorscale"] = new JsonObject { ["sequential"] = "Viridis", ["sequentialminus"] = "Viridis" },
                ["annotationdefaults"] = new JsonObject { ["showarrow"] = false },
            },
        };
    }

    private static int Wrap(int index, int count) => ((index % count) + count) % count;
}
