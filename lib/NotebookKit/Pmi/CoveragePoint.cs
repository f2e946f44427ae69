namespace NotebookKit.Pmi;

/// <summary>One point of a <see cref="CoverageCurve"/>.</summary>
/// <param name="Size">The number of entries.</param>
/// <param name="Share">The share of the corpus's words inside one of them, from 0 to 1.</param>
public readonly record struct CoveragePoint(int Size, double Share);
