using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>What ROME and MEMIT know of everything else: how the inputs of a layer lie, C = E[k kᵀ].</summary>
public static class KeyMoments
{
    /// <summary>C = 1/N Σ k kᵀ, uncentred, over all tokens of some texts: float64 [in, in].</summary>
    /// <param name="model">The model.</param>
    /// <param name="weight">The layer whose inputs are the keys.</param>
    /// <param name="texts">The texts; some ten tokens for each dimension at the least.</param>
    public static Tensor Of(EditableModel model, EditableLinear weight, IEnumerable<EditBatch> texts)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor sum = zeros(weight.Inputs, weight.Inputs, dtype: float64, device: model.Device);
        long count = 0;
        foreach (EditBatch batch in texts)
        {
            using var batchScope = NewDisposeScope();
            Tensor mask = batch.AttentionMask.ne(0);
            using IDisposable watch = weight.Rewrite((input, output) =>
            {
                Tensor keys = input[mask].to(float64);
                sum.addmm_(keys.t(), keys, beta: 1, alpha: 1);
                return output;
            });
            model.Logits(batch);
            count += mask.sum().item<long>();
        }
        return (sum / count).MoveToOuterDisposeScope();
    }
}
