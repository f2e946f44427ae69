namespace NotebookKit.Training;

/// <summary>Makes a training example of masked language modelling from one sequence.</summary>
/// <param name="tokenIds">Word pieces with their special tokens, without padding, [time].</param>
/// <param name="inputIds">Receives what the model sees, [time].</param>
/// <param name="labels">Receives the original piece where it is to be predicted, -100 elsewhere, [time].</param>
/// <param name="seed">Root of all draws: the same seed gives the same masks.</param>
public delegate void SequenceMasker(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ulong seed);
