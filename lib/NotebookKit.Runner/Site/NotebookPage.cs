using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>One executed notebook as one page.</summary>
internal static class NotebookPage
{
    internal static string Write(SiteEntry entry, IReadOnlyList<SiteEntry> site)
    {
        var notebook = entry.Notebook;
        var markdown = new MarkdownHtml(notebook.Path, path => entry.PageOf(path, site));
        var cells = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            WriteCell(cells, cell, markdown);
        }

        var title = markdown.Headings.Where(h => h.Level == 1).Select(h => h.Text).FirstOrDefault() ?? entry.Page.Title;
        var hasFigures = notebook.Cells.SelectMany(ExecutedNotebook.Outputs).Any(OutputHtml.IsFigure);
        var body = $"""
            <a class="skip" href="#content">Skip to the content</a>
            <header class="top">
            <a class="name" href="{entry.LinkTo("index.html")}">NotebookKit</a>
            <button type="button" id="fold" hidden>hide code</button>
            <button type="button" id="theme" hidden>theme: auto</button>
            </header>
            <div class="columns">
            <nav aria-label="Contents"><details open><summary>Contents</summary>{Contents(markdown)}{Neighbours(entry, site)}</details></nav>
            <main id="content">
            {(entry.Succeeded ? "" : "<p class=\"failed\" role=\"status\">This run stopped at an error; the page shows what it had made until then.</p>")}
            {(markdown.Headings.Any(h => h.Level == 1) ? "" : $"<h1>{PageShell.Encode(entry.Page.Title)}</h1>")}
            {cells}
            <footer>{RunFacts.Write(entry.Page)}</footer>
            </main>
            </div>
            """;
        return PageShell.Page(title, PageShell.Asset("page.css"), body, PageShell.Asset("drawings.js") + PageShell.Asset("page.js"), hasFigures);
    }

    private static void WriteCell(StringBuilder html, JsonObject cell, MarkdownHtml markdown)
    {
        var source = ExecutedNotebook.Text(cell["source"]);
        switch ((string?)cell["cell_type"])
        {
            case "markdown":
                html.Append("<section class=\"prose\">").Append(markdown.Write(source)).AppendLine("</section>");
                break;
            case "code":
                html.Append("<section class=\"cell\">");
                if (source.Trim().Length > 0)
                {
                    html.Append(CodeHtml.Write(source.TrimEnd(), folded: IsSetUp(cell, source)));
                }

                foreach (var output in ExecutedNotebook.Outputs(cell))
                {
                    html.Append(OutputHtml.Write(output, markdown.Write));
                }

                html.AppendLine("</section>");
                break;
        }
    }

    /// <summary>Cells that set the stage and say nothing to a reader.</summary>
    internal static bool IsSetUp(JsonObject cell, string source) =>
        source.StartsWith("#!import", StringComparison.Ordinal)
        || ExecutedNotebook.HasTag(cell, "injected-parameters")
        || ExecutedNotebook.HasTag(cell, "hide-input")
        || (bool?)cell["metadata"]?["jupyter"]?["source_hidden"] == true;

    private static string Contents(MarkdownHtml markdown) =>
        "<ol>" + string.Concat(markdown.Headings.Where(h => h.Level is 2 or 3).Select(h =>
            string.Create(CultureInfo.InvariantCulture, $"<li class=\"level{h.Level}\"><a href=\"#{PageShell.Encode(h.Id)}\">{PageShell.Encode(h.Text)}</a></li>"))) + "</ol>";

    private static string Neighbours(SiteEntry entry, IReadOnlyList<SiteEntry> site) => site.Count == 1 ? "" :
        "<p>Other notebooks</p><ul>" + string.Concat(site.Where(e => e != entry).Select(e =>
            $"<li><a href=\"{entry.LinkTo(e.Address)}\">{PageShell.Encode(e.Title)}</a></li>")) + "</ul>";
}
