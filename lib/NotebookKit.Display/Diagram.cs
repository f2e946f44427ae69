using System.Globalization;
using System.Net;
using System.Text;

namespace NotebookKit.Display;

/// <summary>A box of a <see cref="Diagram.Flow"/>.</summary>
/// <param name="Id">The name that arrows use.</param>
/// <param name="Text">What stands in it; a line for each line.</param>
/// <param name="Column">Its place from the left, from 0.</param>
/// <param name="Row">Its place from the top, from 0.</param>
/// <param name="Color">A colour of the house by number; null for a plain box.</param>
public sealed record DiagramBox(string Id, string Text, int Column, int Row = 0, int? Color = null);

/// <summary>An arrow between two boxes.</summary>
/// <param name="From">The box it leaves.</param>
/// <param name="To">The box it comes to.</param>
/// <param name="Label">What passes along it; may be empty.</param>
public sealed record DiagramArrow(string From, string To, string Label = "");

/// <summary>
/// A drawing of an idea in the look of the house: boxes and arrows, a chain and its cuts, nested rings. It is an SVG picture with a ground of its own,
/// light or dark as the reader's screen is, and a description in words.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Diagram : IDisplayable
{
    private const int Letter = 8, Line = 19, Pad = 12, Edge = 16;

    private readonly string _shapes;
    private readonly string _words;
    private readonly int _width;
    private readonly int _height;

    private Diagram(string caption, string words, StringBuilder shapes, double width, double height) =>
        (Caption, _words, _shapes, _width, _height) = (caption, words, shapes.ToString(), (int)Math.Ceiling(width), (int)Math.Ceiling(height));

    /// <summary>What the drawing shows, as a finding.</summary>
    public string Caption { get; }

    /// <summary>Boxes on a grid, and arrows between them.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="arrows">The arrows.</param>
    /// <exception cref="ArgumentException">There is no box, or an arrow names one that is not there.</exception>
    public static Diagram Flow(string caption, IEnumerable<DiagramBox> boxes, IEnumerable<DiagramArrow> arrows)
    {
        var (all, lines) = (boxes.ToList(), arrows.ToList());
        if (all.Count == 0) throw new ArgumentException("There is nothing to draw: the diagram was given no box.", nameof(boxes));
        foreach (string? name in lines.SelectMany(a => new[] { a.From, a.To }))
            if (all.All(b => b.Id != name)) throw new ArgumentException($"An arrow names the box '{name}'; there are {string.Join(", ", all.Select(b => b.Id))}.", nameof(arrows));

        // A gap is as wide as the longest label that crosses it.
        int LabelAfter(int column) => lines.Where(a => Columns(a) is var (left, right) && left <= column && column < right).Select(a => Width(a.Label)).DefaultIfEmpty(0).Max();
        (int Left, int Right) Columns(DiagramArrow a) => (all.Single(b => b.Id == a.From).Column, all.Single(b => b.Id == a.To).Column) is var (x, y) ? (Math.Min(x, y), Math.Max(x, y)) : default;
        var columns = Starts(all.Max(b => b.Column) + 1, c => all.Where(b => b.Column == c).Select(b => Width(b.Text) + 2 * Pad).DefaultIfEmpty(0).Max(), c => Math.Max(44, LabelAfter(c) + 28));
        var rows = Starts(all.Max(b => b.Row) + 1, r => all.Where(b => b.Row == r).Select(b => Height(b.Text) + 2 * Pad - 6).DefaultIfEmpty(0).Max(), _ => 34);
        var places = all.ToDictionary(b => b.Id, b =>
        {
            var (column, row) = (columns[b.Column], rows[b.Row]);
            return new Rect(column.Start, row.Start, column.Size, row.Size);
        });

        var svg = new StringBuilder();
        foreach (var arrow in lines)
        {
            var ((x1, y1), (x2, y2)) = Between(places[arrow.From], places[arrow.To]);
            svg.Append(Invariant($"<line class=\"arrow\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" marker-end=\"url(#tip)\"/>"));
            if (arrow.Label.Length > 0)
                Write(svg, arrow.Label, (x1 + x2) / 2 + (Math.Abs(x1 - x2) < 1 ? Width(arrow.Label) / 2.0 + 8 : 0), (y1 + y2) / 2 - (Math.Abs(x1 - x2) < 1 ? -5 : 7), "quiet");
        }

        foreach (var box in all)
            Box(svg, places[box.Id], box.Text, box.Color);
        string words = string.Join("; ", lines.Count > 0 ? lines.Select(a => $"{Flat(all, a.From)} → {Flat(all, a.To)}{(a.Label.Length > 0 ? $" ({a.Label})" : "")}") : all.Select(b => b.Text.Replace('\n', ' ')));
        return new(caption, words, svg, columns[^1].Start + columns[^1].Size + Edge, rows[^1].Start + rows[^1].Size + Edge);

        static string Flat(List<DiagramBox> boxes, string id) => boxes.Single(b => b.Id == id).Text.Replace('\n', ' ');
    }

    /// <summary>A chain and the ways to cut it, a line each with its number; the lowest number is where it breaks.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="cuts">The parts of each way, and its number.</param>
    /// <param name="measure">What the number is.</param>
    /// <param name="decimals">Digits after the point.</param>
    /// <exception cref="ArgumentException">There is no cut.</exception>
    public static Diagram Chain(string caption, IEnumerable<(IReadOnlyList<string> Parts, double Value)> cuts, string measure, int decimals = 2)
    {
        var all = cuts.ToList();
        if (all.Count == 0) throw new ArgumentException("There is nothing to draw: the chain was given no cut.", nameof(cuts));
        var weakest = all.MinBy(c => c.Value);
        const int row = 46, gap = 34;
        var svg = new StringBuilder();
        int right = all.Max(c => c.Parts.Sum(p => Width(p) + 2 * Pad) + gap * (c.Parts.Count - 1)) + Edge + 24;
        Write(svg, measure, right, Edge + 10, "quiet", "start");
        foreach (var (cut, i) in all.Select((c, i) => (c, i)))
        {
            bool breaks = cut == weakest;
            double x = Edge, y = Edge + 24 + i * row;
            foreach (var (part, j) in cut.Parts.Select((p, j) => (p, j)))
            {
                if (j > 0)
                {
                    double middle = x + gap / 2.0;
                    svg.Append(Invariant($"<line class=\"{(breaks ? "broken" : "cut")}\" x1=\"{x + 3}\" y1=\"{y + 16}\" x2=\"{x + gap - 3}\" y2=\"{y + 16}\"/>"));
                    svg.Append(Invariant($"<line class=\"{(breaks ? "broken" : "cut")}\" x1=\"{middle + 4}\" y1=\"{y + 3}\" x2=\"{middle - 4}\" y2=\"{y + 29}\"/>"));
                    x += gap;
                }

                int width = Width(part) + 2 * Pad;
                Box(svg, new(x, y, width, 32), part, breaks ? 1 : 0);
                x += width;
            }

            Write(svg, Number(cut.Value, decimals) + (breaks ? "  ← weakest" : ""), right, y + 21, breaks ? "strong" : "ink", "start");
        }

        string lines = string.Join("; ", all.Select(c => $"{string.Join(" | ", c.Parts)}: {Number(c.Value, decimals)}{(c == weakest ? " (weakest)" : "")}"));
        return new(caption, $"{measure}: {lines}", svg, right + Math.Max(Width(measure), (decimals + 16) * Letter) + Edge, Edge + 24 + all.Count * row);
    }

    /// <summary>Rings one inside the other, each with its members, as for distances that grow outwards.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="rings">Name and lines of each ring, the outermost first.</param>
    /// <exception cref="ArgumentException">There is no ring.</exception>
    public static Diagram Rings(string caption, params IEnumerable<(string Name, IReadOnlyList<string> Members)> rings)
    {
        var all = rings.ToList();
        if (all.Count == 0) throw new ArgumentException("There is nothing to draw: the diagram was given no ring.", nameof(rings));
        const int inset = 18;
        int Own(int i) => 14 + Line * (1 + all[i].Members.Count);
        int width = all.Select((r, i) => r.Members.Append(r.Name).Max(Width) + 2 * Pad + 2 * inset * i).Max();
        int height = Enumerable.Range(0, all.Count).Sum(Own) + inset * all.Count;
        var svg = new StringBuilder();
        double y = Edge;
        for (int i = 0; i < all.Count; i++)
        {
            int left = Edge + inset * i;
            svg.Append(Invariant($"<rect x=\"{left}\" y=\"{y}\" width=\"{width - 2 * inset * i}\" height=\"{height - (y - Edge) - inset * i}\" rx=\"16\" stroke=\"{HouseStyle.Color(i)}\" stroke-width=\"2\" fill=\"{HouseStyle.Tint(i, 0.08)}\"/>"));
            Write(svg, all[i].Name, left + Pad, y + 22, "strong", "start");
            foreach (var (member, j) in all[i].Members.Select((m, j) => (m, j)))
                Write(svg, member, left + Pad, y + 22 + Line * (j + 1), "ink", "start");
            y += Own(i);
        }

        string words = string.Join("; inside it ", all.Select(r => $"{r.Name} ({string.Join(", ", r.Members)})"));
        return new(caption, words, svg, width + 2 * Edge, height + 2 * Edge);
    }

    /// <summary>The SVG picture.</summary>
    public string ToSvg() => Invariant($$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{_width}} {{_height}}" width="{{_width}}" height="{{_height}}" font-family="Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif" font-size="14"><style>svg{--ink:#1f2328;--quiet:#57606a;--ground:#ffffff}@media (prefers-color-scheme:dark){svg{--ink:#e6e8eb;--quiet:#a8b0ba;--ground:#15181c} }.ground{fill:var(--ground)}text{fill:var(--ink)}.quiet{fill:var(--quiet);font-size:13px}.strong{font-weight:bold}.plain{fill:none;stroke:var(--quiet);stroke-width:1.5}.arrow,.cut{stroke:var(--quiet);stroke-width:1.5}.broken{stroke:{{HouseStyle.Color(1)}};stroke-width:3}.tip{fill:var(--quiet)}</style><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs><rect class="ground" width="{{_width}}" height="{{_height}}" rx="8"/>{{_shapes}}</svg>
        """);

    /// <summary>A picture that carries itself; hosts that take drawings out of a page leave pictures in.</summary>
    public string ToHtml() =>
        $"<div class=\"nbk-diagram\"><p>{WebUtility.HtmlEncode(Caption)}</p><img alt=\"{WebUtility.HtmlEncode(_words)}\" width=\"{_width}\" style=\"max-width:100%;height:auto\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(ToSvg()))}\"></div>";

    /// <summary>Caption and description.</summary>
    public override string ToString() => $"{Caption}\n{_words}";

    private static void Box(StringBuilder svg, Rect place, string text, int? color)
    {
        string look = color is { } c ? $"stroke=\"{HouseStyle.Color(c)}\" stroke-width=\"2\" fill=\"{HouseStyle.Tint(c, 0.14)}\"" : "class=\"plain\"";
        svg.Append(Invariant($"<rect x=\"{place.X}\" y=\"{place.Y}\" width=\"{place.Width}\" height=\"{place.Height}\" rx=\"6\" {look}/>"));
        string[] lines = text.Split('\n');
        foreach (var (line, i) in lines.Select((l, i) => (l, i)))
            Write(svg, line, place.X + place.Width / 2, place.Y + place.Height / 2 + 5 + Line * (i - (lines.Length - 1) / 2.0), "ink");
    }

    private static void Write(StringBuilder svg, string text, double x, double y, string look, string anchor = "middle") =>
        svg.Append(Invariant($"<text class=\"{look}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" xml:space=\"preserve\">{WebUtility.HtmlEncode(text)}</text>"));

    /// <summary>From the edge of one box to the edge of the other, straight; boxes in one row meet at their sides, others above and below.</summary>
    private static ((double X, double Y), (double X, double Y)) Between(Rect from, Rect to)
    {
        var (a, b) = ((X: from.X + from.Width / 2, Y: from.Y + from.Height / 2), (X: to.X + to.Width / 2, Y: to.Y + to.Height / 2));
        bool beside = from.X + from.Width < to.X || to.X + to.Width < from.X;
        int side = Math.Sign(b.X - a.X);
        int down = Math.Sign(b.Y - a.Y);
        return beside
            ? ((a.X + side * from.Width / 2, a.Y), (b.X - side * (to.Width / 2 + 3), b.Y))
            : ((a.X, a.Y + down * from.Height / 2), (b.X, b.Y - down * (to.Height / 2 + 3)));
    }

    private static List<(double Start, double Size)> Starts(int count, Func<int, int> size, Func<int, int> gapAfter)
    {
        var places = new List<(double, double)>();
        double at = Edge;
        for (int i = 0; i < count; i++)
        {
            places.Add((at, size(i)));
            at += size(i) + gapAfter(i);
        }

        return places;
    }

    // Letters are not measured: eight pixels each is more than any font of the list takes on average.
    private static int Width(string text) => text.Split('\n').Max(l => l.Length) * Letter;

    private static int Height(string text) => text.Split('\n').Length * Line;

    private static string Number(double value, int decimals) => value.ToString("N" + decimals, CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private readonly record struct Rect(double X, double Y, double Width, double Height);
}
