using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>
/// The trunk of GPT-2 (Radford et al. 2019): embeddings, pre-norm transformer layers that look back only, and a last norm.
/// Parameters carry the names of the published checkpoints; linear layers are stored [in, out], as there.
/// </summary>
public sealed class Gpt2Model : Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly Embedding _words, _positions;
    private readonly ModuleList<Gpt2Block> _blocks;
    private readonly LayerNorm _norm;

    internal Gpt2Model(Gpt2Config config) : base(nameof(Gpt2Model))
    {
        Config = config.Checked(nameof(Gpt2Config));
        register_module("wte", _words = Embedding(config.VocabSize, config.HiddenSize));
        register_module("wpe", _positions = Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        register_module("h", _blocks = ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(i => new Gpt2Block(config, i)).ToArray()));
        register_module("ln_f", _norm = LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
    }

    /// <summary>The shape of this model.</summary>
    public Gpt2Config Config { get; }

    internal Parameter WordEmbeddings => _words.weight!;

    /// <summary>The last norm's vectors, [batch, time, width].</summary>
    /// <param name="inputIds">Tokens, int64 [batch, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, time]; null if there is no padding.</param>
    /// <param name="positionIds">Each token's position, int64 [batch, time]; null for 0, 1, 2, ….</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the sequence is longer than the model's positions.</exception>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds) => Encode(inputIds, attentionMask, positionIds);

    /// <summary>As <see cref="forward"/>, and adds the embeddings' output and every layer's, the last after the norm, to <paramref name="hiddenStates"/>.</summary>
    public Tensor Encode(Tensor inputIds, Tensor? attentionMask = null, Tensor? positionIds = null, IList<Tensor>? hiddenStates = null) =>
        Encode(inputIds, attentionMask, positionIds, hiddenStates, cache: null);

    /// <summary>
    /// With a cache, <paramref name="inputIds"/> are the new tokens and the mask covers the cached ones too. With places, int64 [n], counted
    /// through the rows one after the other: the vectors there only, [n, width]; what follows the last block's attention is not computed elsewhere.
    /// </summary>
    internal Tensor Encode(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds, IList<Tensor>? hiddenStates, KeyValueCache? cache, Tensor? places = null)
    {
        long past = cache?.Length ?? 0, present = inputIds.dim() == 2 ? inputIds.shape[1] : 0;
        ModelInput.CheckIds(inputIds, nameof(inputIds), Config.VocabSize, (int)(Config.MaxPositionEmbeddings - past));
        ModelInput.CheckShape(attentionMask, nameof(attentionMask), inputIds.shape[0], past + present);
        ModelInput.CheckLike(inputIds, positionIds, nameof(positionIds));
        if (positionIds is not null) ModelInput.CheckRange(positionIds, nameof(positionIds), Config.MaxPositionEmbeddings, "positions");

        using var scope = NewDisposeScope();
        var maskBias = attentionMask is null && past == 0 ? null : ModelInput.CausalBias(present, past, attentionMask, WordEmbeddings);
        var positions = positionIds ?? HeldNumbers.Range(past, present, inputIds.device);
        var x = functional.dropout(_words.call(inputIds).Plus(_positions.call(positions)), Config.EmbdPdrop, training);
        foreach (var block in _blocks)
        {
            hiddenStates?.Add(x.MoveToOuterDisposeScope());
            x = block.Run(x, maskBias, cache, block == _blocks[^1] ? places : null);
        }
        x = _norm.call(x).MoveToOuterDisposeScope();
        hiddenStates?.Add(x);
        return x;
    }
}

/// <summary>x + Attention(LayerNorm(x)), then x + MLP(LayerNorm(x)).</summary>
internal sealed class Gpt2Block : Module
{
    private readonly LayerNorm _norm1, _norm2;
    private readonly Gpt2Attention _attention;
    private readonly Gpt2Mlp _mlp;

    internal Gpt2Block(Gpt2Config config, int layer) : base(nameof(Gpt2Block))
    {
        register_module("ln_1", _norm1 = LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        register_module("attn", _attention = new Gpt2Attention(config, layer));
        register_module("ln_2", _norm2 = LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        register_module("mlp", _mlp = new Gpt2Mlp(config));
    }

    internal Tensor Run(Tensor x, Tensor? maskBias, KeyValueCache? cache, Tensor? places)
    {
        using var scope = NewDisposeScope();
        var a = x.At(places).Plus(_attention.Run(_norm1.call(x), maskBias, cache, places));
        return a.Plus(_mlp.call(_norm2.call(a))).MoveToOuterDisposeScope();
    }
}

/// <summary>softmax(Q Kᵀ / √d + mask) V in several heads, with the projections of queries, keys and values in one matrix.</summary>
internal sealed class Gpt2Attention : Module
{
    private readonly Conv1D _queryKeyValue, _output;
    private readonly Gpt2Config _config;
    private readonly int _layer;

    internal Gpt2Attention(Gpt2Config config, int layer) : base(nameof(Gpt2Attention))
    {
        (_config, _layer) = (config, layer);
        register_module("c_attn", _queryKeyValue = new Conv1D(config.HiddenSize, 3 * config.HiddenSize));
        register_module("c_proj", _output = new Conv1D(config.HiddenSize, config.HiddenSize));
    }

    /// <param name="x">[batch, time, width].</param>
    /// <param name="maskBias">Which keys a query sees; null if it is all keys up to its own.</param>
    /// <param name="cache">Keys and values of earlier tokens.</param>
    /// <param name="places">Where the output is wanted; null for everywhere.</param>
    internal Tensor Run(Tensor x, Tensor? maskBias, KeyValueCache? cache, Tensor? places)
    {
        using var scope = NewDisposeScope();
        var parts = _queryKeyValue.call(x).unflatten(2, 3 * _config.NumAttentionHeads, -1).transpose(1, 2).chunk(3, 1);
        (var query, var key, var value) = (parts[0], parts[1], parts[2]); // [batch, heads, time, width / heads]
        if (cache is not null) (key, value) = cache.Extend(_layer, key, value);
        var context = functional.scaled_dot_product_attention(query, key, value, maskBias, training ? _config.AttnPdrop : 0, is_casual: maskBias is null);
        var y = _output.call(context.transpose(1, 2).flatten(2).At(places));
        return functional.dropout(y, _config.ResidPdrop, training).MoveToOuterDisposeScope();
    }
}

/// <summary>GELU(x W₁ + b₁) W₂ + b₂.</summary>
internal sealed class Gpt2Mlp : Module<Tensor, Tensor>
{
    private readonly Conv1D _widen, _project;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _dropout;

    internal Gpt2Mlp(Gpt2Config config) : base(nameof(Gpt2Mlp))
    {
        int inner = config.InnerSize ?? 4 * config.HiddenSize;
        _activation = Activation.Named(config.ActivationFunction, nameof(Gpt2Config));
        _dropout = config.ResidPdrop;
        register_module("c_fc", _widen = new Conv1D(config.HiddenSize, inner));
        register_module("c_proj", _project = new Conv1D(inner, config.HiddenSize));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = _project.call(_activation(_widen.call(x)));
        return functional.dropout(y, _dropout, training).MoveToOuterDisposeScope();
    }
}

/// <summary>x W + b with W stored [in, out], the transpose of an ordinary linear layer (a convolution of width one, hence the name).</summary>
public sealed class Conv1D : Module<Tensor, Tensor>
{
    internal Conv1D(long inputs, long outputs) : base(nameof(Conv1D))
    {
        register_parameter("weight", Weight = Parameter(empty(inputs, outputs)));
        register_parameter("bias", Bias = Parameter(zeros(outputs)));
    }

    /// <summary>W, [in, out].</summary>
    [field: ComponentName(Name = "weight")] // so that a move to another device or type reaches the property
    public Parameter Weight { get; }

    /// <summary>b, [out].</summary>
    [field: ComponentName(Name = "bias")]
    public Parameter Bias { get; }

    /// <summary>[..., in] → [..., out].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return functional.linear(x, Weight.t(), Bias).MoveToOuterDisposeScope();
    }
}
