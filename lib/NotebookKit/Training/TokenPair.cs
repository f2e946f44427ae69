namespace NotebookKit.Training;

/// <summary>The tokens of one text-to-text example.</summary>
/// <param name="Inputs">Input ids; T0's have no end-of-sequence token.</param>
/// <param name="Targets">Target ids, with their end-of-sequence token.</param>
public sealed record TokenPair(IReadOnlyList<int> Inputs, IReadOnlyList<int> Targets);
