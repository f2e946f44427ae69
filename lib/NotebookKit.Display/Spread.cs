namespace NotebookKit.Display;

/// <summary>A mean and how far runs stray from it.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The sample standard deviation (n − 1 in the denominator); 0 for a single run.</param>
/// <param name="Count">The number of runs.</param>
public readonly record struct Spread(double Mean, double Deviation, int Count)
{
    /// <summary>Mean and sample standard deviation of <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        var all = values.ToArray();
        if (all.Length == 0)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

        var mean = all.Average();
        var deviation = all.Length == 1 ? 0 : Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1));
        return new Spread(mean, deviation, all.Length);
    }
}
