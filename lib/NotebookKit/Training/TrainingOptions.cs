using TorchSharp;

namespace NotebookKit.Training;

/// <summary>
/// AdamW under a schedule. The defaults pre-train BERT-base as in the PMI-Masking paper (§4): warm-up over 10K steps, then linear
/// decay; the rest as in BERT (Devlin et al. 2019, A.2).
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Updates of the weights.</summary>
    public long Steps { get; init; } = 1_000_000;

    /// <summary>Steps over which the learning rate rises from 0 to <see cref="LearningRate"/>.</summary>
    public long WarmUpSteps { get; init; } = 10_000;

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>How the rate goes on after the warm-up.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Linear;

    /// <summary>Decay of the weights, apart from the gradient; biases and norms are exempt.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay of the mean of the gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of the squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The small constant beside the root of the squared gradients.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Gradients are scaled down to this norm, taken over all weights together.</summary>
    public double MaximumGradientNorm { get; init; } = 1.0;

    /// <summary>
    /// The learning rate of a step: <c>LearningRate · t / WarmUpSteps</c> during the warm-up, so that the very first update has rate 0, as in the
    /// reference implementation of this schedule; then <c>LearningRate · f(s)</c> for the share s = (Steps - t) / (Steps - WarmUpSteps) that is
    /// left: f(s) = s, (1 - cos πs) / 2 or 1, and 0 after the last step.
    /// </summary>
    /// <param name="step">The step t, from 0.</param>
    public double RateAt(long step)
    {
        if (step < WarmUpSteps) return LearningRate * step / Math.Max(1, WarmUpSteps);
        double left = Math.Max(0, Steps - step), all = Math.Max(1, Steps - WarmUpSteps);
        return Schedule switch
        {
            RateSchedule.Constant => LearningRate * Math.Min(1, left),
            RateSchedule.Cosine => LearningRate * (1 - Math.Cos(Math.PI * left / all)) / 2,
            _ => LearningRate * left / all,
        };
    }

    /// <summary>AdamW in two groups: matrices decay, biases and norms (everything with fewer than two dimensions) do not.</summary>
    /// <param name="model">The model whose weights it updates.</param>
    public AdamW CreateOptimizer(torch.nn.Module model)
    {
        var weights = model.parameters().Where(p => p.requires_grad).ToLookup(p => p.dim() >= 2);
        return new(
            [
                new(weights[true], LearningRate, Beta1, Beta2, Epsilon, WeightDecay),
                new(weights[false], LearningRate, Beta1, Beta2, Epsilon, weight_decay: 0),
            ]);
    }
}

/// <summary>How a learning rate goes on after its warm-up.</summary>
public enum RateSchedule
{
    /// <summary>Down to 0 in a straight line.</summary>
    Linear,

    /// <summary>Down to 0 along half a cosine.</summary>
    Cosine,

    /// <summary>As it is.</summary>
    Constant,
}
