namespace NotebookKit.Studies.Experiments;

/// <summary>One measurement with the variant and the seed of its run: what tables and figures are made of.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The training step at which it was taken; 0 where there are none.</param>
/// <param name="Metric">What was measured, with its unit where it has one.</param>
/// <param name="Value">The value; NaN where a run diverged.</param>
public sealed record ResultRow(string Variant, int Seed, long Step, string Metric, double Value);
