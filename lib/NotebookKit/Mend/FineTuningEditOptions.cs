namespace NotebookKit.Mend;

/// <summary>Fine-tuning as an edit; the defaults are the paper's (§4, App. B) for its small models.</summary>
public sealed record FineTuningEditOptions
{
    /// <summary>The rate of RMSprop, whose first step is about ten times the rate in the direction of the gradient's sign.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>The most steps; it stops as soon as the model's greedy answer is the target.</summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>c_edit in c_edit · L_e + L_loc, for the variant that holds the rest in place.</summary>
    public double EditWeight { get; init; } = 1e-2;
}
