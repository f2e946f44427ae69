using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// What a model already knows about a task: a logistic regression on its frozen features, each scaled to mean 0 and variance 1 on the
/// training texts. The result depends on no seed.
/// </summary>
public static class LinearProbe
{
    private const int BatchSize = 64;

    /// <summary>Fits on the training texts and scores on the test texts.</summary>
    /// <param name="trunk">The model; it is neither changed nor left in another mode.</param>
    /// <param name="train">Texts to fit on.</param>
    /// <param name="test">Texts to score on.</param>
    /// <param name="options">Layers, pooling and penalty.</param>
    /// <exception cref="ArithmeticException">The model's features are not numbers.</exception>
    public static ProbeScore Score(BertModel trunk, LabelledSequences train, LabelledSequences test, LinearProbeOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        Tensor x = Features(trunk, train, options), y = tensor(Enumerable.Range(0, train.Count).Select(i => (long)train.LabelOf(i)).ToArray());
        Tensor mean = x.mean([0], keepdim: true), deviation = (x - mean).square().mean([0], keepdim: true).sqrt();
        deviation = deviation.masked_fill(deviation.eq(0), 1);
        Tensor Scaled(Tensor features) => cat([(features - mean) / deviation, ones(features.shape[0], 1, dtype: float64)], 1);

        var w = SoftmaxRegression.Fit(Scaled(x), y, Math.Max(train.LabelCount, test.LabelCount), options.InverseRegularization);
        var predicted = Scaled(Features(trunk, test, options)).mm(w).argmax(1);
        return ProbeScore.Of([.. predicted.data<long>().Select(label => (int)label)], [.. Enumerable.Range(0, test.Count).Select(test.LabelOf)]);
    }

    /// <summary>One vector a text, float64 [texts, width] or, of all layers, [texts, (layers + 1) · width], on the CPU.</summary>
    /// <param name="trunk">The model; it is neither changed nor left in another mode.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Which layers are read, and which vector of a layer stands for a text.</param>
    public static Tensor Features(BertModel trunk, LabelledSequences texts, LinearProbeOptions options)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        bool wasTraining = trunk.training;
        trunk.eval();
        var device = trunk.Device();
        int width = trunk.Config.HiddenSize * (options.AllLayers ? trunk.Config.NumHiddenLayers + 1 : 1);
        var features = zeros(texts.Count, width, dtype: float64);
        foreach (int[] rows in texts.ByLength(BatchSize))
        {
            using var inner = NewDisposeScope();
            var batch = texts.Batch(rows);
            var mask = batch.AttentionMask(device);
            List<Tensor>? layers = options.AllLayers ? [] : null;
            var last = trunk.Encode(batch.Ids(device), mask, hiddenStates: layers);
            var pooled = layers is null ? Pool(last) : cat([.. layers.Select(Pool)], 1);
            features.index_copy_(0, tensor(rows.Select(row => (long)row).ToArray()), pooled.to(CPU).to(float64));

            // [batch, time, width] → [batch, width]
            Tensor Pool(Tensor hidden) => options.Pooling == Pooling.Classification ? hidden.select(1, 0)
                : mask is null ? hidden.mean([1])
                : (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim: true);
        }
        trunk.train(wasTraining);
        return features.MoveToOuterDisposeScope();
    }
}

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

/// <summary>Which vector stands for a text.</summary>
public enum Pooling
{
    /// <summary>The mean over the vectors of its tokens, [CLS] and [SEP] included.</summary>
    Mean,

    /// <summary>The vector of [CLS].</summary>
    Classification,
}
