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
    /// <param name="options">Pooling and penalty.</param>
    /// <exception cref="ArithmeticException">The model's features are not numbers.</exception>
    public static ProbeScore Score(BertModel trunk, LabelledSequences train, LabelledSequences test, LinearProbeOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        Tensor x = Features(trunk, train, options.Pooling), y = tensor(Enumerable.Range(0, train.Count).Select(i => (long)train.LabelOf(i)).ToArray());
        Tensor mean = x.mean([0], keepdim: true), deviation = (x - mean).square().mean([0], keepdim: true).sqrt();
        deviation = deviation.masked_fill(deviation.eq(0), 1);
        Tensor Scaled(Tensor features) => cat([(features - mean) / deviation, ones(features.shape[0], 1, dtype: float64)], 1);

        Tensor w = SoftmaxRegression.Fit(Scaled(x), y, Math.Max(train.LabelCount, test.LabelCount), options.InverseRegularization);
        Tensor predicted = Scaled(Features(trunk, test, options.Pooling)).mm(w).argmax(1);
        return ProbeScore.Of([.. predicted.data<long>().Select(label => (int)label)], [.. Enumerable.Range(0, test.Count).Select(test.LabelOf)]);
    }

    /// <summary>One vector a text, float64 [texts, width], on the CPU.</summary>
    /// <param name="trunk">The model; it is neither changed nor left in another mode.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="pooling">Which vector stands for a text.</param>
    public static Tensor Features(BertModel trunk, LabelledSequences texts, Pooling pooling)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        bool wasTraining = trunk.training;
        trunk.eval();
        Device device = trunk.Device();
        Tensor features = zeros(texts.Count, trunk.Config.HiddenSize, dtype: float64);
        foreach (int[] rows in texts.ByLength(BatchSize))
        {
            using var inner = NewDisposeScope();
            TokenBatch batch = texts.Batch(rows);
            Tensor? mask = batch.AttentionMask(device);
            Tensor hidden = trunk.Encode(batch.Ids(device), mask); // [batch, time, width]
            Tensor pooled = pooling == Pooling.Classification ? hidden.select(1, 0)
                : mask is null ? hidden.mean([1])
                : (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim: true);
            features.index_copy_(0, tensor(rows.Select(row => (long)row).ToArray()), pooled.to(CPU).to(float64));
        }
        trunk.train(wasTraining);
        return features.MoveToOuterDisposeScope();
    }
}
