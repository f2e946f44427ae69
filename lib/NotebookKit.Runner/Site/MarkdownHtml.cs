using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>The prose of one notebook: headings that can be linked, pictures taken in, links to other notebooks turned to their pages, formulas drawn.</summary>
/// <param name="notebookPath">The notebook; the pictures of its prose lie beside it.</param>
/// <param name="pageOf">
/// The link to the page of another notebook, by as much of its path as the prose tells (<c>solutions/01-name</c>); null when it has no page here, and
/// then its name stays without a link.
/// </param>
internal sealed partial class MarkdownHtml(string notebookPath, Func<string, string?> pageOf)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseGridTables()
        .UseEmphasisExtras()
        .UseFootnotes()
        .UseDefinitionLists()
        .UseTaskLists()
        .UseAutoLinks()
        .UseMathematics()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    private readonly HashSet<string> ids = [];

    /// <summary>The headings so far: level, id and text.</summary>
    internal List<(int Level, string Id, string Text)> Headings { get; } = [];

    internal string Write(string markdown)
    {
        // GitHub and Jupyter let a displayed formula go on over several lines of its paragraph; the parser here does not.
        var document = Markdown.Parse(ParagraphOfFormula().Replace(markdown, formula => formula.Value.ReplaceLineEndings(" ")), Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            Anchor(heading);
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Redirect(link);
        }

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineFormula());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new DisplayedFormula());
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new ProseCode());
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>The first heading of the first level, as text.</summary>
    internal static string? Title(ExecutedNotebook notebook) => notebook.Cells
        .Where(c => (string?)c["cell_type"] == "markdown")
        .SelectMany(c => Markdown.Parse(ExecutedNotebook.Text(c["source"]), Pipeline).Descendants<HeadingBlock>())
        .Where(h => h.Level == 1)
        .Select(PlainText)
        .FirstOrDefault();

    private void Anchor(HeadingBlock heading)
    {
        var text = PlainText(heading);
        var attributes = heading.GetAttributes();
        var wanted = string.IsNullOrEmpty(attributes.Id) ? "section" : attributes.Id;
        var id = wanted;
        for (var n = 1; !ids.Add(id); n++)
        {
            id = $"{wanted}-{n}";
        }

        attributes.Id = id;
        Headings.Add((heading.Level, id, text));
        heading.Inline?.AppendChild(new HtmlInline($" <a class=\"anchor\" href=\"#{PageShell.Encode(id)}\" aria-label=\"Link to this section\">#</a>"));
    }

    private void Redirect(LinkInline link)
    {
        var url = link.Url ?? "";
        if (link.IsImage)
        {
            if (TakeIn(url) is { } data)
            {
                link.Url = data;
            }

            if (link.FirstChild is null)
            {
                link.AppendChild(new LiteralInline(Path.GetFileNameWithoutExtension(url)));
            }
        }
        else if (NotebookLink().Match(url) is { Success: true } match)
        {
            var parts = Uri.UnescapeDataString(match.Groups["path"].Value).Split('/').Where(p => p is not ("." or ".."));
            if (pageOf(string.Join('/', parts)) is { } page)
            {
                link.Url = page + match.Groups["part"].Value;
            }
            else
            {
                Unlink(link);
            }
        }
    }

    private static void Unlink(LinkInline link)
    {
        while (link.FirstChild is { } child)
        {
            child.Remove();
            link.InsertBefore(child);
        }

        link.Remove();
    }

    private string? TakeIn(string url)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(notebookPath))!, Uri.UnescapeDataString(url));
        var type = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => null,
        };
        return type is not null && !url.Contains("://", StringComparison.Ordinal) && File.Exists(path)
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"
            : null;
    }

    private static string PlainText(HeadingBlock heading) =>
        string.Concat(heading.Inline?.Descendants().Select(i => i switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            MathInline math => math.Content.ToString(),
            LineBreakInline => " ",
            _ => "",
        }) ?? []).Trim();

    [GeneratedRegex(@"^\$\$[^$\r\n][^$]*\$\$", RegexOptions.Multiline)]
    private static partial Regex ParagraphOfFormula();

    [GeneratedRegex(@"^(?<path>[^:?#]+)\.ipynb(?<part>#.*)?$")]
    private static partial Regex NotebookLink();

    private sealed class InlineFormula : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj) =>
            renderer.Write(MathMl.Write(obj.Content.ToString(), displayed: obj.DelimiterCount > 1));
    }

    private sealed class DisplayedFormula : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj) =>
            renderer.Write("<div class=\"formula\">").Write(MathMl.Write(obj.Lines.ToString(), displayed: true)).WriteLine("</div>");
    }

    private sealed class ProseCode : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj) =>
            renderer.WriteLine(CodeHtml.Write(obj.Lines.ToString(), folded: false, language: obj is FencedCodeBlock { Info: { Length: > 0 } info } ? info : "text"));
    }
}
