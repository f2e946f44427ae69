namespace NotebookKit.Pretrained;

/// <summary>What became of the names when weights were loaded into a module.</summary>
/// <param name="Path">Where the weights came from.</param>
/// <param name="Loaded">Parameters that were set.</param>
/// <param name="Missing">Parameters that the files do not hold and that were allowed to keep their initial values.</param>
/// <param name="Unexpected">Stored tensors that the module has no place for; they were left aside.</param>
/// <param name="Tied">Stored tensors that repeat a parameter under a second name.</param>
public sealed record LoadReport(
    string Path,
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Tied)
{
    /// <summary>Insists that nothing is missing but what may be new.</summary>
    internal void RequireAllBut(IReadOnlyList<string> fresh)
    {
        var missing = Missing.Where(name => !fresh.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        if (missing.Count == 0) return;
        throw new InvalidDataException(
            $"{Path} lacks {missing.Count} of {Loaded.Count + Missing.Count} parameters: {Some(missing)}. It holds, without a place in the model: {Some(Unexpected)}. "
            + "The files may be of another architecture. If they are of the trunk alone and the rest is to be trained, name the rest as fresh.");
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
