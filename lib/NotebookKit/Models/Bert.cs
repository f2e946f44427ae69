using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>
/// The trunk of BERT (Devlin et al. 2019): embeddings and post-norm transformer layers.
/// Parameters carry the names of the published checkpoints, so that a saved file can be read elsewhere.
/// </summary>
public sealed class BertModel : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly BertEmbeddings _embeddings;
    private readonly ModuleList<BertLayer> _layers;

    internal BertModel(BertConfig config) : base(nameof(BertModel))
    {
        Config = config.Checked(nameof(BertConfig));
        _embeddings = new BertEmbeddings(config);
        _layers = ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new BertLayer(config)).ToArray());
        register_module("embeddings", _embeddings);
        register_module("encoder", new BertEncoder(_layers));
    }

    /// <summary>The shape of this model.</summary>
    public BertConfig Config { get; }

    internal Parameter WordEmbeddings => _embeddings.Words;

    internal void SilencePadding() => _embeddings.SilencePadding();

    /// <summary>The last layer's vectors, [batch, time, width].</summary>
    /// <param name="inputIds">Word pieces, int64 [batch, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, time]; null if there is no padding.</param>
    /// <param name="tokenTypeIds">Segment of each token, int64 [batch, time]; null if all are in segment 0.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the sequence is longer than the model's positions.</exception>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor? tokenTypeIds) =>
        Encode(inputIds, attentionMask, tokenTypeIds);

    /// <summary>As <see cref="forward"/>, and adds the embeddings' output and every layer's to <paramref name="hiddenStates"/>.</summary>
    public Tensor Encode(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null, IList<Tensor>? hiddenStates = null) =>
        Encode(inputIds, attentionMask, tokenTypeIds, hiddenStates, places: null);

    /// <summary>
    /// With places, int64 [n], counted through the rows one after the other: the last layer's vectors there only, [n, width]. What follows the
    /// attention of the last layer is not computed elsewhere, which saves three quarters of that layer where few places are asked.
    /// </summary>
    internal Tensor Encode(Tensor inputIds, Tensor? attentionMask, Tensor? tokenTypeIds, IList<Tensor>? hiddenStates, Tensor? places)
    {
        ModelInput.CheckIds(inputIds, nameof(inputIds), Config.VocabSize, Config.MaxPositionEmbeddings);
        ModelInput.CheckLike(inputIds, attentionMask, nameof(attentionMask));
        ModelInput.CheckLike(inputIds, tokenTypeIds, nameof(tokenTypeIds));
        if (tokenTypeIds is not null) ModelInput.CheckRange(tokenTypeIds, nameof(tokenTypeIds), Config.TypeVocabSize, "segments");

        using var scope = NewDisposeScope();
        var maskBias = attentionMask is null ? null : ModelInput.MaskBias(attentionMask, WordEmbeddings.dtype);
        var x = _embeddings.call(inputIds, tokenTypeIds);
        hiddenStates?.Add(x.MoveToOuterDisposeScope());
        foreach (var layer in _layers)
        {
            x = layer.call(x, maskBias, layer == _layers[^1] ? places : null);
            hiddenStates?.Add(x.MoveToOuterDisposeScope());
        }
        return hiddenStates is null ? x.MoveToOuterDisposeScope() : x;
    }
}

/// <summary>Word, position and segment embeddings, summed and normed.</summary>
internal sealed class BertEmbeddings : Module<Tensor, Tensor?, Tensor>
{
    private readonly Embedding _words, _positions, _types;
    private readonly LayerNorm _norm;
    private readonly double _dropout;
    private readonly int _padding;

    internal BertEmbeddings(BertConfig config) : base(nameof(BertEmbeddings))
    {
        _padding = config.PadTokenId;
        _dropout = config.HiddenDropoutProb;
        register_module("word_embeddings", _words = Embedding(config.VocabSize, config.HiddenSize, padding_idx: config.PadTokenId));
        register_module("position_embeddings", _positions = Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        register_module("token_type_embeddings", _types = Embedding(config.TypeVocabSize, config.HiddenSize));
        register_module("LayerNorm", _norm = LayerNorm(config.HiddenSize, config.LayerNormEps));
    }

    internal Parameter Words => _words.weight!;

    /// <summary>Makes the padding token's vector zero, which no gradient will change.</summary>
    internal void SilencePadding()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Words[_padding].zero_();
    }

    public override Tensor forward(Tensor inputIds, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        var positions = HeldNumbers.Range(0, inputIds.shape[1], inputIds.device);
        // Without segments all tokens are in the first: its vector is added to the few positions, not to the many tokens.
        var place = _positions.call(positions);
        var x = _words.call(inputIds).Plus(place.Plus(tokenTypeIds is null ? _types.weight!.select(0, 0) : _types.call(tokenTypeIds)));
        x = functional.dropout(_norm.call(x), _dropout, training);
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>Only the level of names that checkpoints have between the trunk and its layers.</summary>
internal sealed class BertEncoder : Module
{
    internal BertEncoder(ModuleList<BertLayer> layers) : base(nameof(BertEncoder)) => register_module("layer", layers);
}

/// <summary>One layer: attention, then feed-forward, each followed by dropout, residual sum and norm.</summary>
internal sealed class BertLayer : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly BertAttention _attention;
    private readonly BertIntermediate _intermediate;
    private readonly BertResidual _output;

    internal BertLayer(BertConfig config) : base(nameof(BertLayer))
    {
        register_module("attention", _attention = new BertAttention(config));
        register_module("intermediate", _intermediate = new BertIntermediate(config));
        register_module("output", _output = new BertResidual(config.IntermediateSize, config));
    }

    public override Tensor forward(Tensor x, Tensor? maskBias, Tensor? places)
    {
        using var scope = NewDisposeScope();
        var a = _attention.call(x, maskBias, places);
        return _output.call(_intermediate.call(a), a).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention and what follows it.</summary>
internal sealed class BertAttention : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly BertSelfAttention _self;
    private readonly BertResidual _output;

    internal BertAttention(BertConfig config) : base(nameof(BertAttention))
    {
        register_module("self", _self = new BertSelfAttention(config));
        register_module("output", _output = new BertResidual(config.HiddenSize, config));
    }

    public override Tensor forward(Tensor x, Tensor? maskBias, Tensor? places)
    {
        using var scope = NewDisposeScope();
        var context = _self.call(x, maskBias);
        return _output.call(context.At(places), x.At(places)).MoveToOuterDisposeScope();
    }
}

/// <summary>softmax(Q Kᵀ / √d) V in several heads.</summary>
internal sealed class BertSelfAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear _query, _key, _value;
    private readonly int _heads;
    private readonly double _dropout;

    internal BertSelfAttention(BertConfig config) : base(nameof(BertSelfAttention))
    {
        _heads = config.NumAttentionHeads;
        _dropout = config.AttentionProbsDropoutProb;
        register_module("query", _query = Linear(config.HiddenSize, config.HiddenSize));
        register_module("key", _key = Linear(config.HiddenSize, config.HiddenSize));
        register_module("value", _value = Linear(config.HiddenSize, config.HiddenSize));
    }

    public override Tensor forward(Tensor x, Tensor? maskBias)
    {
        using var scope = NewDisposeScope();
        Tensor Heads(Tensor t) => t.unflatten(2, _heads, -1).transpose(1, 2); // [batch, heads, time, width / heads]
        var context = functional.scaled_dot_product_attention(
            Heads(_query.call(x)), Heads(_key.call(x)), Heads(_value.call(x)), maskBias, training ? _dropout : 0);
        return context.transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }
}

/// <summary>GELU(x W + b), the widening half of the feed-forward layer.</summary>
internal sealed class BertIntermediate : Module<Tensor, Tensor>
{
    private readonly Linear _dense;
    private readonly Func<Tensor, Tensor> _activation;

    internal BertIntermediate(BertConfig config) : base(nameof(BertIntermediate))
    {
        _activation = Activation.Named(config.HiddenAct, nameof(BertConfig));
        register_module("dense", _dense = Linear(config.HiddenSize, config.IntermediateSize));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _activation(_dense.call(x)).MoveToOuterDisposeScope();
    }
}

/// <summary>LayerNorm(residual + dropout(x W + b)): the end of attention and of feed-forward.</summary>
internal sealed class BertResidual : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly double _dropout;

    internal BertResidual(int inputWidth, BertConfig config) : base(nameof(BertResidual))
    {
        _dropout = config.HiddenDropoutProb;
        register_module("dense", _dense = Linear(inputWidth, config.HiddenSize));
        register_module("LayerNorm", _norm = LayerNorm(config.HiddenSize, config.LayerNormEps));
    }

    public override Tensor forward(Tensor x, Tensor residual)
    {
        using var scope = NewDisposeScope();
        var dropped = functional.dropout(_dense.call(x), _dropout, training);
        return _norm.call(dropped.Plus(residual)).MoveToOuterDisposeScope();
    }
}
