using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Mend;

/// <summary>g(z): the layers one after the other.</summary>
public sealed class LowRankNetwork : Module
{
    private readonly ModuleList<LowRankLayer> _layers;

    /// <summary>A new network.</summary>
    /// <param name="width">Numbers of its input.</param>
    /// <param name="weights">How many weights share it, each with a scale and an offset of its own; null for one that has it to itself.</param>
    /// <param name="options">Rank, layers, start.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public LowRankNetwork(long width, int? weights, MendOptions options, Generator generator) : base(nameof(LowRankNetwork)) =>
        register_module("layers", _layers = ModuleList(Enumerable.Range(0, options.HiddenLayers + 1)
            .Select(i => new LowRankLayer(width, weights, clamp: options.ClampLast || i < options.HiddenLayers, options, generator)).ToArray()));

    /// <summary>g(z), [tokens, width] → [tokens, width].</summary>
    /// <param name="z">The input.</param>
    /// <param name="weight">Which of the weights that share it; null if it serves one.</param>
    public Tensor Run(Tensor z, long? weight)
    {
        using var scope = NewDisposeScope();
        foreach (LowRankLayer layer in _layers) z = layer.Run(z, weight);
        return z.MoveToOuterDisposeScope();
    }
}

/// <summary>One layer of the editor's network, h = z + max(0, s ⊙ (U V z + b) + o), with scale s and offset o of the edited weight (paper §3.2).</summary>
public sealed class LowRankLayer : Module
{
    [ComponentName(Name = "u")] // so that a move to another device or type reaches the field
    private readonly Parameter _u;
    [ComponentName(Name = "v")]
    private readonly Parameter _v;
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;
    private readonly Embedding? _shift, _scale;
    private readonly bool _residual, _clamp;

    /// <summary>A new layer.</summary>
    /// <param name="width">Numbers of its input.</param>
    /// <param name="weights">How many weights share it; null for one that has it to itself.</param>
    /// <param name="clamp">Whether it has the ReLU.</param>
    /// <param name="options">Rank and start.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public LowRankLayer(long width, int? weights, bool clamp, MendOptions options, Generator generator) : base(nameof(LowRankLayer))
    {
        (_residual, _clamp) = (options.IdentityStart, clamp);
        long rank = Math.Min(options.Rank, width);
        // Xavier's uniform on ±√(6 / (rank + width)), for U with the gain √2 of a ReLU
        double bound = Math.Sqrt(6.0 / (rank + width));
        Tensor u = _residual ? zeros(width, rank) : empty(width, rank).uniform_(-bound * Math.Sqrt(2), bound * Math.Sqrt(2), generator);
        Tensor v = _residual && options.StartOfV == StartOfV.Normal ? empty(rank, width).normal_(0, 1, generator) : empty(rank, width).uniform_(-bound, bound, generator);
        register_parameter("u", _u = Parameter(u));
        register_parameter("v", _v = Parameter(v));
        register_parameter("bias", _bias = Parameter(zeros(width)));
        if (weights is not { } count) return;
        register_module("mode_shift", _shift = Embedding(count, width));
        register_module("mode_scale", _scale = Embedding(count, width));
        using var noGradient = no_grad();
        _shift.weight!.zero_();
        _scale.weight!.fill_(1);
    }

    /// <summary>[tokens, width] → [tokens, width].</summary>
    /// <param name="z">The input.</param>
    /// <param name="weight">Which of the weights of its shape is edited; null without scale and offset.</param>
    public Tensor Run(Tensor z, long? weight)
    {
        using var scope = NewDisposeScope();
        // a = s ⊙ (U V z + b) + o
        Tensor a = functional.linear(functional.linear(z, _v), _u, _bias);
        if (weight is { } i && _scale is not null) a = _scale.weight![i] * a + _shift!.weight![i];
        // h = z + max(0, a)
        if (_clamp) a = a.clamp_min(0); // not relu: this one's gradient at 0, where U = 0 begins, is 1
        return (_residual ? z + a : a).MoveToOuterDisposeScope();
    }
}
