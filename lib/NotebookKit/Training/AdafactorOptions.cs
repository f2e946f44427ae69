namespace NotebookKit.Training;

/// <summary>
/// The settings of <see cref="Adafactor"/>, with the paper's defaults (Shazeer and Stern 2018, "proposed hyperparameters").
/// T0 and T5 fine-tuning use a constant rate: <c>new() { LearningRate = 1e-3, RelativeStep = false, ScaleParameter = false }</c>.
/// </summary>
public sealed record AdafactorOptions
{
    /// <summary>The step size; null exactly if <see cref="RelativeStep"/> computes it.</summary>
    public double? LearningRate { get; init; }

    /// <summary>ε₁, added to the squared gradient.</summary>
    public double SquareEpsilon { get; init; } = 1e-30;

    /// <summary>ε₂, the least size that a parameter counts for when steps are scaled by it.</summary>
    public double ParameterEpsilon { get; init; } = 1e-3;

    /// <summary>d, the root mean square above which an update is scaled down.</summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>The exponent of 1 - t^exponent, the decay of the second moment at step t.</summary>
    public double DecayRate { get; init; } = -0.8;

    /// <summary>β₁ of a running mean of updates; null for none, which saves a copy of the model.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Weight decay, applied apart from the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether a step is multiplied by the parameter's own root mean square.</summary>
    public bool ScaleParameter { get; init; } = true;

    /// <summary>Whether the step size is min(10⁻², 1/√t) instead of a given rate.</summary>
    public bool RelativeStep { get; init; } = true;

    /// <summary>Whether that size starts from min(10⁻⁶ t, 1/√t).</summary>
    public bool WarmupInit { get; init; }

    internal AdafactorOptions Checked()
    {
        if (RelativeStep && LearningRate is not null)
            throw new ArgumentException($"LearningRate is {LearningRate} and RelativeStep computes it. Set RelativeStep to false or leave the rate out.");
        if (!RelativeStep && LearningRate is not >= 0)
            throw new ArgumentException($"LearningRate is {LearningRate?.ToString() ?? "missing"}. Give a rate of zero or more, or set RelativeStep.");
        if (WarmupInit && !RelativeStep) throw new ArgumentException("WarmupInit shapes the relative step, which is off. Set RelativeStep, or use a schedule for the rate.");
        if (Beta1 is < 0 or >= 1) throw new ArgumentException($"Beta1 is {Beta1}; it must be from 0 up to, not including, 1, or null.");
        if (!(ClipThreshold > 0)) throw new ArgumentException($"ClipThreshold is {ClipThreshold}; it must be above zero.");
        return this;
    }
}
