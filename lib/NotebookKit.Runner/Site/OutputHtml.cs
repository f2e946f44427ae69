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

    internal static bool IsFigure(JsonObject output) => ExecutedNotebook.Json(output["data"]?[Plotly]) is not null;

    internal static string Write(JsonObject output, Func<string, string> markdown) => (string?)output["output_type"] switch
    {
        "stream" => Stream(output),
        "error" => Error(output),
        _ => Display(output, markdown),
    };

    /// <summary>The words for a picture: those of its figure, or the plain text beside it.</summary>
    internal static string Alt(JsonObject output)
    {
        var figure = ExecutedNotebook.Json(output["data"]?[Plotly])?["layout"]?["meta"]?["alt"];
        var told = output["metadata"]?["image/png"]?["alt"];
        var text = ExecutedNotebook.Text(figure ?? told ?? output["data"]?["text/plain"]).Trim();
        return text.Length == 0 ? "Picture without a description" : text;
    }

    private static string Stream(JsonObject output)
    {
        var error = (string?)output["name"] == "stderr";
        var text = string.Join('\n', Ansi().Replace(ExecutedNotebook.Text(output["text"]), "").Split('\n').Select(Overwritten));
        return $"<pre class=\"output stream{(error ? " stderr" : "")}\" tabindex=\"0\">{PageShell.Encode(text)}</pre>";
    }

    /// <summary>What a terminal would show of a line that was written over.</summary>
    private static string Overwritten(string line)
    {
        line = line.TrimEnd('\r');
        return line[(line.LastIndexOf('\r') + 1)..];
    }

    private static string Error(JsonObject output)
    {
        var trace = Ansi().Replace(string.Join('\n', output["traceback"]?.AsArray().Select(l => (string?)l) ?? []), "");
        return $"""
            <div class="output error"><p><strong>{PageShell.Encode(ExecutedNotebook.Text(output["ename"]))}</strong>: {PageShell.Encode(ExecutedNotebook.Text(output["evalue"]))}</p>
            {(trace.Length > 0 ? $"<details><summary>where</summary><pre>{PageShell.Encode(trace)}</pre></details>" : "")}</div>
            """;
    }

    private static string Display(JsonObject output, Func<string, string> markdown)
    {
        if (output["data"] is not JsonObject data)
        {
            return "";
        }

        string? Text(string mime) => data[mime] is { } node ? ExecutedNotebook.Text(node) : null;
        if (ExecutedNotebook.Json(data[Plotly]) is { } figure)
        {
            return Figure(output, figure, Text("image/png"));
        }

        if (Text("text/html") is { } html)
        {
            return $"<div class=\"output scroll\">{Formula().Replace(html, match => MathMl.Write(WebUtility.HtmlDecode(match.Groups["tex"].Value), displayed: true))}</div>";
        }

        if (Text("image/svg+xml") is { } svg)
        {
            return $"<img class=\"output\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" alt=\"{PageShell.Encode(Alt(output))}\">";
        }

        foreach (var mime in new[] { "image/png", "image/jpeg", "image/gif" })
        {
            if (Text(mime) is { } picture)
            {
                return Picture(mime, picture, Alt(output));
            }
        }

        if (Text("text/markdown") is { } md)
        {
            return $"<div class=\"output\">{markdown(md)}</div>";
        }

        return Text("text/plain") is { } plain ? $"<pre class=\"output\" tabindex=\"0\">{PageShell.Encode(plain)}</pre>" : "";
    }

    private static string Picture(string mime, string base64, string alt) =>
        $"<img class=\"output\" src=\"data:{mime};base64,{string.Concat(base64.Where(c => !char.IsWhiteSpace(c)))}\" alt=\"{PageShell.Encode(alt)}\">";

    private static string Figure(JsonObject output, JsonObject figure, string? png)
    {
        var alt = Alt(output);
        var caption = ExecutedNotebook.Text(figure["layout"]?["meta"]?["caption"]);
        var height = (int?)figure["layout"]?["height"] ?? 420;
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
