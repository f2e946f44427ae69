using System.Net;
using System.Text;
using System.Text.Json.Nodes;
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
/// <param name="pictures">The folder of the notebook, from which the addresses of its pictures start.</param>
/// <param name="pageOf">
/// The link to the page of another notebook, by as much of its path as the prose tells (<c>solutions/01-name</c>); null when it has no page here, and
/// then its name stays without a link.
/// </param>
internal sealed partial class MarkdownHtml(string pictures, Func<string, string?> pageOf)
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

    private const string Attachment = "attachment:";

    private readonly HashSet<string> _ids = [];

    /// <summary>The headings so far: level, id and text.</summary>
    internal List<(int Level, string Id, string Text)> Headings { get; } = [];

    /// <param name="markdown">The text.</param>
    /// <param name="attachments">What is attached to its cell: name → mime type → content.</param>
    internal string Write(string markdown, JsonObject? attachments = null)
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
        return TakeInPictures(writer.ToString(), attachments);
    }

    /// <summary>TeX as a cell shows it: an environment or a bracketed formula by itself, or text with formulas between dollar signs.</summary>
    internal string Formula(string latex)
    {
        latex = latex.Trim();
        return latex.StartsWith("\\begin", StringComparison.Ordinal) ? $"<div class=\"formula\">{MathMl.Write(latex, displayed: true)}</div>"
            : latex is ['\\', '[', .. var displayed, '\\', ']'] ? $"<div class=\"formula\">{MathMl.Write(displayed, displayed: true)}</div>"
            : latex is ['\\', '(', .. var inline, '\\', ')'] ? MathMl.Write(inline, displayed: false)
            : Write(latex);
    }

    /// <summary>Puts pictures that are files of this machine, or attached to the cell, into the text itself: a page is one file.</summary>
    /// <param name="html">Finished HTML.</param>
    /// <param name="attachments">As for <see cref="Write"/>.</param>
    internal string TakeInPictures(string html, JsonObject? attachments = null) => PictureSource().Replace(html, source =>
    {
        string address = WebUtility.HtmlDecode(source.Groups["address"].Value);
        string? data = address.StartsWith(Attachment, StringComparison.OrdinalIgnoreCase) ? Attached(address[Attachment.Length..], attachments) : FromFile(address);
        string before = source.Groups["before"].Value;
        char quote = source.Value[before.Length] == '\'' ? '\'' : '"';
        return data is null ? source.Value : $"{before}{quote}{data}{quote}";
    });

    /// <summary>The first heading of the first level, as text.</summary>
    internal static string? Title(Notebook notebook) => notebook.Cells
        .Where(c => c.Kind == CellKind.Markdown)
        .SelectMany(c => Markdown.Parse(c.Source, Pipeline).Descendants<HeadingBlock>())
        .Where(h => h.Level == 1)
        .Select(PlainText)
        .FirstOrDefault();

    private void Anchor(HeadingBlock heading)
    {
        string text = PlainText(heading);
        var attributes = heading.GetAttributes();
        string wanted = string.IsNullOrEmpty(attributes.Id) ? "section" : attributes.Id;
        string id = wanted;
        for (int n = 1; !_ids.Add(id); n++)
        {
            id = $"{wanted}-{n}";
        }

        attributes.Id = id;
        Headings.Add((heading.Level, id, text));
        heading.Inline?.AppendChild(new HtmlInline($" <a class=\"anchor\" href=\"#{PageShell.Encode(id)}\" aria-label=\"Link to this section\">#</a>"));
    }

    private void Redirect(LinkInline link)
    {
        string url = link.Url ?? "";
        if (link.IsImage && link.FirstChild is null)
        {
            link.AppendChild(new LiteralInline(Path.GetFileNameWithoutExtension(Uri.UnescapeDataString(url.Split(':')[^1]))));
        }
        else if (!link.IsImage && NotebookLink().Match(url) is { Success: true } match)
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

    private static string? Attached(string name, JsonObject? attachments)
    {
        if (attachments?[Uri.UnescapeDataString(name)] is not JsonObject forms)
        {
            return null;
        }

        // Of several forms the sharpest.
        var (type, content) = forms.OrderBy(form => form.Key switch { "image/svg+xml" => 0, "image/png" => 1, _ => 2 })
            .FirstOrDefault(form => form.Key.StartsWith("image/", StringComparison.Ordinal));
        string text = ((string?)content)?.Trim() ?? "";
        return type is null ? null
            : text.StartsWith('<') ? Data(type, Encoding.UTF8.GetBytes(text)) // a drawing as text; all else is base64 already
            : $"data:{type};base64,{string.Concat(text.Where(c => !char.IsWhiteSpace(c)))}";
    }

    private string? FromFile(string address)
    {
        string path = Path.Combine(pictures, Uri.UnescapeDataString(address.Split('?', '#')[0]));
        string? type = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => null,
        };
        return type is not null && !address.Contains(':', StringComparison.Ordinal) && File.Exists(path) ? Data(type, File.ReadAllBytes(path)) : null;
    }

    private static string Data(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";

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

    [GeneratedRegex("""(?<before><img\b(?:[^>"']|"[^"]*"|'[^']*')*?\ssrc\s*=\s*)(?:"(?<address>[^"]*)"|'(?<address>[^']*)'|(?<address>[^\s"'>]+))""", RegexOptions.IgnoreCase)]
    private static partial Regex PictureSource();

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
