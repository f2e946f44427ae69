namespace NotebookKit.Training;

/// <summary>How a classifier is fine-tuned. The defaults are those of BERT (Devlin et al. 2019, A.3).</summary>
public sealed record FineTuningOptions
{
    /// <summary>Passes over the training texts.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Texts of a batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The highest learning rate; BERT tries 5e-5, 3e-5 and 2e-5. A small model wants ten times that.</summary>
    public double LearningRate { get; init; } = 3e-5;

    /// <summary>Whether the embeddings stay as they are: half of a small BERT's weights, of which a batch touches few, while the optimizer works on all.</summary>
    public bool FreezeEmbeddings { get; init; }

    /// <summary>Share of the steps over which the learning rate rises.</summary>
    public double WarmUpShare { get; init; } = 0.1;
}
