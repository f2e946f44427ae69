namespace NotebookKit.Training;

/// <summary>How well masked tokens were predicted.</summary>
/// <param name="Loss">Mean cross-entropy over all predicted tokens, in nats.</param>
/// <param name="Accuracy">Share of them whose most probable piece is the true one.</param>
/// <param name="PredictedCount">How many there were.</param>
/// <param name="WordAccuracy">
/// Share of the words with all predicted pieces right, of those with any. Under a mask of whole words it can be compared between vocabularies,
/// which the two first cannot: a word is spelled with more pieces by one than by the other.
/// </param>
public readonly record struct MaskedLanguageScore(double Loss, double Accuracy, int PredictedCount, double WordAccuracy);
