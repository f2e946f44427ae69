using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>Activations by their published names.</summary>
internal static class Activation
{
    /// <exception cref="InvalidDataException">The name is of an activation that is not built here.</exception>
    internal static Func<Tensor, Tensor> Named(string name, string source) => name switch
    {
        "gelu" => x => nn.functional.gelu(x),
        "gelu_new" or "gelu_pytorch_tanh" => x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        "relu" => x => nn.functional.relu(x),
        "silu" or "swish" => x => nn.functional.silu(x),
        _ => throw new InvalidDataException($"{source}: the activation '{name}' is not built here; gelu, gelu_new, relu and silu are."),
    };
}
