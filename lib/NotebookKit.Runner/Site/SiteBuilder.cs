using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Site;

/// <summary>Makes a browsable site of executed notebooks: a page for each and an index, every one a single file that works offline.</summary>
internal static class SiteBuilder
{
    /// <summary>
    /// Writes <c>index.html</c> and, for each notebook, an <c>.html</c> of its name: beside it if it lies in the site's folder, at the top of that
    /// folder otherwise. Other files are left alone.
    /// </summary>
    /// <param name="siteFolder">Made if it is not there.</param>
    /// <param name="pages">The notebooks, in the order of the index.</param>
    /// <exception cref="NotebookFormatException">A notebook cannot be read; nothing is written.</exception>
    public static void Build(string siteFolder, IReadOnlyList<SitePage> pages)
    {
        ArgumentException.ThrowIfNullOrEmpty(siteFolder);
        ArgumentNullException.ThrowIfNull(pages);
        var site = pages.Select(p => new SiteEntry(p, p.Notebook ?? NotebookReader.Read(p.NotebookPath), Address(siteFolder, p.NotebookPath))).ToList();
        foreach (var entry in site)
        {
            AtomicFile.Write(Path.Combine([siteFolder, .. entry.Address.Split('/')]), NotebookPage.Write(entry, site));
        }

        AtomicFile.Write(Path.Combine(siteFolder, "index.html"), IndexPage.Write(site));
    }

    private static string Address(string siteFolder, string notebookPath)
    {
        string relative = Path.GetRelativePath(Path.GetFullPath(siteFolder), Path.GetFullPath(notebookPath)).Replace('\\', '/');
        bool outside = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);
        return Path.ChangeExtension(outside ? Path.GetFileName(notebookPath) : relative, ".html");
    }
}
