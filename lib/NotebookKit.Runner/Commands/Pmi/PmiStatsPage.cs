using System.Text;
using NotebookKit.Display;
using NotebookKit.Pmi;
using NotebookKit.Runner.Site;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary>A vocabulary's tables and plots as one HTML file that needs nothing else.</summary>
internal static class PmiStatsPage
{
    public static void Write(string path, VocabularyReport report)
    {
        StringBuilder body = new();
        body.Append("<header class=\"top\"><span class=\"name\">NotebookKit</span><button type=\"button\" id=\"theme\" hidden>theme: auto</button></header>\n");
        body.Append($"<main class=\"index\">\n<h1>{PageShell.Encode(report.Name)}</h1>\n");
        Figure[] figures = [.. Figures(report)];
        foreach (var figure in figures) body.Append(OutputHtml.Figure(figure.ToPlotly(), figure.ToString())).Append('\n');
        foreach ((string title, string[] columns, var rows) in report.Tables())
        {
            body.Append($"<div class=\"output scroll\"><table><caption>{PageShell.Encode(title)}</caption><thead><tr>{Cells("th", columns)}</tr></thead><tbody>\n");
            foreach (string[] row in rows) body.Append($"<tr>{Cells("td", row)}</tr>\n");
            body.Append("</tbody></table></div>\n");
        }
        body.Append("</main>\n");
        AtomicFile.Write(path, PageShell.Page(report.Name, PageShell.Asset("page.css"), body.ToString(), PageShell.Asset("drawings.js") + PageShell.Asset("page.js"), figures.Length > 0));
    }

    private static IEnumerable<Figure> Figures(VocabularyReport report)
    {
        if (report.CoverageCurve() is { Length: > 1 } coverage)
            yield return Draw.Curves([new("coverage", [.. coverage.Select(point => point.X)], [.. coverage.Select(point => point.Y)])], "entries used", "% of words", "Share of the corpus inside entries", logX: true);
        if (report.Vocabulary.Entries.All(entry => entry.Score != null))
            yield return Draw.Curves(ByLength(report, length => length.Select(entry => entry.Score!.Value)), "rank within the length", "score", "Score by rank within each length", logX: true);
        if (report.Vocabulary.Entries.All(entry => entry.Count != null))
            yield return Draw.Curves(ByLength(report, length => length.Select(entry => (double)entry.Count!.Value).OrderDescending()), "entries of the length, most frequent first", "count", "How often the entries occur", logX: true, logY: true);
    }

    private static string Cells(string tag, string[] cells) => string.Concat(cells.Select(cell => $"<{tag}>{PageShell.Encode(cell)}</{tag}>"));

    private static IEnumerable<Curve> ByLength(VocabularyReport report, Func<IEnumerable<MaskingEntry>, IEnumerable<double>> values) =>
        report.Lengths.Select(length => Thin($"n = {length.Key}", [.. values(length)]));

    /// <summary>A curve over the ranks 1, 2, 3, … with at most a few hundred points, evenly on a logarithmic axis.</summary>
    private static Curve Thin(string name, double[] values)
    {
        int[] ranks = [.. Enumerable.Range(0, 300).Select(i => (int)Math.Pow(values.Length, i / 299.0)).Append(values.Length).Distinct()];
        return new(name, [.. ranks.Select(rank => (double)rank)], [.. ranks.Select(rank => values[rank - 1])]);
    }
}
