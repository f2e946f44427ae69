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
        var product = groups == 1
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

/// <summary>The tokens whose u and delta both differ from zero: padding and tokens that the loss does not reach are left out.</summary>
internal sealed class LiveTokens
{
    private readonly long _groups, _width;
    private readonly Tensor? _places;

    internal LiveTokens(LinearFactors gradient)
    {
        var live = gradient.U.ne(0).any(2).logical_and(gradient.Delta.ne(0).any(2)); // [groups, tokens]
        var rows = live.flatten().nonzero().squeeze(1);
        (U, Delta) = (gradient.U.flatten(0, 1).index_select(0, rows), gradient.Delta.flatten(0, 1).index_select(0, rows));
        _groups = live.shape[0];
        if (_groups == 1) return;
        // Each group's live tokens move to its front; the longest group gives the width.
        var order = live.to(int64).cumsum(1);
        _width = Math.Max(1, order.select(1, -1).max().item<long>());
        _places = (order - 1 + arange(_groups, dtype: int64, device: live.device).unsqueeze(1) * _width).flatten().index_select(0, rows);
    }

    internal Tensor U { get; }

    internal Tensor Delta { get; }

    /// <summary>[tokens, n] → [groups, the longest group's tokens, n], with zeros where a group has fewer.</summary>
    internal Tensor Grouped(Tensor tokens) => _places is null
        ? tokens.unsqueeze(0)
        : zeros(_groups * _width, tokens.shape[1], dtype: tokens.dtype, device: tokens.device).index_copy(0, _places, tokens).view(_groups, _width, -1);
}

/// <summary>The gradient of an edit's loss by its factors.</summary>
/// <param name="Factors">u and delta of every editable weight.</param>
/// <param name="Loss">The loss before the edit.</param>
/// <param name="Logits">The scores before the edit, constants.</param>
public sealed record EditGradient(IReadOnlyList<LinearFactors> Factors, float Loss, Tensor Logits) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var factors in Factors) factors.Dispose();
        Logits.Dispose();
    }
}
