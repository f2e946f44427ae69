using System.Globalization;
using System.Net;
using System.Text;
using NotebookKit.Pmi;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary>A vocabulary's tables and plots as one HTML file that needs nothing else.</summary>
internal static class PmiStatsPage
{
    private const int Width = 640, Height = 300, Left = 60, Bottom = 40, Top = 16, Right = 90;

    private static readonly string[] Colors = ["#1f6f8b", "#c8553d", "#588157", "#7b5ea7", "#b08900", "#555555"];

    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
        table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { padding: .15rem .7rem; border-bottom: 1px solid #ddd; text-align: right }
        th:first-child, td:first-child { text-align: left } caption { text-align: left; font-weight: 600; padding: .3rem 0 }
        svg { max-width: 100%; height: auto } svg text { font-size: 12px; fill: #222 }
        @media (prefers-color-scheme: dark) { body { background: #16181c; color: #ddd } svg text { fill: #ddd } th, td { border-color: #444 } }
        """;

    public static void Write(string path, VocabularyReport report)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append($"<title>{WebUtility.HtmlEncode(report.Name)}</title>\n<style>\n{Style}\n</style></head><body>\n<h1>{WebUtility.HtmlEncode(report.Name)}</h1>\n");
        if (report.CoverageCurve() is { Length: > 1 } coverage)
            page.Append(Plot("Share of the corpus inside entries", "entries used (logarithmic)", "% of words", logX: true, [("", coverage)]));
        if (report.Vocabulary.Entries.All(entry => entry.Score != null))
            page.Append(Plot("Score by rank within each length", "rank within the length (logarithmic)", "score", logX: true, Curves(report, entry => entry.Score!.Value)));
        if (report.Vocabulary.Entries.All(entry => entry.Count != null))
            page.Append(Plot("How often the entries occur", "entries of the length, most frequent first (logarithmic)", "log10 of the count", logX: true,
                [.. report.Lengths.Select(length => ($"n = {length.Key}", Thin([.. length.Select(entry => Math.Log10(entry.Count!.Value)).OrderDescending()])))]));
        foreach ((string title, string[] columns, IEnumerable<string[]> rows) in report.Tables())
        {
            page.Append($"<table><caption>{WebUtility.HtmlEncode(title)}</caption><tr>{Cells("th", columns)}</tr>\n");
            foreach (string[] row in rows) page.Append($"<tr>{Cells("td", row)}</tr>\n");
            page.Append("</table>\n");
        }
        page.Append("</body></html>\n");
        File.WriteAllText(path, page.ToString());
    }

    private static string Cells(string tag, string[] cells) => string.Concat(cells.Select(cell => $"<{tag}>{WebUtility.HtmlEncode(cell)}</{tag}>"));

    private static (string, (double X, double Y)[])[] Curves(VocabularyReport report, Func<MaskingEntry, double> value) =>
        [.. report.Lengths.Select(length => ($"n = {length.Key}", Thin([.. length.Select(value)])))];

    /// <summary>At most a few hundred points of a curve over the ranks 1, 2, 3, …, evenly on a logarithmic axis.</summary>
    private static (double X, double Y)[] Thin(double[] values) =>
        [.. Enumerable.Range(0, 300).Select(i => (int)Math.Pow(values.Length, i / 299.0)).Append(values.Length).Distinct().Select(rank => ((double)rank, values[rank - 1]))];

    private static string Plot(string title, string xTitle, string yTitle, bool logX, (string Name, (double X, double Y)[] Points)[] curves)
    {
        (double X, double Y)[] all = [.. curves.SelectMany(curve => curve.Points)];
        double xMax = Math.Max(2, all.Max(point => point.X)), yMin = Math.Min(0, Math.Floor(all.Min(point => point.Y))), yMax = Math.Max(1, Math.Ceiling(all.Max(point => point.Y)));
        double X(double x) => Left + ((logX ? Math.Log(x) / Math.Log(xMax) : x / xMax) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - yMin) / (yMax - yMin) * (Height - Bottom - Top));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" role=\"img\" aria-label=\"{title}\">\n");
        for (int tick = 0; tick <= 4; tick++)
        {
            double y = yMin + ((yMax - yMin) * tick / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#8884\"/><text x=\"{Left - 6}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:0.##}</text>\n");
        }
        for (double x = 1; x <= xMax; x *= 10)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{x:N0}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{xTitle}</text><text x=\"14\" y=\"{Height / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {Height / 2})\">{yTitle}</text>\n");
        for (int i = 0; i < curves.Length; i++)
        {
            string color = Colors[i % Colors.Length];
            string points = string.Join(' ', curves[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" points=\"{points}\"/><text x=\"{Width - Right + 10}\" y=\"{Top + 14 + (18 * i)}\" style=\"fill: {color}\">{curves[i].Name}</text>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }
}
