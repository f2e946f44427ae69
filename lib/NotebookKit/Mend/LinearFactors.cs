using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// A change of a linear layer's matrix by its two thin factors: Σ over tokens of delta uᵀ, [out, in], which is never formed.
/// The gradient of W in y = W u is of that kind (paper §3.1): u is the layer's input at a token and delta the loss's gradient at its output.
/// </summary>
/// <param name="U">The input side, [groups, tokens, in]. One group changes every row of a batch; several change each their own rows.</param>
/// <param name="Delta">The output side, [groups, tokens, out].</param>
public sealed record LinearFactors(Tensor U, Tensor Delta) : IDisposable
{
    /// <summary>What the change adds to the layer's output: (x uᵀ) delta, two thin products. [rows, …, in] → [rows, …, out].</summary>
    /// <exception cref="ArgumentException">The rows are not a multiple of the groups.</exception>
    public Tensor Times(Tensor x)
    {
        long groups = U.shape[0], rows = x.shape[0];
        if (rows % groups != 0)
            throw new ArgumentException($"{rows} rows cannot be shared out among {groups} edits. Give every edit the same number of rows, in the order of the edits.", nameof(x));
        using var scope = NewDisposeScope();
        long[] shape = [.. x.shape[..^1], Delta.shape[2]];
        Tensor product = groups == 1
            ? x.reshape(-1, x.shape[^1]).mm(U[0].t()).mm(Delta[0])
            : x.reshape(groups, -1, x.shape[^1]).bmm(U.transpose(1, 2)).bmm(Delta);
        return product.view(shape).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix itself, Σ delta uᵀ over all tokens, [out, in]: to look at, not to compute with.</summary>
    public Tensor Dense()
    {
        using var scope = NewDisposeScope();
        return Delta.flatten(0, 1).t().mm(U.flatten(0, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Frees both factors.</summary>
    public void Dispose()
    {
        U.Dispose();
        Delta.Dispose();
    }
}
