using System.Globalization;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>An executed notebook and what is known about its run.</summary>
/// <param name="NotebookPath">The executed copy.</param>
/// <param name="Folder">Where the notebook itself lies, with the pictures that its prose shows.</param>
/// <param name="Title">The notebook's first heading.</param>
/// <param name="Preset">The value of its parameter <c>preset</c>, or an empty text.</param>
/// <param name="Seconds">How long the run took.</param>
/// <param name="Device">What it ran on.</param>
/// <param name="Commit">The commit of the checkout, or an empty text.</param>
/// <param name="Date">When it was run, UTC.</param>
/// <param name="Outcome">passed, failed or interrupted.</param>
internal sealed record SitePage(
    string NotebookPath, string Folder, string Title, string Preset, double Seconds, string Device, string Commit, DateTimeOffset Date, string Outcome)
{
    /// <summary>The executed copy's content where it is at hand; null when it is to be read from its file.</summary>
    internal Notebook? Notebook { get; init; }
}

/// <summary>A page of the site that is being made.</summary>
/// <param name="Page">What is known of the run.</param>
/// <param name="Notebook">What it left.</param>
/// <param name="Address">Where its page lies in the site, with forward slashes.</param>
internal sealed record SiteEntry(SitePage Page, Notebook Notebook, string Address)
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

/// <summary>What is known of a run, in one line.</summary>
internal static class RunFacts
{
    internal static string Write(SitePage page)
    {
        var facts = new[]
        {
            ("preset", page.Preset),
            ("took", Duration(page.Seconds)),
            ("device", page.Device),
            ("date", page.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("commit", page.Commit.Length > 10 ? page.Commit[..10] : page.Commit),
        };
        return "<dl class=\"facts\">" + string.Concat(facts.Where(f => f.Item2.Length > 0).Select(f => $"<div><dt>{f.Item1}</dt><dd>{PageShell.Encode(f.Item2)}</dd></div>")) + "</dl>";
    }

    internal static string Duration(double seconds) => seconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F1} min");
}
