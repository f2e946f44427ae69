namespace NotebookKit.Training;

/// <summary>What one step did.</summary>
/// <param name="Step">Updates made, this one included.</param>
/// <param name="Loss">Loss of the batch before the update.</param>
/// <param name="LearningRate">Learning rate of the update.</param>
/// <param name="GradientNorm">Norm of the gradients over all weights, before clipping.</param>
public readonly record struct TrainingStep(long Step, double Loss, double LearningRate, double GradientNorm);
