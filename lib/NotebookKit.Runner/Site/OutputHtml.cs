using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>An output of a cell in its richest form that a page can show.</summary>
internal static partial class OutputHtml
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    internal static bool IsFigure(CellOutput output) => (output as ShownOutput)?.Json(Plotly) is not null;

    internal static string Write(CellOutput output, MarkdownHtml markdown) => output switch
    {
        StreamOutput stream => Stream(stream),
        ErrorOutput error => Error(error),
        ShownOutput shown => Display(shown, markdown),
        _ => throw new InvalidOperationException($"No form is known for {output.GetType()}."),
    };

    /// <summary>The words for a picture: those of its figure, or the plain text beside it.</summary>
    internal static string Alt(ShownOutput output)
    {
        string? figure = Told(output.Json(Plotly)?["layout"]?["meta"]?["alt"]);
        string? told = Told((output.Metadata["image/png"] as JsonObject)?["alt"]);
        string text = (figure ?? told ?? output.Text("text/plain") ?? "").Trim();
        return text.Length == 0 ? "Picture without a description" : text;
    }

    private static string? Told(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out string? text) ? text : null;

    private static string Stream(StreamOutput output)
    {
        bool error = output.Name == "stderr";
        string text = string.Join('\n', Ansi().Replace(output.Text, "").Split('\n').Select(Overwritten));
        return $"<pre class=\"output stream{(error ? " stderr" : "")}\" tabindex=\"0\">{PageShell.Encode(text)}</pre>";
    }

    /// <summary>What a terminal would show of a line that was written over.</summary>
    private static string Overwritten(string line)
    {
        line = line.TrimEnd('\r');
        return line[(line.LastIndexOf('\r') + 1)..];
    }

    private static string Error(ErrorOutput output)
    {
        string trace = Ansi().Replace(string.Join('\n', output.Traceback), "");
        return $"""
            <div class="output error"><p><strong>{PageShell.Encode(output.Name)}</strong>: {PageShell.Encode(output.Value)}</p>
            {(trace.Length > 0 ? $"<details><summary>where</summary><pre>{PageShell.Encode(trace)}</pre></details>" : "")}</div>
            """;
    }

    private static string Display(ShownOutput output, MarkdownHtml markdown)
    {
        if (output.Json(Plotly) is { } figure)
        {
            return Figure(figure, Alt(output), output.Text("image/png"));
        }

        if (output.Text("text/html") is { } html)
        {
            return $"<div class=\"output scroll\">{Formula().Replace(markdown.TakeInPictures(html), match => MathMl.Write(WebUtility.HtmlDecode(match.Groups["tex"].Value), displayed: true))}</div>";
        }

        if (output.Text("image/svg+xml") is { } svg)
        {
            return $"<img class=\"output\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" alt=\"{PageShell.Encode(Alt(output))}\">";
        }

        if (output.Text("text/latex") is { } latex)
        {
            return $"<div class=\"output\">{markdown.Formula(latex)}</div>";
        }

        foreach (string? mime in new[] { "image/png", "image/jpeg", "image/gif" })
        {
            if (output.Text(mime) is { } picture)
            {
                return Picture(mime, picture, Alt(output));
            }
        }

        if (output.Text("text/markdown") is { } md)
        {
            return $"<div class=\"output\">{markdown.Write(md)}</div>";
        }

        return output.Text("text/plain") is { } plain ? $"<pre class=\"output\" tabindex=\"0\">{PageShell.Encode(plain)}</pre>" : "";
    }

    private static string Picture(string mime, string base64, string alt) =>
        $"<img class=\"output\" src=\"data:{mime};base64,{string.Concat(base64.Where(c => !char.IsWhiteSpace(c)))}\" alt=\"{PageShell.Encode(alt)}\">";

    /// <summary>A figure that the scripts of a page draw.</summary>
    internal static string Figure(JsonObject figure, string alt, string? png = null)
    {
        string caption = Told(figure["layout"]?["meta"]?["caption"]) ?? "";
        int height = (int?)figure["layout"]?["height"] ?? 420;
        return $"""
            <figure class="output plot">
            {(caption.Length > 0 ? $"<figcaption>{PageShell.Encode(caption)}</figcaption>" : "")}
            <div class="drawing" role="img" aria-label="{PageShell.Encode(alt)}" style="min-height:{height}px"></div>
            <script type="application/json">{PageShell.ForScript(figure.ToJsonString())}</script>
            <noscript>{(png is null ? $"<p>{PageShell.Encode(alt)}</p>" : Picture("image/png", png, alt))}</noscript>
            </figure>
            """;
    }

    /// <summary>A formula as the kit's displays mark it.</summary>
    [GeneratedRegex(@"(?<=<span class=""nbk-tex"">)\$\$(?<tex>.*?)\$\$(?=</span>)", RegexOptions.Singleline)]
    private static partial Regex Formula();

    [GeneratedRegex(@"\x1b\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Ansi();
}
