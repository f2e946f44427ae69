using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>Initial weights from a seed of their own: the same whatever else drew random numbers before.</summary>
internal static class Initialisation
{
    /// <summary>BERT's rule, GPT-2's too: weights from N(0, std²), biases 0. Norms keep the 1 and 0 that they are made with.</summary>
    internal static void Normal(nn.Module model, double std, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var module in model.modules())
            switch (module)
            {
                case Linear linear:
                    linear.weight!.normal_(0, std, generator);
                    linear.bias?.zero_();
                    break;
                case Conv1D linear:
                    linear.Weight.normal_(0, std, generator);
                    break;
                case Embedding embedding:
                    embedding.weight!.normal_(0, std, generator);
                    break;
            }
    }
}
