namespace NotebookKit.Studies.Experiments;

/// <summary>Mean and spread of one metric over seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample standard deviation, with n − 1; NaN for a single seed, which says nothing of the spread.</param>
/// <param name="Count">The number of seeds.</param>
public readonly record struct Estimate(double Mean, double Deviation, int Count)
{
    /// <summary>The standard error of the mean, s / √n.</summary>
    public double StandardError => Deviation / Math.Sqrt(Count);

    /// <summary>The estimate from the values of the seeds.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("There is no value to take a mean of.", nameof(values));
        var mean = values.Average();
        // s² = Σ (x − x̄)² / (n − 1)
        var deviation = values.Count == 1 ? double.NaN : Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Count - 1));
        return new(mean, deviation, values.Count);
    }
}
