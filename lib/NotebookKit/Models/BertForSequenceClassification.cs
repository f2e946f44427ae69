using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>BERT with a classifier on the first token: W₂ tanh(W₁ h + b₁) + b₂.</summary>
public sealed class BertForSequenceClassification : BertWithHead
{
    private readonly BertPooler _pooler;
    private readonly Linear _classifier;
    private readonly BertConfig _config;

    /// <summary>Builds the model with BERT's initial weights.</summary>
    /// <param name="config">The shape; <see cref="BertConfig.NumLabels"/> is the number of classes.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="InvalidDataException">The configuration contradicts itself.</exception>
    public BertForSequenceClassification(BertConfig config, long seed = 0) : base(nameof(BertForSequenceClassification), config)
    {
        _config = config;
        Bert.register_module("pooler", _pooler = new BertPooler(config));
        register_module("classifier", _classifier = Linear(config.HiddenSize, config.NumLabels));
        Draw(seed);
    }

    /// <summary>Scores of the classes, [batch, labels].</summary>
    /// <inheritdoc cref="BertModel.forward"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        using var scope = NewDisposeScope();
        var pooled = functional.dropout(Pool(inputIds, attentionMask, tokenTypeIds), _config.HiddenDropoutProb, training);
        return _classifier.call(pooled).MoveToOuterDisposeScope();
    }

    /// <summary>The vector that stands for the whole sequence, tanh(W h₀ + b), [batch, width].</summary>
    /// <inheritdoc cref="BertModel.forward"/>
    public Tensor Pool(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        using var scope = NewDisposeScope();
        // The place of each row's first token.
        var first = arange(0, inputIds.numel(), inputIds.shape[^1], dtype: int64, device: inputIds.device);
        return _pooler.call(Bert.Encode(inputIds, attentionMask, tokenTypeIds, hiddenStates: null, first)).MoveToOuterDisposeScope();
    }
}

/// <summary>tanh(W h₀ + b) of the first token's vector.</summary>
internal sealed class BertPooler : Module<Tensor, Tensor>
{
    private readonly Linear _dense;

    internal BertPooler(BertConfig config) : base(nameof(BertPooler)) =>
        register_module("dense", _dense = Linear(config.HiddenSize, config.HiddenSize));

    public override Tensor forward(Tensor first)
    {
        using var scope = NewDisposeScope();
        return _dense.call(first).tanh().MoveToOuterDisposeScope();
    }
}
