using NotebookKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>What a model can be taught about a task: a copy of it with a classifier on [CLS], trained as a whole.</summary>
public static class FineTuning
{
    /// <summary>Fine-tunes a copy on the training texts and scores it on the test texts.</summary>
    /// <param name="trunk">The pre-trained model; it stays as it is.</param>
    /// <param name="train">Texts to train on.</param>
    /// <param name="test">Texts to score on.</param>
    /// <param name="options">Epochs, batch and rate.</param>
    /// <param name="seed">Root of the classifier's initial weights, the order and dropout.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static ProbeScore Score(
        BertModel trunk, LabelledSequences train, LabelledSequences test, FineTuningOptions? options = null, Seed seed = default, CancellationToken cancellation = default)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var device = trunk.Device();
        var config = trunk.Config with { NumLabels = Math.Max(2, Math.Max(train.LabelCount, test.LabelCount)) };
        using var model = new BertForSequenceClassification(config, seed.For("classifier").ToInt64());
        model.to(device);
        Train(model, model.Bert, trunk, train.Count, rows =>
            nn.functional.cross_entropy(Logits(model, train, rows, device), tensor(rows.Select(row => (long)train.LabelOf(row)).ToArray(), device: device)), options, seed, cancellation);
        return ProbeScore.Of(Predict(model, test, options.BatchSize, device), [.. Enumerable.Range(0, test.Count).Select(test.LabelOf)]);
    }

    /// <summary>Trains a model around a copy of a trunk: epochs of batches in an order drawn anew each time.</summary>
    internal static void Train(
        nn.Module model, BertModel copy, BertModel trunk, int count, Func<int[], Tensor> lossOf, FineTuningOptions options, Seed seed, CancellationToken cancellation)
    {
        Copy(trunk, copy);
        if (options.FreezeEmbeddings)
            foreach (var (name, weight) in copy.named_parameters())
                if (name.StartsWith("embeddings.", StringComparison.Ordinal)) weight.requires_grad = false;

        int batches = (count + options.BatchSize - 1) / options.BatchSize, steps = options.Epochs * batches;
        using var run = new TrainingRun(model, new() { Steps = steps, WarmUpSteps = (long)(options.WarmUpShare * steps), LearningRate = options.LearningRate }, seed);
        for (int epoch = 0; epoch < options.Epochs; epoch++)
            foreach (int[] rows in seed.For("order").At(epoch).Permutation(count).Chunk(options.BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                run.Advance(() => lossOf(rows));
            }
    }

    private static int[] Predict(BertForSequenceClassification model, LabelledSequences texts, int batchSize, Device device)
    {
        using var noGradient = no_grad();
        model.eval();
        int[] predicted = new int[texts.Count];
        foreach (int[] rows in texts.ByLength(batchSize))
        {
            using var scope = NewDisposeScope();
            var labels = Logits(model, texts, rows, device).argmax(1).cpu().data<long>();
            for (int row = 0; row < rows.Length; row++) predicted[rows[row]] = (int)labels[row];
        }
        return predicted;
    }

    private static Tensor Logits(BertForSequenceClassification model, LabelledSequences texts, int[] rows, Device device)
    {
        var batch = texts.Batch(rows);
        return model.call(batch.Ids(device), batch.AttentionMask(device), batch.Segments(device));
    }

    private static void Copy(BertModel from, BertModel to)
    {
        using var noGradient = no_grad();
        var targets = to.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, weight) in from.named_parameters()) targets[name].copy_(weight);
    }
}

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
