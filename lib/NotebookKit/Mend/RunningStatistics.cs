using TorchSharp.Utils;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>Mean and standard deviation of every dimension over all tokens so far (Welford 1962, merged as in Chan et al. 1979).</summary>
public sealed class RunningStatistics : nn.Module
{
    [ComponentName(Name = "mean")] // so that a move to another device or type reaches the field
    private readonly Tensor _mean;
    [ComponentName(Name = "s")]
    private readonly Tensor _squares;
    [ComponentName(Name = "k")]
    private readonly Tensor _count;

    /// <summary>No token yet.</summary>
    /// <param name="width">Numbers of a token.</param>
    public RunningStatistics(long width) : base(nameof(RunningStatistics))
    {
        register_buffer("mean", _mean = zeros(width));
        register_buffer("s", _squares = zeros(width));
        register_buffer("k", _count = zeros(1));
    }

    /// <summary>The mean, [width].</summary>
    public Tensor Mean => _mean;

    /// <summary>s, the sum of the squared distances from the mean, [width].</summary>
    public Tensor Squares => _squares;

    /// <summary>How many tokens, exactly up to 16 million.</summary>
    public double Count
    {
        get
        {
            using Tensor count = _count.to(float64);
            return count.item<double>();
        }
    }

    /// <summary>The sample standard deviation, √(s / (k - 1)).</summary>
    public Tensor Deviation()
    {
        using var scope = NewDisposeScope();
        return (_squares / (_count - 1)).sqrt().MoveToOuterDisposeScope();
    }

    /// <summary>Takes in tokens, [tokens, width].</summary>
    public void Add(Tensor tokens)
    {
        if (tokens.shape[0] == 0) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        double k = Count, n = tokens.shape[0];
        Tensor mean = tokens.mean([0]), gap = mean - _mean;
        // s ← s + Σ (x - x̄)² + (x̄ - mean)² k n / (k + n);  mean ← mean + (x̄ - mean) n / (k + n)
        _squares.add_((tokens - mean).square().sum([0])).add_(gap.square(), alpha: k * n / (k + n));
        _mean.add_(gap, alpha: n / (k + n));
        _count.add_(n);
    }

    /// <summary>(x - mean) / (deviation + 1e-7).</summary>
    public Tensor Normalised(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return ((tokens - _mean) / (Deviation() + 1e-7)).MoveToOuterDisposeScope();
    }
}
