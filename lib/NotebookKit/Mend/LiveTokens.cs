using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>The tokens whose u and delta both differ from zero: padding and tokens that the loss does not reach are left out.</summary>
internal sealed class LiveTokens
{
    private readonly long _groups, _width;
    private readonly Tensor? _places;

    internal LiveTokens(LinearFactors gradient)
    {
        Tensor live = gradient.U.ne(0).any(2).logical_and(gradient.Delta.ne(0).any(2)); // [groups, tokens]
        Tensor rows = live.flatten().nonzero().squeeze(1);
        (U, Delta) = (gradient.U.flatten(0, 1).index_select(0, rows), gradient.Delta.flatten(0, 1).index_select(0, rows));
        _groups = live.shape[0];
        if (_groups == 1) return;
        // Each group's live tokens move to its front; the longest group gives the width.
        Tensor order = live.to(int64).cumsum(1);
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
