using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Mend;

/// <summary>g(z): the layers one after the other.</summary>
internal sealed class LowRankNetwork : Module
{
    private readonly ModuleList<LowRankLayer> _layers;

    internal LowRankNetwork(long width, int? weights, MendOptions options, Generator generator) : base(nameof(LowRankNetwork)) =>
        register_module("layers", _layers = ModuleList(Enumerable.Range(0, options.HiddenLayers + 1)
            .Select(i => new LowRankLayer(width, weights, clamp: options.ClampLast || i < options.HiddenLayers, options, generator)).ToArray()));

    internal Tensor Run(Tensor z, long? weight)
    {
        using var scope = NewDisposeScope();
        foreach (LowRankLayer layer in _layers) z = layer.Run(z, weight);
        return z.MoveToOuterDisposeScope();
    }
}
