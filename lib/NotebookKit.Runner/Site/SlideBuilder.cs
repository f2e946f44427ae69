using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>
/// Makes a presentation of an executed notebook: one file that needs nothing else. The cells say what they are in Jupyter's own way,
/// <c>metadata.slideshow.slide_type</c>: <c>slide</c> and <c>subslide</c> begin a slide, <c>fragment</c> waits for a key, <c>notes</c> are for the
/// presenter, <c>skip</c> is left out, and anything else goes on with the slide before it.
/// </summary>
internal static class SlideBuilder
{
    /// <summary>Writes the presentation of <paramref name="notebookPath"/> to <paramref name="slidesPath"/>.</summary>
    /// <param name="notebookPath">An executed <c>.ipynb</c>. If none of its cells says what it is, each heading of the first two levels begins a slide.</param>
    /// <param name="slidesPath">The <c>.html</c> to write; replaced as a whole.</param>
    /// <param name="pictures">The folder that the notebook itself lies in, from which the addresses of its pictures start.</param>
    /// <returns>The number of slides.</returns>
    /// <exception cref="InvalidDataException">The file is not a notebook, or leaves nothing to show.</exception>
    public static int Build(string notebookPath, string slidesPath, string pictures)
    {
        var notebook = NotebookReader.Read(notebookPath);
        var slides = Slides(notebook, new MarkdownHtml(pictures, path => PageBeside(slidesPath, path)));
        if (slides.Count == 0)
        {
            throw new InvalidDataException($"{notebookPath}: no cell is a slide; every cell is empty, or marked 'skip' or 'notes'.");
        }

        string sections = string.Concat(slides.Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"""
            <section class="slide" aria-label="Slide {i + 1} of {slides.Count}"><div class="fit">
            {s.Body}</div><template class="notes">{s.Notes}</template></section>

            """)));
        string body = $"""
            <main id="stage">
            {sections}</main>
            <p id="place" aria-live="polite"></p>
            <p id="keys">arrow keys: forward and back · S: notes in a window · D: light or dark · F: full screen</p>
            """;
        bool hasFigures = slides.Any(s => s.HasFigures);
        AtomicFile.Write(slidesPath, PageShell.Page(MarkdownHtml.Title(notebook) ?? Path.GetFileNameWithoutExtension(notebookPath), PageShell.Asset("page.css") + PageShell.Asset("slides.css"), body, PageShell.Asset("drawings.js") + PageShell.Asset("slides.js"), hasFigures));
        return slides.Count;
    }

    private static List<Slide> Slides(Notebook notebook, MarkdownHtml markdown)
    {
        bool told = notebook.Cells.Any(c => Kind(c).Length > 0);
        var slides = new List<Slide>();
        foreach (var cell in notebook.Cells)
        {
            string kind = told ? Kind(cell) : BeginsSection(cell) ? "slide" : "";
            if (kind == "skip")
            {
                continue;
            }

            string html = Html(cell, markdown);
            if (html.Length == 0)
            {
                continue;
            }

            if (kind == "notes" && slides.Count > 0)
            {
                slides[^1].Notes.Append(html);
                continue;
            }

            if (kind is "slide" or "subslide" || slides.Count == 0)
            {
                slides.Add(new Slide());
            }

            slides[^1].Body.Append(kind == "fragment" ? $"<div class=\"fragment\">{html}</div>" : html);
            slides[^1].HasFigures |= cell.Outputs.Any(OutputHtml.IsFigure);
        }

        return slides;
    }

    /// <summary>The slides or the page of another notebook, if they lie beside these.</summary>
    private static string? PageBeside(string slidesPath, string notebook) => new[] { notebook + ".slides.html", notebook + ".html" }
        .Where(page => File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(slidesPath))!, page)))
        .Select(SiteEntry.Link)
        .FirstOrDefault();

    private static string Kind(NotebookCell cell) =>
        (cell.Metadata["slideshow"] as JsonObject)?["slide_type"] is JsonValue value && value.TryGetValue<string>(out string? kind) && kind != "-" ? kind : "";

    private static bool BeginsSection(NotebookCell cell) =>
        cell.Kind == CellKind.Markdown
        && cell.Source.TrimStart() is var text
        && (text.StartsWith("# ", StringComparison.Ordinal) || text.StartsWith("## ", StringComparison.Ordinal));

    private static string Html(NotebookCell cell, MarkdownHtml markdown)
    {
        string source = cell.Source.TrimEnd();
        if (cell.Kind == CellKind.Markdown)
        {
            return source.Length == 0 ? "" : $"<div class=\"prose\">{markdown.Write(source, cell.Attachments)}</div>\n";
        }

        if (cell.Kind == CellKind.Raw)
        {
            return NotebookPage.IsHtml(cell) ? $"<div class=\"prose\">{markdown.TakeInPictures(source, cell.Attachments)}</div>\n" : "";
        }

        // What sets the stage is not part of the play: an import or a parameter cell without outputs makes no slide.
        string outputs = string.Concat(cell.Outputs.Select(o => OutputHtml.Write(o, markdown)));
        string code = source.Length == 0 || NotebookPage.IsSetUp(cell) ? "" : CodeHtml.Write(source, folded: false);
        return code.Length + outputs.Length == 0 ? "" : $"<div class=\"cell\">{code}{outputs}</div>\n";
    }

    private sealed class Slide
    {
        internal StringBuilder Body { get; } = new();

        internal StringBuilder Notes { get; } = new();

        internal bool HasFigures { get; set; }
    }
}
