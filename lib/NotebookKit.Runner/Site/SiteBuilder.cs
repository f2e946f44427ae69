using System.Net;

namespace NotebookKit.Runner.Site;

/// <summary>Makes the browsable pages of the executed notebooks.</summary>
public static class SiteBuilder
{
    /// <summary>Writes <c>index.html</c> into the site's folder.</summary>
    public static void Build(string siteFolder, IReadOnlyList<SitePage> pages)
    {
        var items = pages.Select(page =>
            $"<li><a href=\"{WebUtility.HtmlEncode(Path.GetRelativePath(siteFolder, page.NotebookPath).Replace('\\', '/'))}\">{WebUtility.HtmlEncode(page.Title)}</a></li>");
        File.WriteAllText(Path.Combine(siteFolder, "index.html"), $"<!doctype html><title>NotebookKit</title><ul>{string.Concat(items)}</ul>");
    }
}
