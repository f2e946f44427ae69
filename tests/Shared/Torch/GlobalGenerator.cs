namespace NotebookKit.Tests.Training;

/// <summary>Tests that compare runs bit for bit: torch's generator belongs to the process, so nothing else may draw from it meanwhile.</summary>
[CollectionDefinition(nameof(GlobalGenerator), DisableParallelization = true)]
public sealed class GlobalGenerator;
