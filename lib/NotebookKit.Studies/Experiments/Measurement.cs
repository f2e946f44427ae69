namespace NotebookKit.Studies.Experiments;

/// <summary>One figure that a run produced.</summary>
/// <param name="Step">The training step at which it was taken; 0 where there are none.</param>
/// <param name="Metric">What was measured, with its unit where it has one.</param>
/// <param name="Value">The value; NaN where a run diverged.</param>
public sealed record Measurement(long Step, string Metric, double Value);
