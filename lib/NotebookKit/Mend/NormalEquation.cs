using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// MALMEN's answer to many edits (Tan et al. 2024): every token t has a key k_t, the layer's input, and a wish d_t for the change of its output.
/// MEND adds the tokens' updates, and those of one edit fall on the keys of another; here one update S meets all wishes as well as it can,
/// min over S of ‖K S - D‖² + lambda ‖S‖².
/// </summary>
public static class NormalEquation
{
    /// <summary>S = (Kᵀ K + lambda I)⁻¹ Kᵀ D, [in, out]: the layer's output changes by k S.</summary>
    /// <param name="keys">K, [tokens, in].</param>
    /// <param name="wishes">D, [tokens, out].</param>
    /// <param name="lambda">The ridge, a scalar above 0.</param>
    public static Tensor Solve(Tensor keys, Tensor wishes, Tensor lambda)
    {
        using var scope = NewDisposeScope();
        return linalg.solve(keys.t().mm(keys) + lambda * eye(keys.shape[1], dtype: keys.dtype, device: keys.device), keys.t().mm(wishes)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The input side of the same update by its factors, (K Kᵀ + lambda I)⁻¹ K, [groups, tokens, in]: with D as the other factor Σ d uᵀ = Sᵀ, since
    /// (Kᵀ K + lambda I)⁻¹ Kᵀ = Kᵀ (K Kᵀ + lambda I)⁻¹. The system has the size of the tokens, not of the layer.
    /// </summary>
    /// <param name="keys">K, [groups, tokens, in]; a row of zeros gets a row of zeros.</param>
    /// <param name="lambda">The ridge, a scalar above 0.</param>
    public static Tensor Spread(Tensor keys, Tensor lambda)
    {
        using var scope = NewDisposeScope();
        Tensor gram = keys.bmm(keys.transpose(1, 2)) + lambda * eye(keys.shape[1], dtype: keys.dtype, device: keys.device);
        return linalg.solve(gram, keys).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How a loss moves with D and with l = log lambda, when G = dL/dS is known: M = (Kᵀ K + lambda I)⁻¹ G, dL/dD = K M, dL/dl = - lambda ⟨M, S⟩.
    /// It lets the model and the editor's network be differentiated one after the other. Our training differentiates through
    /// <see cref="Spread"/> instead, which gives the same numbers.
    /// </summary>
    /// <returns>dL/dD, [tokens, out], and dL/dl, a scalar.</returns>
    public static (Tensor Wishes, Tensor LogLambda) Gradient(Tensor keys, Tensor wishes, Tensor lambda, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor m = linalg.solve(keys.t().mm(keys) + lambda * eye(keys.shape[1], dtype: keys.dtype, device: keys.device), gradient);
        return (keys.mm(m).MoveToOuterDisposeScope(), (-lambda * (m * Solve(keys, wishes, lambda)).sum()).MoveToOuterDisposeScope());
    }
}
