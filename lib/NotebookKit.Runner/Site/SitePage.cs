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
public sealed record SitePage(
    string NotebookPath, string Folder, string Title, string Preset, double Seconds, string Device, string Commit, DateTimeOffset Date, string Outcome);
