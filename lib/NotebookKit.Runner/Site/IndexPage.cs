using System.Text;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>The front page: a card for each notebook.</summary>
internal static class IndexPage
{
    private const string Title = "NotebookKit";

    internal static string Write(IReadOnlyList<SiteEntry> site)
    {
        var cards = new StringBuilder();
        foreach (var entry in site.Where(e => e.SolutionOf(site) is null))
        {
            var picture = Picture(entry.Notebook);
            cards.Append(System.Globalization.CultureInfo.InvariantCulture, $"""
                <li class="card">
                <h2><a href="{SiteEntry.Link(entry.Address)}">{PageShell.Encode(entry.Title)}</a></h2>
                {(entry.Notebook.About("paper") is { Length: > 0 } paper ? $"<p class=\"paper\">{PageShell.Encode(paper)}</p>" : "")}
                {(picture is var (data, alt) ? $"<img src=\"data:image/png;base64,{data}\" alt=\"{PageShell.Encode(alt)}\">" : "")}
                {(entry.Notebook.About("gist") is { Length: > 0 } gist ? $"<p>{PageShell.Encode(gist)}</p>" : "")}
                {(entry.Succeeded ? "" : "<p class=\"failed\">This run stopped at an error.</p>")}
                {string.Concat(site.Where(e => e.SolutionOf(site) == entry).Select(Solutions))}
                {RunFacts.Write(entry.Page)}
                </li>

                """);
        }

        string body = $"""
            <header class="top"><span class="name">{Title}</span><button type="button" id="theme">theme: auto</button></header>
            <main class="index">
            <h1>{Title}</h1>
            <p>Three papers, taken apart and run again in C#: read a notebook below, or run it yourself.</p>
            <ul class="cards">
            {cards}</ul>
            </main>
            """;
        return PageShell.Page(Title, PageShell.Asset("page.css"), body, PageShell.Asset("drawings.js") + PageShell.Asset("page.js"), hasFigures: false);
    }

    private static string Solutions(SiteEntry entry) =>
        $"<p class=\"solutions\"><a href=\"{SiteEntry.Link(entry.Address)}\">{PageShell.Encode(entry.Title)}</a>{(entry.Succeeded ? "" : " (stopped at an error)")}</p>";

    /// <summary>The picture of the cell that <c>metadata.notebookkit.cover</c> names, else the first.</summary>
    private static (string Data, string Alt)? Picture(Notebook notebook)
    {
        string cover = notebook.About("cover");
        foreach (var output in notebook.Cells.OrderByDescending(cell => cell.Id == cover).SelectMany(cell => cell.Outputs).OfType<ShownOutput>())
        {
            if (output.Text("image/png") is { } png)
            {
                return (string.Concat(png.Where(c => !char.IsWhiteSpace(c))), OutputHtml.Alt(output));
            }
        }

        return null;
    }
}
