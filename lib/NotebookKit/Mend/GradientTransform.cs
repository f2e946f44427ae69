using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// g of the paper's §3.2, for all weights of one shape: u and delta of a token become u~ and delta~, whose outer product is the token's
/// share in the update. Its size is that of u and delta; nothing of the weight's size is ever made.
/// </summary>
public sealed class GradientTransform : nn.Module
{
    private readonly MendOptions _options;
    private readonly LowRankNetwork? _both, _ofU, _ofDelta;

    /// <summary>A new transform.</summary>
    /// <param name="inputs">Width of u.</param>
    /// <param name="outputs">Width of delta.</param>
    /// <param name="weights">How many weights share it; null for one that has it to itself.</param>
    /// <param name="options">The variant.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public GradientTransform(long inputs, long outputs, int? weights, MendOptions options, Generator generator) : base(nameof(GradientTransform))
    {
        _options = options;
        register_module("u", U = new RunningStatistics(inputs));
        register_module("delta", Delta = new RunningStatistics(outputs));
        (bool both, bool ofU, bool ofDelta) = options.Input switch
        {
            TransformInput.Both => (true, false, false),
            TransformInput.Separate => (false, true, true),
            TransformInput.OnlyU => (false, true, false),
            TransformInput.OnlyDelta => (false, false, true),
            TransformInput.OnlySmaller => (false, inputs <= outputs, inputs > outputs),
            _ => (false, false, false),
        };
        // The names are those of the authors' code.
        if (both) register_module("mlp", _both = new LowRankNetwork(inputs + outputs, weights, options, generator));
        if (ofU) register_module("mlp1", _ofU = new LowRankNetwork(inputs, weights, options, generator));
        if (ofDelta) register_module("mlp2", _ofDelta = new LowRankNetwork(outputs, weights, options, generator));
    }

    /// <summary>The statistics of u.</summary>
    public RunningStatistics U { get; }

    /// <summary>The statistics of delta.</summary>
    public RunningStatistics Delta { get; }

    /// <summary>Takes tokens into the statistics.</summary>
    public void Observe(Tensor u, Tensor delta)
    {
        U.Add(u);
        Delta.Add(delta);
    }

    /// <summary>u~ and delta~ of tokens whose u and delta both differ from zero, [tokens, in] and [tokens, out].</summary>
    /// <param name="u">[tokens, in].</param>
    /// <param name="delta">[tokens, out].</param>
    /// <param name="weight">Which of the weights that share this transform; null if it serves one.</param>
    /// <exception cref="InvalidOperationException">There are no statistics to normalise by.</exception>
    public (Tensor U, Tensor Delta) Run(Tensor u, Tensor delta, long? weight)
    {
        if (_options.Normalise && U.Count < 2)
            throw new InvalidOperationException($"The editor has seen {U.Count} tokens, and normalising needs at least two. Train it, or fit its statistics first.");
        using var scope = NewDisposeScope();
        if (_options.Normalise) (u, delta) = (U.Normalised(u), Delta.Normalised(delta));
        if (_both is not null)
        {
            // g(concat(u, delta))
            Tensor g = _both.Run(cat([u, delta], 1), weight);
            (u, delta) = (g.narrow(1, 0, u.shape[1]), g.narrow(1, u.shape[1], delta.shape[1]));
        }
        if (_ofU is not null) u = _ofU.Run(u, weight);
        if (_ofDelta is not null) delta = _ofDelta.Run(delta, weight);
        return (u.MoveToOuterDisposeScope(), delta.MoveToOuterDisposeScope());
    }
}
