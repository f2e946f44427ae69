namespace NotebookKit.Models;

/// <summary>What became of the names when weights were loaded into a module.</summary>
/// <param name="Path">Where the weights came from.</param>
/// <param name="Loaded">Parameters that were set.</param>
/// <param name="Missing">Parameters that the files do not hold; they keep their initial values.</param>
/// <param name="Unexpected">Stored tensors that the module has no place for; they were left aside.</param>
/// <param name="Tied">Stored tensors that repeat a parameter under a second name.</param>
public sealed record LoadReport(
    string Path,
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Tied)
{
    /// <summary>Insists that nothing is missing.</summary>
    /// <param name="exceptPrefixes">Beginnings of names that may be missing: a head that is new and about to be trained.</param>
    /// <exception cref="InvalidDataException">Another parameter is missing.</exception>
    public LoadReport RequireAll(params IReadOnlyList<string> exceptPrefixes)
    {
        var missing = Missing.Where(name => !exceptPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        if (missing.Count == 0) return this;
        throw new InvalidDataException(
            $"{Path} lacks {missing.Count} of {Loaded.Count + Missing.Count} parameters: {Some(missing)}. It holds, without a place in the model: {Some(Unexpected)}. "
            + "The files may be of another architecture, or of the trunk without its head.");
    }

    /// <summary>The counts and the first names, in one line.</summary>
    public override string ToString() =>
        $"{Loaded.Count} parameters loaded; missing: {Some(Missing)}; unexpected: {Some(Unexpected)}; tied: {Some(Tied)}";

    private static string Some(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "none",
        <= 5 => string.Join(", ", names),
        _ => string.Join(", ", names.Take(5)) + $" and {names.Count - 5} more",
    };
}
