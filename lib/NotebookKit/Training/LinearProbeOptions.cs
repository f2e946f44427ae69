namespace NotebookKit.Training;

/// <summary>How a linear probe reads a model.</summary>
public sealed record LinearProbeOptions
{
    /// <summary>Which vector stands for a text. Without next-sentence prediction nothing has trained [CLS], so the mean.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>
    /// Whether the vectors of all layers, the embeddings included, stand side by side, so that the probe finds what any layer knows.
    /// Otherwise it reads the last layer, which masked language modelling bends towards the pieces to predict.
    /// </summary>
    public bool AllLayers { get; init; }

    /// <summary>C: the inverse strength of the penalty on the weights, which is ‖W‖² / 2C against the sum of the texts' losses.</summary>
    public double InverseRegularization { get; init; } = 1;
}
