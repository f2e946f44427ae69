namespace NotebookKit.Prompting;

/// <summary>
/// The accuracies of all prompts of a data set in T0's report (Sanh et al. 2022, §6): median and quartiles over every prompt, none
/// selected. Quartiles interpolate linearly between neighbours.
/// </summary>
/// <param name="Median">The median.</param>
/// <param name="Q1">The lower quartile.</param>
/// <param name="Q3">The upper quartile.</param>
/// <param name="Count">Number of prompts.</param>
public readonly record struct PromptSpread(double Median, double Q1, double Q3, int Count)
{
    /// <summary>Q3 − Q1, the paper's measure of how much the wording matters.</summary>
    public double InterquartileRange => Q3 - Q1;

    /// <summary>The spread of some accuracies, one a prompt.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PromptSpread Of(IEnumerable<double> accuracies)
    {
        double[] sorted = [.. accuracies.Order()];
        if (sorted.Length == 0) throw new ArgumentException("There is no prompt to take a median over.", nameof(accuracies));
        return new(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75), sorted.Length);
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return sorted[below] + (at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }
}
