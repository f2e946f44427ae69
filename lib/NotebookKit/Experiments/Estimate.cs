using MathNet.Numerics.Distributions;

namespace NotebookKit.Experiments;

/// <summary>Mean and spread of one metric over seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample standard deviation, with n − 1; NaN for a single seed, which says nothing of the spread.</param>
/// <param name="Count">The number of seeds.</param>
public readonly record struct Estimate(double Mean, double Deviation, int Count)
{
    /// <summary>The standard error of the mean, s / √n.</summary>
    public double StandardError => Deviation / Math.Sqrt(Count);

    /// <summary>x̄ ± t · s / √n, with Student's t at n − 1 degrees of freedom: for 95 % and three seeds 4.3 standard errors, not 2.</summary>
    /// <param name="level">The level, between 0 and 1.</param>
    public Interval Interval(double level = 0.95)
    {
        // One value, or values that are all the same, say nothing of the spread.
        if (!(StandardError > 0)) return new(double.NaN, double.NaN, level);
        var reach = StudentT.InvCDF(0, 1, Count - 1, (1 + level) / 2) * StandardError;
        return new(Mean - reach, Mean + reach, level);
    }

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
