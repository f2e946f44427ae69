namespace NotebookKit.Runner.Site;

/// <summary>An executed notebook and what is known of its run, to become one page.</summary>
/// <param name="NotebookPath">The executed <c>.ipynb</c>.</param>
/// <param name="Name">The file name of the page, without ending.</param>
/// <param name="Title">The title of the page, unless the notebook opens with a heading of its own.</param>
/// <param name="Preset">smoke, cpu or gpu.</param>
/// <param name="Seconds">How long the run took.</param>
/// <param name="Device">What it ran on.</param>
/// <param name="Commit">The commit of the code; empty if unknown.</param>
/// <param name="Date">The day of the run, as it shall be shown.</param>
/// <param name="Succeeded">False if the run stopped at an error; the page then says so.</param>
public sealed record SitePage(string NotebookPath, string Name, string Title, string Preset, double Seconds, string Device, string Commit, string Date, bool Succeeded);
