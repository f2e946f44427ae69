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
        var markdown = new MarkdownHtml(entry.Page.Folder, path => entry.PageOf(path, site));
        var cells = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            WriteCell(cells, cell, markdown);
        }

        string title = markdown.Headings.Where(h => h.Level == 1).Select(h => h.Text).FirstOrDefault() ?? entry.Page.Title;
        bool hasFigures = notebook.Cells.SelectMany(cell => cell.Outputs).Any(OutputHtml.IsFigure);
        string body = $"""
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

    private static void WriteCell(StringBuilder html, NotebookCell cell, MarkdownHtml markdown)
    {
        switch (cell.Kind)
        {
            case CellKind.Markdown:
                html.Append("<section class=\"prose\">").Append(markdown.Write(cell.Source, cell.Attachments)).AppendLine("</section>");
                break;
            case CellKind.Code:
                html.Append("<section class=\"cell\">");
                if (cell.Source.Trim().Length > 0)
                {
                    html.Append(CodeHtml.Write(cell.Source.TrimEnd(), folded: IsSetUp(cell)));
                }

                foreach (var output in cell.Outputs)
                {
                    html.Append(OutputHtml.Write(output, markdown));
                }

                html.AppendLine("</section>");
                break;
            case CellKind.Raw when IsHtml(cell):
                html.Append("<section class=\"prose\">").Append(markdown.TakeInPictures(cell.Source, cell.Attachments)).AppendLine("</section>");
                break;
        }
    }

    /// <summary>Raw text that its author meant for a page like this one; raw text for another converter is none of ours.</summary>
    internal static bool IsHtml(NotebookCell cell) => new[] { "raw_mimetype", "format" }.Any(key => cell.Metadata[key] is JsonValue form && form.TryGetValue<string>(out string? mime) && mime == "text/html");

    /// <summary>Cells that set the stage and say nothing to a reader.</summary>
    internal static bool IsSetUp(NotebookCell cell) =>
        cell.Source.StartsWith("#!import", StringComparison.Ordinal)
        || cell.HasTag("injected-parameters")
        || cell.HasTag("hide-input")
        || ((cell.Metadata["jupyter"] as JsonObject)?["source_hidden"] is JsonValue hidden && hidden.TryGetValue<bool>(out bool isHidden) && isHidden);

    private static string Contents(MarkdownHtml markdown) =>
        "<ol>" + string.Concat(markdown.Headings.Where(h => h.Level is 2 or 3).Select(h =>
            string.Create(CultureInfo.InvariantCulture, $"<li class=\"level{h.Level}\"><a href=\"#{PageShell.Encode(h.Id)}\">{PageShell.Encode(h.Text)}</a></li>"))) + "</ol>";

    private static string Neighbours(SiteEntry entry, IReadOnlyList<SiteEntry> site) => site.Count == 1 ? "" :
        "<p>Other notebooks</p><ul>" + string.Concat(site.Where(e => e != entry).Select(e =>
            $"<li><a href=\"{entry.LinkTo(e.Address)}\">{PageShell.Encode(e.Title)}</a></li>")) + "</ul>";
}
