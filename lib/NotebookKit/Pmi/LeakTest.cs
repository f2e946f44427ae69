namespace NotebookKit.Pmi;

/// <summary>
/// How often the visible neighbours alone give a masked piece away: the shallower the scheme, the more. Needs counts only, no training.
/// </summary>
public static class LeakTest
{
    /// <summary>Masks sequences and lets a count model guess every predicted piece.</summary>
    /// <param name="predictor">Trained on other sequences.</param>
    /// <param name="masker">The scheme. Whatever replaced a chosen piece, it is hidden from the predictor.</param>
    /// <param name="sequences">Sequences of the test split, ready ids [time] each.</param>
    /// <param name="random">The source of the masker's draws.</param>
    public static LeakResult Measure(NeighbourPredictor predictor, IMasker masker, IEnumerable<int[]> sequences, ref MaskingRandom random)
    {
        long predicted = 0, correct = 0, betweenVisible = 0;
        foreach (int[] sequence in sequences)
        {
            int[] inputs = new int[sequence.Length], labels = new int[sequence.Length];
            masker.Mask(sequence, inputs, labels, ref random);
            bool[] isHidden = Array.ConvertAll(labels, label => label != IMasker.NotPredicted);
            for (int place = 0; place < sequence.Length; place++)
            {
                if (!isHidden[place]) continue;
                predicted++;
                if (predictor.Predict(sequence, isHidden, place) == sequence[place]) correct++;
                if ((place == 0 || !isHidden[place - 1]) && (place + 1 == sequence.Length || !isHidden[place + 1])) betweenVisible++;
            }
        }
        return new(masker.Name, predicted, correct, betweenVisible);
    }
}

/// <summary>How much a masking scheme leaks to a count model (<see cref="LeakTest"/>).</summary>
/// <param name="Scheme">The masker's name.</param>
/// <param name="Predicted">The number of masked pieces.</param>
/// <param name="Correct">How many the neighbours gave away.</param>
/// <param name="BetweenVisible">How many had both next neighbours visible.</param>
public sealed record LeakResult(string Scheme, long Predicted, long Correct, long BetweenVisible)
{
    /// <summary>The share of masked pieces that the neighbours gave away, from 0 to 1.</summary>
    public double Accuracy => Predicted == 0 ? 0 : (double)Correct / Predicted;
}
