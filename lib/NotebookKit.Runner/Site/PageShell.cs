using System.Net;
using NotebookKit.Display;

namespace NotebookKit.Runner.Site;

/// <summary>The frame of every page: one file that holds all it needs and may ask nothing of any network.</summary>
internal static class PageShell
{
    // Not a request leaves the page, whatever a notebook writes into it. (plotly.js builds some functions from text.)
    private const string Policy = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; font-src data:";

    internal static string Page(string title, string style, string body, string script, bool hasFigures) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8' rx='2' fill='%230072B2'/%3E%3C/svg%3E">
        <title>{Encode(title)}</title>
        <style>{style}</style>
        </head>
        <body>
        {body}
        {(hasFigures ? $"<script>{ForScript(PlotlyScript.Read())}</script>\n<script>const darkTemplate = {ForScript(HouseStyle.Template(dark: true).ToJsonString())};</script>" : "")}
        <script>{script}</script>
        </body>
        </html>

        """;

    internal static string Asset(string name)
    {
        using var reader = new StreamReader(typeof(PageShell).Assembly.GetManifestResourceStream("Site." + name)!);
        return reader.ReadToEnd();
    }

    internal static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Text inside a script element ends at the first "&lt;/script", wherever it stands.</summary>
    internal static string ForScript(string script) => script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
}
