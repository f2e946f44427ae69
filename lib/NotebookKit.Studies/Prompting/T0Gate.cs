using System.Globalization;
using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Whether a variant has learnt what the held-out data set asks for: before its trained siblings are answered, an accuracy on what is held out says nothing on transfer, and
/// is not shown. The sibling of <c>type_name</c> is <c>member_name</c>, which asks for the name that belongs to a summary too.
/// </summary>
/// <param name="Variant">The variant.</param>
/// <param name="Siblings">Its mean accuracy on the trained prompt of the siblings, over seeds.</param>
public sealed record T0Gate(string Variant, double Siblings)
{
    /// <summary>What the siblings must reach, where chance is 25 %.</summary>
    public const double Threshold = 0.60;

    /// <summary>The trained sets that ask for the same as the held-out one.</summary>
    public static IReadOnlyList<string> SiblingSets { get; } = ["api_docs/member_name"];

    /// <summary>Whether numbers on held-out sets and tasks may be shown.</summary>
    public bool IsOpen => Siblings >= Threshold;

    /// <summary>The verdict in a sentence.</summary>
    public string Why => string.Create(CultureInfo.InvariantCulture,
        $"{Variant}: {100 * Siblings:F1} % on the trained prompt of {string.Join(" and ", SiblingSets.Select(s => s.Split('/')[1]))} (chance 25, gate {100 * Threshold:F0}): {(IsOpen ? "learnt" : "not learnt, so no zero-shot number is shown")}");

    /// <summary>The gate of a variant.</summary>
    /// <param name="rows">The rows of an experiment.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="ArgumentException">There is no such variant, or it was not tested on the siblings.</exception>
    public static T0Gate Of(ResultRows rows, string variant)
    {
        double[] accuracies = [.. PromptAccuracy.Of(rows).Where(a => a.Variant == variant && a.Kind == ZeroShotKind.TrainedPrompt && SiblingSets.Contains(a.Dataset)).Select(a => a.Accuracy)];
        return accuracies.Length > 0 ? new(variant, accuracies.Average())
            : throw new ArgumentException($"'{variant}' has no accuracy on {string.Join(" or ", SiblingSets)}; there are {string.Join(", ", rows.Variants)}.", nameof(variant));
    }
}
