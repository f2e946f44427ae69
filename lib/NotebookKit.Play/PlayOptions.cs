namespace NotebookKit.Play;

/// <summary>How the page is served.</summary>
public sealed record PlayOptions
{
    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A word that every request must bring; with one the page is served to other machines too, without one to this machine only.
    /// </summary>
    public string Token { get; init; } = "";

    /// <summary>The suite's stylesheet, which the page's own is laid over.</summary>
    public string Stylesheet { get; init; } = "";

    /// <summary>Is run on each thread that computes, before it does, for instance to bound torch's threads; null for nothing.</summary>
    public Action? BeginThread { get; init; }
}
