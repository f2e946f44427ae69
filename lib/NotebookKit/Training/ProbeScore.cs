namespace NotebookKit.Training;

/// <summary>How well a classifier does on a test set.</summary>
/// <param name="Accuracy">Share of texts with the right label.</param>
/// <param name="MacroF1">Mean over the labels of F1 = 2TP / (2TP + FP + FN), every label counting the same; a label that is neither true nor predicted anywhere is left out.</param>
/// <param name="Count">Texts of the test set.</param>
public readonly record struct ProbeScore(double Accuracy, double MacroF1, int Count)
{
    /// <summary>Compares predictions with the truth.</summary>
    /// <param name="predicted">A label for each text.</param>
    /// <param name="actual">The true label of each text.</param>
    /// <exception cref="ArgumentException">There are not as many predictions as labels, or there are none.</exception>
    public static ProbeScore Of(IReadOnlyList<int> predicted, IReadOnlyList<int> actual)
    {
        if (predicted.Count != actual.Count || predicted.Count == 0)
            throw new ArgumentException($"{predicted.Count} predictions cannot be compared with {actual.Count} labels.", nameof(predicted));
        var f1 = predicted.Union(actual).Select(label =>
        {
            int truePositives = predicted.Zip(actual).Count(p => p.First == label && p.Second == label);
            // 2TP + FP + FN is how often the label was predicted plus how often it was true.
            return 2.0 * truePositives / (predicted.Count(p => p == label) + actual.Count(a => a == label));
        });
        return new(predicted.Zip(actual).Count(p => p.First == p.Second) / (double)actual.Count, f1.Average(), actual.Count);
    }
}
