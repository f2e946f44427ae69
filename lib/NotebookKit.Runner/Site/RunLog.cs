using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotebookKit.Runner.Site;

/// <summary>
/// <c>run.json</c> beside the executed copies: what was measured (seconds, date, commit, device). None of it goes into a notebook, so
/// that a second run without a change leaves the same files.
/// </summary>
internal static class RunLog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds these runs to those that the site's folder already tells of, and gives all whose executed copy is there.</summary>
    public static IReadOnlyList<SitePage> Merge(string siteFolder, IReadOnlyList<SitePage> latest)
    {
        string path = Path.Combine(siteFolder, "run.json");
        var pages = Earlier(path)
            .Select(entry => entry.ToPage(siteFolder))
            .Where(earlier => File.Exists(earlier.NotebookPath) && !latest.Any(page => page.NotebookPath == earlier.NotebookPath))
            .Concat(latest.Where(page => File.Exists(page.NotebookPath)))
            .OrderBy(page => Name(siteFolder, page).Contains('/')).ThenBy(page => Name(siteFolder, page), StringComparer.Ordinal)
            .ToList();
        AtomicFile.Write(path, JsonSerializer.Serialize(pages.Select(page => Entry.Of(siteFolder, page)), Json));
        return pages;
    }

    private static string Name(string siteFolder, SitePage page) => Path.GetRelativePath(siteFolder, page.NotebookPath).Replace('\\', '/');

    private static List<Entry> Earlier(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<List<Entry>>(File.ReadAllText(path), Json) ?? [] : [];
        }
        catch (JsonException)
        {
            // Only a record of past measurements; a damaged one is made anew from this run.
            return [];
        }
    }

    private sealed record Entry(
        string Notebook, string? Folder, string Title, string Preset, double Seconds, string Device, string Commit, DateTimeOffset Date, string Outcome)
    {
        public static Entry Of(string siteFolder, SitePage page) =>
            new(Name(siteFolder, page), Path.GetRelativePath(siteFolder, page.Folder).Replace('\\', '/'), page.Title, page.Preset, page.Seconds, page.Device, page.Commit, page.Date, page.Outcome);

        public SitePage ToPage(string siteFolder) =>
            new(Path.Combine([siteFolder, .. Notebook.Split('/')]), Path.GetFullPath(Path.Combine(siteFolder, Folder ?? "")), Title, Preset, Seconds, Device, Commit, Date, Outcome);
    }
}
