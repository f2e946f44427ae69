namespace NotebookKit.Training;

/// <summary>How well masked tokens were predicted.</summary>
/// <param name="Loss">Mean cross-entropy over all predicted tokens, in nats.</param>
/// <param name="Accuracy">Share of them whose most probable piece is the true one.</param>
/// <param name="PredictedCount">How many there were.</param>
public readonly record struct MaskedLanguageScore(double Loss, double Accuracy, int PredictedCount);
