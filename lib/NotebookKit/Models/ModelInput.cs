using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>What every model asks of its input, checked before a tensor operation can fail without a name.</summary>
internal static class ModelInput
{
    internal static void CheckIds(Tensor ids, string name, int? longest = null)
    {
        if (ids.dim() != 2 || ids.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} must be int64 [batch, time] and is {ids.dtype} [{string.Join(", ", ids.shape)}].", name);
        if (ids.shape[0] == 0 || ids.shape[1] == 0)
            throw new ArgumentException($"{name} is empty, [{string.Join(", ", ids.shape)}]. Give at least one token.", name);
        if (ids.shape[1] > longest)
            throw new ArgumentException($"{name} has {ids.shape[1]} tokens a row and the model has {longest} positions. Cut the text or use a longer model.", name);
    }

    internal static void CheckLike(Tensor ids, Tensor? other, string name)
    {
        if (other is not null && !other.shape.SequenceEqual(ids.shape))
            throw new ArgumentException($"{name} is [{string.Join(", ", other.shape)}] and the tokens are [{string.Join(", ", ids.shape)}]; they must agree.", name);
    }

    /// <summary>
    /// What is added to the attention scores, [batch, 1, 1, time]: 0 where the mask is 1, the lowest float where it is 0.
    /// Not minus infinity: a row without any key then gets equal weights instead of NaN.
    /// </summary>
    internal static Tensor MaskBias(Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        Tensor padding = attentionMask.eq(0).unsqueeze(1).unsqueeze(1);
        return zeros(padding.shape, dtype: float32, device: padding.device).masked_fill_(padding, float.MinValue).MoveToOuterDisposeScope();
    }

    /// <summary>Labels that do not count, as everywhere in this field.</summary>
    internal const long IgnoredLabel = -100;
}
