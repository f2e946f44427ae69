namespace NotebookKit.Prompting;

/// <summary>One prompt to test on: one point of the box plots.</summary>
/// <param name="Kind">What of it is new.</param>
/// <param name="Dataset">Its data set.</param>
/// <param name="Prompt">Its name.</param>
/// <param name="Examples">The rendered test examples.</param>
public sealed record ZeroShotTest(ZeroShotKind Kind, string Dataset, string Prompt, IReadOnlyList<PromptedExample> Examples)
{
    /// <summary>The accuracy of always giving the choice that is most often right.</summary>
    public double Majority => Examples.CountBy(e => e.TargetChoice).Max(c => c.Value) / (double)Examples.Count;

    /// <summary>The accuracy of guessing: the mean of 1 / number of choices.</summary>
    public double Chance => Examples.Average(e => 1.0 / e.Choices!.Count);
}
