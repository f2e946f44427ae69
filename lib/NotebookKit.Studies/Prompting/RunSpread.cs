namespace NotebookKit.Studies.Prompting;

/// <summary>One run in two numbers: how good it is on a typical prompt, and how much the prompt matters.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Median">Mean over data sets of the median accuracy over prompts.</param>
/// <param name="InterquartileRange">Mean over data sets of Q3 − Q1.</param>
/// <param name="Datasets">Number of data sets.</param>
public sealed record RunSpread(string Variant, int Seed, double Median, double InterquartileRange, int Datasets);
