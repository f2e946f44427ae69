using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>BERT with the head that predicts masked word pieces; the head's matrix is the word embedding.</summary>
public sealed class BertForMaskedLM : BertWithHead
{
    private readonly BertPredictionHead _head;

    /// <summary>Builds the model with BERT's initial weights.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The seed of the initial weights; the same seed gives the same weights on every machine's CPU.</param>
    /// <exception cref="InvalidDataException">The configuration contradicts itself.</exception>
    public BertForMaskedLM(BertConfig config, long seed = 0) : base(nameof(BertForMaskedLM), config)
    {
        register_module("cls", _head = new BertPredictionHead(config));
        Draw(seed);
    }

    /// <summary>Scores of every word piece at every position, [batch, time, vocabulary].</summary>
    /// <inheritdoc cref="BertModel.forward"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        using var scope = NewDisposeScope();
        return Logits(Bert.call(inputIds, attentionMask, tokenTypeIds)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Scores of every word piece for vectors of the trunk, [..., width] → [..., vocabulary].
    /// With vectors of the masked positions only, it is about six times less work than <see cref="forward"/> at a 15 % budget.
    /// </summary>
    public Tensor Logits(Tensor hidden) => _head.call(hidden, Bert.WordEmbeddings);

    /// <summary>The loss of <see cref="Predict"/> alone, a scalar: the scores are not held until the gradient is there.</summary>
    /// <inheritdoc cref="Predict"/>
    public Tensor Loss(Tensor inputIds, Tensor labels, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        using var scope = NewDisposeScope();
        return Predict(inputIds, labels, attentionMask, tokenTypeIds).Loss.MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy over the labelled positions; the head is computed at those positions only.</summary>
    /// <param name="inputIds">Word pieces after masking, int64 [batch, time].</param>
    /// <param name="labels">The true piece where it is to be predicted, -100 elsewhere, int64 [batch, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, time], or null.</param>
    /// <param name="tokenTypeIds">Segments, int64 [batch, time], or null.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or no position has a label.</exception>
    public MaskedPrediction Predict(Tensor inputIds, Tensor labels, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        ModelInput.CheckLike(inputIds, labels, nameof(labels));
        using var scope = NewDisposeScope();
        var positions = labels.flatten().IsNot(TokenLabel.Ignored).nonzero().squeeze(-1);
        if (positions.numel() == 0)
            throw new ArgumentException("No position has a label other than -100, so there is nothing to predict. Mask at least one token of a batch.", nameof(labels));
        var hidden = Bert.Encode(inputIds, attentionMask, tokenTypeIds, hiddenStates: null, positions);
        Tensor logits = Logits(hidden), wanted = labels.flatten().index_select(0, positions);
        var loss = functional.cross_entropy(logits, wanted);
        return new MaskedPrediction(loss.MoveToOuterDisposeScope(), logits.MoveToOuterDisposeScope(), wanted.MoveToOuterDisposeScope());
    }
}

/// <summary>What a model says about the masked positions of a batch.</summary>
/// <param name="Loss">Mean cross-entropy, a scalar.</param>
/// <param name="Logits">Scores at the masked positions, row by row, [masked, vocabulary].</param>
/// <param name="Labels">The true pieces there, int64 [masked].</param>
public sealed record MaskedPrediction(Tensor Loss, Tensor Logits, Tensor Labels);

/// <summary>The level of names <c>cls</c> with <c>predictions</c> below it.</summary>
internal sealed class BertPredictionHead : Module<Tensor, Tensor, Tensor>
{
    private readonly BertPredictions _predictions;

    internal BertPredictionHead(BertConfig config) : base(nameof(BertPredictionHead)) =>
        register_module("predictions", _predictions = new BertPredictions(config));

    public override Tensor forward(Tensor hidden, Tensor words) => _predictions.call(hidden, words);
}

/// <summary>LayerNorm(GELU(x W + b)) Eᵀ + c, with E the word embeddings.</summary>
internal sealed class BertPredictions : Module<Tensor, Tensor, Tensor>
{
    private readonly BertTransform _transform;
    [ComponentName(Name = "bias")] // so that a move to another device or type reaches the field
    private readonly Parameter _bias;

    internal BertPredictions(BertConfig config) : base(nameof(BertPredictions))
    {
        register_parameter("bias", _bias = Parameter(zeros(config.VocabSize)));
        register_module("transform", _transform = new BertTransform(config));
    }

    public override Tensor forward(Tensor hidden, Tensor words)
    {
        using var scope = NewDisposeScope();
        return functional.linear(_transform.call(hidden), words, _bias).MoveToOuterDisposeScope();
    }
}

/// <summary>LayerNorm(GELU(x W + b)).</summary>
internal sealed class BertTransform : Module<Tensor, Tensor>
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Func<Tensor, Tensor> _activation;

    internal BertTransform(BertConfig config) : base(nameof(BertTransform))
    {
        _activation = Activation.Named(config.HiddenAct, nameof(BertConfig));
        register_module("dense", _dense = Linear(config.HiddenSize, config.HiddenSize));
        register_module("LayerNorm", _norm = LayerNorm(config.HiddenSize, config.LayerNormEps));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _norm.call(_activation(_dense.call(x))).MoveToOuterDisposeScope();
    }
}
