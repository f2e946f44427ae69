namespace NotebookKit.Mend;

/// <summary>Fine-tuning as an edit; the defaults are the paper's (§4, App. B) for its small models.</summary>
public sealed record FineTuningEditOptions
{
    /// <summary>The rate of RMSprop, whose first step is about ten times the rate in the direction of the gradient's sign.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>The optimizer: RMSprop in MEND's baseline, Adam in ROME's.</summary>
    public FineTuningStep Step { get; init; } = FineTuningStep.RmsProp;

    /// <summary>The one of the model's <see cref="EditableModel.Weights"/> that is trained; null for all.</summary>
    public int? Weight { get; init; }

    /// <summary>How far a weight may go from where it was (L∞): the wall of FT+L (Zhu et al. 2020). Null for none.</summary>
    public double? Bound { get; init; }

    /// <summary>
    /// Whether all tokens of an answer are read off the scores after the question's last token, as in ROME's code ("FT-L" in EasyEdit): for an
    /// answer of several tokens the loss cannot fall below the entropy of their counts.
    /// </summary>
    public bool AtPromptEnd { get; init; }

    /// <summary>The loss below which it stops; null to stop at the right answer.</summary>
    public double? StopBelow { get; init; }

    /// <summary>FT+L as in ROME's code: Adam on one weight, at most 25 steps, within a wall. (There the layer's bias is trained too.)</summary>
    /// <param name="weight">The weight, an out-projection.</param>
    /// <param name="bound">The wall: 5e-4 for GPT-2 XL, 2e-3 for the medium size.</param>
    public static FineTuningEditOptions WithinBound(int weight, double bound) =>
        new() { Step = FineTuningStep.Adam, LearningRate = 5e-4, MaximumSteps = 25, Weight = weight, Bound = bound, AtPromptEnd = true, StopBelow = 1e-2 };

    /// <summary>The most steps; it stops as soon as the model's greedy answer is the target.</summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>
    /// The probability that every token of the answer must have before it stops; 0 for the paper's stop, as soon as each is the most probable one.
    /// Tokens that only just win are what other words lose again.
    /// </summary>
    public double Margin { get; init; }

    /// <summary>c_edit in c_edit · L_e + L_loc, for the variant that holds the rest in place.</summary>
    public double EditWeight { get; init; } = 1e-2;
}

/// <summary>The optimizer of fine-tuning.</summary>
public enum FineTuningStep
{
    /// <summary>RMSprop; its first step is 10 · rate · sign of the gradient.</summary>
    RmsProp,

    /// <summary>Adam; its first step is rate · sign of the gradient.</summary>
    Adam,
}
