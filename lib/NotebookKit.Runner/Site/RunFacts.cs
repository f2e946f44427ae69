using System.Globalization;

namespace NotebookKit.Runner.Site;

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
