namespace NotebookKit.Prompting;

/// <summary>A data set that takes part in a mixture: its size and its prompts.</summary>
/// <param name="Dataset">Data set and subset.</param>
/// <param name="TrainExamples">Rows of the training split.</param>
/// <param name="Prompts">Names of the prompts; each is a task of its own in the mixture.</param>
public sealed record MixtureSource(string Dataset, long TrainExamples, IReadOnlyList<string> Prompts);
