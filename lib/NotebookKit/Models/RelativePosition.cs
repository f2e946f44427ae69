using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>T5's classes of distance: each near distance has its own, farther ones share classes that widen logarithmically.</summary>
internal static class RelativePosition
{
    /// <summary>The class of each distance.</summary>
    /// <param name="relative">Key position minus query position, int64.</param>
    /// <param name="bidirectional">Whether keys after the query have classes of their own, the upper half; if not, they share class 0.</param>
    /// <param name="buckets">How many classes there are.</param>
    /// <param name="maxDistance">From here on all distances are in the last class.</param>
    internal static Tensor Bucket(Tensor relative, bool bidirectional, int buckets, int maxDistance)
    {
        using var scope = NewDisposeScope();
        if (bidirectional) buckets /= 2;
        Tensor side = bidirectional ? relative.gt(0).to(int64) * buckets : zeros_like(relative);
        Tensor n = bidirectional ? relative.abs() : relative.neg().clamp_min(0);

        // n < exact: n;  else exact + ⌊ln(n / exact) / ln(maxDistance / exact) · (buckets - exact)⌋, at most buckets - 1
        int exact = buckets / 2;
        Tensor far = n.to(float32).div(exact).log().div(Math.Log((double)maxDistance / exact)).mul(buckets - exact);
        Tensor bucket = where(n.lt(exact), n, far.clamp_min(0).to(int64).add(exact).clamp_max(buckets - 1));
        return (side + bucket).MoveToOuterDisposeScope();
    }
}
