namespace NotebookKit.Runner.Site;

/// <summary>What became of the static pictures of a notebook.</summary>
/// <param name="Added">How many were added.</param>
/// <param name="LeftOut">Why pictures are missing, in one line without a full stop; null if none are.</param>
public sealed record PictureReport(int Added, string? LeftOut);
