using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>
/// One half of a T5 (Raffel et al. 2020): pre-norm layers of attention and feed-forward without biases, and a last norm.
/// Positions enter only as a bias of the attention scores, which the first layer holds for all.
/// </summary>
internal sealed class T5Stack : Module
{
    private readonly ModuleList<T5Block> _blocks;
    private readonly T5Norm _norm;
    private readonly T5Config _config;
    private readonly long[] _buckets; // of the distances from -farthest to farthest

    internal T5Stack(T5Config config, bool isDecoder) : base(nameof(T5Stack))
    {
        _config = config;
        int layers = isDecoder ? config.DecoderLayers : config.NumLayers;
        register_module("block", _blocks = ModuleList(Enumerable.Range(0, layers).Select(i => new T5Block(config, isDecoder, i)).ToArray()));
        register_module("final_layer_norm", _norm = new T5Norm(config));
        int farthest = config.RelativeAttentionMaxDistance;
        _buckets = [.. Enumerable.Range(-farthest, 2 * farthest + 1).Select(distance => RelativePosition.Bucket(distance, !isDecoder, config.RelativeAttentionNumBuckets, farthest))];
    }

    /// <summary>The vectors of the last norm for embedded tokens, [batch, time, d_model].</summary>
    /// <param name="x">Embedded tokens, [batch, time, d_model].</param>
    /// <param name="maskBias">Added to the self-attention scores; broadcast over heads.</param>
    /// <param name="memory">The encoder's output with its mask's bias, for a decoder.</param>
    /// <param name="hiddenStates">Takes the input, every layer's output but the last's, and the last after the norm.</param>
    /// <param name="cache">Keys and values of the tokens before <paramref name="x"/>.</param>
    internal Tensor Run(Tensor x, Tensor? maskBias, T5Memory? memory = null, IList<Tensor>? hiddenStates = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        var bias = PositionBias(x.shape[1], past: cache?.Length ?? 0);
        if (maskBias is not null) bias = bias.Plus(maskBias);
        x = functional.dropout(x, _config.DropoutRate, training);
        foreach (var block in _blocks)
        {
            hiddenStates?.Add(x.MoveToOuterDisposeScope());
            x = block.Run(x, bias, memory, cache);
        }
        x = functional.dropout(_norm.call(x), _config.DropoutRate, training).MoveToOuterDisposeScope();
        hiddenStates?.Add(x);
        return x;
    }

    /// <summary>The bias of every pair of a query and a key, [1, heads, time, past + time]; queries stand at past, past + 1, ….</summary>
    internal Tensor PositionBias(long time, long past = 0)
    {
        using var scope = NewDisposeScope();
        var bias = _blocks[0].RelativeBias;
        var device = bias.weight!.device;
        int farthest = _buckets.Length / 2;
        long[] pairs = new long[time * (past + time)];
        for (long query = past, pair = 0; query < past + time; query++)
            for (long key = 0; key < past + time; key++, pair++)
                pairs[pair] = _buckets[farthest + Math.Clamp(key - query, -farthest, farthest)];
        return bias.call(tensor(pairs, [time, past + time], device: device)).permute(2, 0, 1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>The cross-attention keys and values of every layer, computed once for all steps and answers.</summary>
    internal KeyValueCache CrossKeysAndValues(Tensor memory)
    {
        var cache = new KeyValueCache(_blocks.Count);
        for (int i = 0; i < _blocks.Count; i++) _blocks[i].CacheCross(memory, cache);
        return cache;
    }
}

/// <summary>What a decoder attends to: the encoder's vectors, or their keys and values if these are at hand, and the mask's bias.</summary>
/// <param name="States">[batch, input time, d_model].</param>
/// <param name="MaskBias">[batch, 1, 1, input time], or null without padding.</param>
/// <param name="KeysAndValues">Each layer's, or null to compute them.</param>
internal sealed record T5Memory(Tensor States, Tensor? MaskBias, KeyValueCache? KeysAndValues = null);

/// <summary>Self-attention, in a decoder cross-attention, and feed-forward; each is added to its own input.</summary>
internal sealed class T5Block : Module
{
    private readonly T5AttentionLayer _self;
    private readonly T5AttentionLayer? _cross;
    private readonly T5FeedForwardLayer _feedForward;

    internal T5Block(T5Config config, bool isDecoder, int layer) : base(nameof(T5Block))
    {
        _self = new T5AttentionLayer(config, "SelfAttention", layer, hasRelativeBias: layer == 0);
        _cross = isDecoder ? new T5AttentionLayer(config, "EncDecAttention", layer, hasRelativeBias: false) : null;
        _feedForward = new T5FeedForwardLayer(config);
        register_module("layer", ModuleList<Module>(_cross is null ? [_self, _feedForward] : [_self, _cross, _feedForward]));
    }

    internal Embedding RelativeBias => _self.Attention.RelativeBias!;

    internal Tensor Run(Tensor x, Tensor bias, T5Memory? memory, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        x = _self.Run(x, bias, memory: null, cache);
        if (_cross is not null) x = _cross.Run(x, memory!.MaskBias, memory, cache: null);
        return _feedForward.call(x).MoveToOuterDisposeScope();
    }

    internal void CacheCross(Tensor memory, KeyValueCache cache) => _cross!.Attention.CacheKeysAndValues(memory, cache);
}

/// <summary>x + dropout(Attention(Norm(x))).</summary>
internal sealed class T5AttentionLayer : Module
{
    private readonly T5Norm _norm;
    private readonly double _dropout;

    internal T5AttentionLayer(T5Config config, string name, int layer, bool hasRelativeBias) : base(nameof(T5AttentionLayer))
    {
        _dropout = config.DropoutRate;
        register_module(name, Attention = new T5Attention(config, layer, hasRelativeBias));
        register_module("layer_norm", _norm = new T5Norm(config));
    }

    internal T5Attention Attention { get; }

    internal Tensor Run(Tensor x, Tensor? bias, T5Memory? memory, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var y = Attention.Run(_norm.call(x), bias, memory, cache);
        return x.Plus(functional.dropout(y, _dropout, training)).MoveToOuterDisposeScope();
    }
}

/// <summary>softmax(Q Kᵀ + bias) V in several heads: without the usual 1/√d, which the initial weights make up for.</summary>
internal sealed class T5Attention : Module
{
    private readonly Linear _query, _key, _value, _output;
    private readonly int _heads, _layer;
    private readonly double _dropout;

    internal T5Attention(T5Config config, int layer, bool hasRelativeBias) : base(nameof(T5Attention))
    {
        (_heads, _layer, _dropout) = (config.NumHeads, layer, config.DropoutRate);
        int inner = config.NumHeads * config.DKv;
        register_module("q", _query = Linear(config.DModel, inner, hasBias: false));
        register_module("k", _key = Linear(config.DModel, inner, hasBias: false));
        register_module("v", _value = Linear(config.DModel, inner, hasBias: false));
        register_module("o", _output = Linear(inner, config.DModel, hasBias: false));
        if (hasRelativeBias) register_module("relative_attention_bias", RelativeBias = Embedding(config.RelativeAttentionNumBuckets, config.NumHeads));
    }

    internal Embedding? RelativeBias { get; }

    internal Tensor Run(Tensor x, Tensor? bias, T5Memory? memory, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var query = Heads(_query.call(x));
        (var key, var value) = memory?.KeysAndValues?[_layer] ?? KeysAndValues(memory?.States ?? x);
        if (cache is not null) (key, value) = cache.Extend(_layer, key, value);
        var scores = matmul(query, key.transpose(2, 3));
        if (bias is not null) scores = scores.Plus(bias);
        var weights = functional.dropout(scores.softmax(-1), _dropout, training);
        return _output.call(matmul(weights, value).transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    internal void CacheKeysAndValues(Tensor memory, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        (var key, var value) = KeysAndValues(memory);
        cache.Extend(_layer, key, value);
    }

    private (Tensor Key, Tensor Value) KeysAndValues(Tensor states) => (Heads(_key.call(states)), Heads(_value.call(states)));

    private Tensor Heads(Tensor t) => t.unflatten(2, _heads, -1).transpose(1, 2); // [batch, heads, time, d_kv]
}

/// <summary>x + dropout(FeedForward(Norm(x))).</summary>
internal sealed class T5FeedForwardLayer : Module<Tensor, Tensor>
{
    private readonly T5FeedForward _dense;
    private readonly T5Norm _norm;
    private readonly double _dropout;

    internal T5FeedForwardLayer(T5Config config) : base(nameof(T5FeedForwardLayer))
    {
        _dropout = config.DropoutRate;
        register_module("DenseReluDense", _dense = new T5FeedForward(config));
        register_module("layer_norm", _norm = new T5Norm(config));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.Plus(functional.dropout(_dense.call(_norm.call(x)), _dropout, training)).MoveToOuterDisposeScope();
    }
}

/// <summary>act(x Wᵢ) Wₒ in version 1.0; (act(x Wᵢ₀) ⊙ x Wᵢ₁) Wₒ in version 1.1 (Shazeer 2020).</summary>
internal sealed class T5FeedForward : Module<Tensor, Tensor>
{
    private readonly Linear _in, _out;
    private readonly Linear? _linear;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _dropout;

    internal T5FeedForward(T5Config config) : base(nameof(T5FeedForward))
    {
        _dropout = config.DropoutRate;
        _activation = Activation.Named(config.ActivationName, nameof(T5Config));
        register_module(config.IsGated ? "wi_0" : "wi", _in = Linear(config.DModel, config.DFf, hasBias: false));
        if (config.IsGated) register_module("wi_1", _linear = Linear(config.DModel, config.DFf, hasBias: false));
        register_module("wo", _out = Linear(config.DFf, config.DModel, hasBias: false));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inner = _activation(_in.call(x));
        if (_linear is not null) inner = inner * _linear.call(x);
        return _out.call(functional.dropout(inner, _dropout, training)).MoveToOuterDisposeScope();
    }
}

/// <summary>x / √(mean x² + ε) ⊙ w: a layer norm without mean and bias.</summary>
internal sealed class T5Norm : Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] // so that a move to another device or type reaches the field
    private readonly Parameter _weight;
    private readonly double _epsilon;

    internal T5Norm(T5Config config) : base(nameof(T5Norm))
    {
        _epsilon = config.LayerNormEpsilon;
        register_parameter("weight", _weight = Parameter(ones(config.DModel)));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var single = x.to(float32); // half precision would overflow
        var size = (single * single).mean([-1], keepdim: true).Plus(_epsilon);
        return ((x * size.rsqrt()).to(_weight.dtype) * _weight).MoveToOuterDisposeScope();
    }
}

/// <summary>T5's classes of distance: each near distance has its own, farther ones share classes that widen logarithmically.</summary>
internal static class RelativePosition
{
    /// <summary>The class of a distance; in single precision, as the reference computes it.</summary>
    /// <param name="relative">Key position minus query position.</param>
    /// <param name="bidirectional">Whether keys after the query have classes of their own, the upper half; if not, they share class 0.</param>
    /// <param name="buckets">How many classes there are.</param>
    /// <param name="maxDistance">From here on all distances are in the last class.</param>
    internal static long Bucket(long relative, bool bidirectional, int buckets, int maxDistance)
    {
        if (bidirectional) buckets /= 2;
        int side = bidirectional && relative > 0 ? buckets : 0;
        long n = bidirectional ? Math.Abs(relative) : Math.Max(0, -relative);

        // n < exact: n;  else exact + ⌊ln(n / exact) / ln(maxDistance / exact) · (buckets - exact)⌋, at most buckets - 1
        int exact = buckets / 2;
        if (n < exact) return side + n;
        float far = MathF.Log((float)n / exact) / (float)Math.Log((double)maxDistance / exact) * (buckets - exact);
        return side + Math.Min(exact + (long)far, buckets - 1);
    }
}

/// <summary>T5's initial weights: spreads that keep the variance, so that attention needs no 1/√d.</summary>
internal static class T5Initialisation
{
    internal static void Apply(nn.Module model, T5Config config, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var noGradient = no_grad();
        foreach ((string name, Tensor parameter) in model.named_parameters())
            if (parameter.dim() == 2) parameter.normal_(0, config.InitializerFactor * Spread(name, config), generator);
    }

    private static double Spread(string name, T5Config config)
    {
        string owner = name.Split('.')[^2];
        return owner switch
        {
            "shared" or "lm_head" => 1,
            "q" => Math.Pow(config.DModel * config.DKv, -0.5),
            "o" => Math.Pow(config.NumHeads * config.DKv, -0.5),
            "wo" => Math.Pow(config.DFf, -0.5),
            _ => Math.Pow(config.DModel, -0.5), // k, v, wi, wi_0, wi_1, relative_attention_bias
        };
    }
}
