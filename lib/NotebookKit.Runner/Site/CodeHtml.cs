using ColorCode;
using ColorCode.Styling;

namespace NotebookKit.Runner.Site;

/// <summary>C# in colour, by classes, so that light and dark are a matter of the style sheet.</summary>
internal static class CodeHtml
{
    internal static string Write(string source, bool folded, string language = "C#")
    {
        string id = language.ToLowerInvariant() is "csharp" or "cs" or "c#" ? "c#" : language;
        var known = Languages.FindById(id);
        string colored = known is null ? $"<pre>{PageShell.Encode(source)}</pre>" : Body(new HtmlClassFormatter(StyleDictionary.DefaultLight).GetHtmlString(source, known));
        return $"""
            <details class="code"{(folded ? "" : " open")}><summary>{PageShell.Encode(folded ? FirstLine(source) : language)}</summary><button type="button" class="copy" hidden>copy</button>{colored}</details>
            """;
    }

    // The formatter wraps its <pre> in a <div> of its own.
    private static string Body(string html)
    {
        int start = html.IndexOf("<pre>", StringComparison.Ordinal);
        int end = html.LastIndexOf("</pre>", StringComparison.Ordinal);
        return start < 0 || end < 0 ? html : $"<pre tabindex=\"0\">{html[(start + 5)..end].Trim('\r', '\n')}</pre>";
    }

    private static string FirstLine(string source) => source.Split('\n', 2)[0].Trim();
}
