using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>The most probable token, again and again.</summary>
internal static class GreedyDecoding
{
    /// <summary>Continues every row until it has ended or <paramref name="maxNewTokens"/> were added.</summary>
    /// <param name="start">The tokens to begin with, int64 [batch, time].</param>
    /// <param name="maxNewTokens">The most tokens to add.</param>
    /// <param name="endToken">The token that ends a row.</param>
    /// <param name="paddingToken">What fills a row after its end.</param>
    /// <param name="nextLogits">Given the tokens that are new since its last call, [batch, n], the scores of the next, [batch, vocabulary].</param>
    /// <returns>The start and what follows it, int64 [batch, time + new]; no wider than the longest row needs.</returns>
    internal static Tensor Continue(Tensor start, int maxNewTokens, long endToken, long paddingToken, Func<Tensor, Tensor> nextLogits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNewTokens);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor sequences = start, fresh = start;
        var ended = zeros(start.shape[0], 1, dtype: ScalarType.Bool, device: start.device);
        for (int i = 0; i < maxNewTokens && !ended.all().item<bool>(); i++)
        {
            using var step = NewDisposeScope(); // the scores of a step are large and needed once
            fresh = nextLogits(fresh).argmax(-1, keepdim: true).masked_fill(ended, paddingToken).MoveToOuterDisposeScope();
            ended = ended.logical_or(fresh.eq(endToken)).MoveToOuterDisposeScope();
            sequences = cat([sequences, fresh], 1).MoveToOuterDisposeScope();
        }
        return sequences.MoveToOuterDisposeScope();
    }
}
