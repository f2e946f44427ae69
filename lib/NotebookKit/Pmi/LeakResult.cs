namespace NotebookKit.Pmi;

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
