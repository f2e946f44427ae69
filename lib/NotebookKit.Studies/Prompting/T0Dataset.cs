namespace NotebookKit.Studies.Prompting;

/// <summary>A data set of T0's training mixture.</summary>
/// <param name="Name">Data set and subset, as promptsource names them.</param>
/// <param name="Task">The task family, which is what T0 holds out whole.</param>
/// <param name="TrainExamples">Rows of its training split.</param>
public sealed record T0Dataset(string Name, string Task, long TrainExamples);
