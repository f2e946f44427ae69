namespace NotebookKit.Runner.Site;

/// <summary>Makes a browsable site of executed notebooks: a page for each and an index, every one a single file that works offline.</summary>
public static class SiteBuilder
{
    /// <summary>Writes <c>NAME.html</c> for each page and <c>index.html</c> into <paramref name="siteFolder"/>; other files there are left alone.</summary>
    /// <param name="siteFolder">Made if it is not there.</param>
    /// <param name="pages">The notebooks, in the order of the index.</param>
    /// <returns>The path of the index.</returns>
    /// <exception cref="InvalidDataException">A notebook cannot be read; nothing is written.</exception>
    public static string Build(string siteFolder, IReadOnlyList<SitePage> pages)
    {
        ArgumentException.ThrowIfNullOrEmpty(siteFolder);
        ArgumentNullException.ThrowIfNull(pages);
        var notebooks = pages.Select(p => (Page: p, Notebook: ExecutedNotebook.Read(p.NotebookPath))).ToList();
        foreach (var (page, notebook) in notebooks)
        {
            WholeFile.Write(Path.Combine(siteFolder, page.Name + ".html"), NotebookPage.Write(page, notebook, pages));
        }

        var index = Path.Combine(siteFolder, "index.html");
        WholeFile.Write(index, IndexPage.Write(notebooks));
        return index;
    }
}
