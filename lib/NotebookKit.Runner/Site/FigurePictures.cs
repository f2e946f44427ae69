using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookKit.Display;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>Gives every figure of an executed notebook a static picture beside its data, so that it shows where no script runs.</summary>
internal static partial class FigurePictures
{
    private const string Plotly = "application/vnd.plotly.v1+json";
    private const string Png = "image/png";
    private const int Width = 700;

    // Drawn at twice its size, for sharp text on fine screens.
    private const int Scale = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Adds an <c>image/png</c> to each figure of the notebook that has none, with one start of the browser; to all of them, or to none.</summary>
    /// <param name="notebook">An executed notebook; its figures get their pictures in place.</param>
    /// <param name="browser">What draws; null leaves the pictures out.</param>
    /// <param name="cancellation">Stops the browser; the notebook stays as it was.</param>
    /// <returns>How many were added, or why none were. A browser that fails is such a reason, not an error: the notebook is complete without.</returns>
    public static async Task<PictureReport> AddAsync(Notebook notebook, Browser? browser, CancellationToken cancellation = default)
    {
        var figures = notebook.Cells.SelectMany(cell => cell.Outputs).OfType<ShownOutput>()
            .Where(o => OutputHtml.IsFigure(o) && o.Data[Png] is null)
            .ToList();
        if (figures.Count == 0)
        {
            return new PictureReport(0, null);
        }

        if (browser is null)
        {
            return new PictureReport(0, $"static pictures of {figures.Count} figures were left out: no Chromium, Chrome or Edge was found (install one, or name it in {Browser.Variable})");
        }

        IReadOnlyList<byte[]> pictures;
        try
        {
            pictures = await DrawAsync([.. figures.Select(f => f.Json(Plotly)!)], browser, cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException)
        {
            return new PictureReport(0, $"static pictures of {figures.Count} figures were left out: {e.Message}");
        }

        for (int i = 0; i < figures.Count; i++)
        {
            Attach(figures[i], pictures[i]);
        }

        return new PictureReport(figures.Count, null);
    }

    private static async Task<IReadOnlyList<byte[]>> DrawAsync(IReadOnlyList<JsonObject> figures, Browser browser, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("notebookkit-figures-");
        try
        {
            string page = Path.Combine(folder.FullName, "figures.html");
            await File.WriteAllTextAsync(page, Page(figures), cancellation);
            string document = await browser.OpenAsync(page, Patience, cancellation);
            if (Result().Match(document) is not { Success: true } match)
            {
                throw new InvalidOperationException($"{browser.Path} gave no pictures back");
            }

            // Base64 and JSON have no character that a document would encode, save those of an error text.
            string[] urls = JsonSerializer.Deserialize<string[]>(System.Net.WebUtility.HtmlDecode(match.Groups[1].Value))!;
            const string Prefix = "data:image/png;base64,";
            return
            [
                .. urls.Select(url => url.StartsWith(Prefix, StringComparison.Ordinal)
                    ? PalettePng.Shrink(Convert.FromBase64String(url[Prefix.Length..]))
                    : throw new InvalidOperationException($"plotly.js could not draw a figure: {url}")),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Page(IEnumerable<JsonObject> figures) => $$"""
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"></head><body>
        <script>{{PageShell.ForScript(PlotlyScript.Read())}}</script>
        <script>
        const figures = {{PageShell.ForScript(new JsonArray([.. figures.Select(f => f.DeepClone())]).ToJsonString())}};
        (async () => {
          const urls = [];
          for (const figure of figures) {
            const height = figure.layout.height || 420;
            try {
              urls.push(await Plotly.toImage({ data: figure.data, layout: { ...figure.layout, width: {{Width}}, height } }, { format: 'png', width: {{Width}}, height, scale: {{Scale}} }));
            } catch (error) {
              urls.push(String(error));
            }
          }
          const result = document.createElement('pre');
          result.id = 'pictures';
          result.textContent = JSON.stringify(urls);
          document.body.replaceChildren(result);
        })();
        </script>
        </body></html>
        """;

    private static void Attach(ShownOutput output, byte[] picture)
    {
        output.Data[Png] = Convert.ToBase64String(picture);
        output.Metadata[Png] = new JsonObject
        {
            ["alt"] = OutputHtml.Alt(output),
            ["height"] = (int?)output.Json(Plotly)!["layout"]?["height"] ?? 420,
            ["width"] = Width,
        };
    }

    [GeneratedRegex("""<pre id="pictures">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Result();
}

/// <summary>What became of the static pictures of a notebook.</summary>
/// <param name="Added">How many were added.</param>
/// <param name="LeftOut">Why pictures are missing, in one line without a full stop; null if none are.</param>
internal sealed record PictureReport(int Added, string? LeftOut);
