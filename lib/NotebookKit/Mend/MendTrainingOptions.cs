using NotebookKit.Training;

namespace NotebookKit.Mend;

/// <summary>How a MEND editor is trained; the defaults are the paper's (App. D), with those of the authors' code where it names none.</summary>
public sealed record MendTrainingOptions
{
    /// <summary>The most updates of the editor.</summary>
    public long Steps { get; init; } = 500_000;

    /// <summary>Adam's rate for the networks.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>Adam's rate for the learned rates alpha.</summary>
    public double AlphaLearningRate { get; init; } = 1e-4;

    /// <summary>Steps over which both rates rise from 0.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>How both rates go on.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Constant;

    /// <summary>Tasks whose gradients are averaged before an update.</summary>
    public int Accumulate { get; init; } = 10;

    /// <summary>Gradients are scaled down to this norm, taken over everything that is learned.</summary>
    public double MaximumGradientNorm { get; init; } = 100;

    /// <summary>c_e, the weight of the edit's loss.</summary>
    public double EditWeight { get; init; } = 0.1;

    /// <summary>The weight of the locality loss.</summary>
    public double LocalityWeight { get; init; } = 1;

    /// <summary>Where the locality loss looks.</summary>
    public LocalityPlaces Locality { get; init; } = LocalityPlaces.All;

    /// <summary>Updates between two validations.</summary>
    public long ValidateEvery { get; init; } = 1000;

    /// <summary>Training stops when so many updates have brought no better validation.</summary>
    public long Patience { get; init; } = 20_000;
}
