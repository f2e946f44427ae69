namespace NotebookKit.Training;

/// <summary>
/// Pre-training of BERT by masked language modelling alone. The defaults are those of the PMI-Masking paper (§4): BERT-base with batches of
/// 256 sequences of 512 tokens and without next-sentence prediction.
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Sequences of a batch.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Sequences that go through the model at once; a larger batch gathers gradients over several passes. It changes the memory needed and, beyond rounding and the draws of dropout, not the result.</summary>
    public int MicroBatchSize { get; init; } = 256;

    /// <summary>Tokens of a sequence.</summary>
    public int SequenceLength { get; init; } = 512;

    /// <summary>Steps, schedule and optimizer.</summary>
    public TrainingOptions Training { get; init; } = new();
}
