using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>What every model asks of its input, checked before a tensor operation can fail without a name.</summary>
internal static class ModelInput
{
    internal static void CheckIds(Tensor ids, string name, int vocabulary, int? longest = null)
    {
        if (ids.dim() != 2 || ids.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} must be int64 [batch, time] and is {ids.dtype} [{string.Join(", ", ids.shape)}].", name);
        if (ids.shape[0] == 0 || ids.shape[1] == 0)
            throw new ArgumentException($"{name} is empty, [{string.Join(", ", ids.shape)}]. Give at least one token.", name);
        if (ids.shape[1] > longest)
            throw new ArgumentException($"{name} has {ids.shape[1]} tokens a row and the model has {longest} positions. Cut the text or use a longer model.", name);
        CheckRange(ids, name, vocabulary, "tokens of the vocabulary");
    }

    internal static void CheckRange(Tensor indices, string name, long count, string of)
    {
        using var scope = NewDisposeScope();
        // The bytes of a tensor on another device are no memory of this process: fetch them first.
        foreach (long index in MemoryMarshal.Cast<byte, long>(indices.to(int64).cpu().contiguous().bytes))
            if ((ulong)index >= (ulong)count) throw new ArgumentException($"{name} holds {index}, which is none of the {count} {of}.", name);
    }

    /// <summary>Vectors at places that are counted through the rows one after the other: [batch, time, width] → [places, width]; all as they are if null.</summary>
    internal static Tensor At(this Tensor hidden, Tensor? places) => places is null ? hidden : hidden.flatten(0, 1).index_select(0, places);

    internal static void CheckLike(Tensor ids, Tensor? other, string name) => CheckShape(other, name, ids.shape);

    internal static void CheckShape(Tensor? tensor, string name, params ReadOnlySpan<long> shape)
    {
        if (tensor is not null && !shape.SequenceEqual(tensor.shape))
            throw new ArgumentException($"{name} is [{string.Join(", ", tensor.shape)}] and must be [{string.Join(", ", shape.ToArray())}], as the tokens are.", name);
    }

    internal static void CheckAnswers(Tensor inputIds, Tensor attentionMask, Tensor answerIds, Tensor answerMask, Tensor inputOf, int vocabulary)
    {
        CheckIds(inputIds, nameof(inputIds), vocabulary);
        CheckIds(answerIds, nameof(answerIds), vocabulary);
        CheckLike(inputIds, attentionMask, nameof(attentionMask));
        CheckLike(answerIds, answerMask, nameof(answerMask));
        CheckShape(inputOf, nameof(inputOf), answerIds.shape[0]);
        CheckRange(inputOf, nameof(inputOf), inputIds.shape[0], "inputs");
    }

    /// <summary>
    /// What is added to the attention scores, [batch, 1, 1, time]: 0 where the mask is 1, the lowest number where it is 0.
    /// Not minus infinity: a row without any key then gets equal weights instead of NaN.
    /// </summary>
    internal static Tensor MaskBias(Tensor attentionMask, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var padding = attentionMask.Is(0).unsqueeze(1).unsqueeze(1);
        return zeros(padding.shape, dtype: type, device: padding.device).With(finfo(type).min, padding).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The bias of attention that looks back only, for <paramref name="present"/> queries after <paramref name="past"/> earlier tokens:
    /// [1 or batch, 1, present, past + present], in the type and on the device of a weight.
    /// </summary>
    internal static Tensor CausalBias(long present, long past, Tensor? attentionMask, Tensor weight)
    {
        using var scope = NewDisposeScope();
        (var device, var type) = (weight.device, weight.dtype);
        var hidden = ones([present, past + present], dtype: ScalarType.Bool, device: device).triu(past + 1).unsqueeze(0).unsqueeze(0);
        if (attentionMask is not null) hidden = hidden.logical_or(attentionMask.Is(0).unsqueeze(1).unsqueeze(1));
        return zeros(hidden.shape, dtype: type, device: device).With(finfo(type).min, hidden).MoveToOuterDisposeScope();
    }

    /// <summary>log softmax(logits) at the given tokens, [rows, length], 0 where the mask is 0.</summary>
    internal static Tensor LogProbabilitiesOf(Tensor tokens, Tensor mask, Tensor logits)
    {
        using var scope = NewDisposeScope();
        logits = logits.to(float32);
        var chosen = logits.gather(-1, tokens.unsqueeze(-1)).squeeze(-1) - logits.logsumexp(-1);
        return chosen.masked_fill(mask.eq(0), 0).MoveToOuterDisposeScope();
    }
}
