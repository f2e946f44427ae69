using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>The gradient of an edit's loss by its factors.</summary>
/// <param name="Factors">u and delta of every editable weight.</param>
/// <param name="Loss">The loss before the edit.</param>
/// <param name="Logits">The scores before the edit, constants.</param>
public sealed record EditGradient(IReadOnlyList<LinearFactors> Factors, float Loss, Tensor Logits) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (LinearFactors factors in Factors) factors.Dispose();
        Logits.Dispose();
    }
}
