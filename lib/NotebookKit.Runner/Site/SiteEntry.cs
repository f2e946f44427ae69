using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>A page of the site that is being made.</summary>
/// <param name="Page">What is known of the run.</param>
/// <param name="Notebook">What it left.</param>
/// <param name="Address">Where its page lies in the site, with forward slashes.</param>
internal sealed record SiteEntry(SitePage Page, ExecutedNotebook Notebook, string Address)
{
    /// <summary>The title of the card and of the links to the page.</summary>
    internal string Title => MarkdownHtml.Title(Notebook) ?? Page.Title;

    internal bool Succeeded => Page.Outcome == "passed";

    /// <summary>The notebook whose solutions these are, by the number that their names begin with; null for any other notebook.</summary>
    internal SiteEntry? SolutionOf(IEnumerable<SiteEntry> site) => Address.StartsWith("solutions/", StringComparison.Ordinal)
        ? site.FirstOrDefault(e => !e.Address.Contains('/') && Number(e.Address) == Number(Address["solutions/".Length..]))
        : null;

    /// <summary>The link from this page to that of the notebook <paramref name="path"/>, which may tell only the end of its address; null if there is none.</summary>
    internal string? PageOf(string path, IReadOnlyList<SiteEntry> site) =>
        (site.FirstOrDefault(e => e.Address == path + ".html") ?? site.FirstOrDefault(e => Path.GetFileName(e.Address) == Path.GetFileName(path) + ".html")) is { } page
            ? LinkTo(page.Address)
            : null;

    private static string Number(string name) => name.Split('-', '.')[0];

    /// <summary>The address of <paramref name="target"/> as a link from this page.</summary>
    internal string LinkTo(string target) => Link(string.Concat(Enumerable.Repeat("../", Address.Count(c => c == '/'))) + target);

    /// <summary>An address as the value of an <c>href</c>.</summary>
    internal static string Link(string address) => PageShell.Encode(string.Join('/', address.Split('/').Select(Uri.EscapeDataString)));
}
