namespace NotebookKit.Studies.Experiments;

/// <summary>
/// An interval for a statistic that has no formula, such as the step at which a curve reaches a level: the seeds are drawn again with
/// replacement, and the statistic is taken of each draw (Efron 1979; percentile interval).
/// </summary>
/// <remarks>With three seeds there are only ten different draws and the interval is too narrow; five seeds are the least to lean on.</remarks>
public static class Bootstrap
{
    /// <summary>The percentile interval. Up to five seeds, all n^n draws are taken instead of a sample of them, and nothing is random.</summary>
    /// <typeparam name="T">What one seed gave: a number, a curve.</typeparam>
    /// <param name="seeds">One item for each seed, at least one.</param>
    /// <param name="statistic">The statistic of a draw of as many items; may be infinite, not NaN.</param>
    /// <param name="level">The level, between 0 and 1.</param>
    /// <param name="draws">The number of draws where not all are taken.</param>
    /// <param name="random">The seed of the draws.</param>
    /// <exception cref="ArgumentException">There is no seed, or the statistic of a draw is not a number.</exception>
    public static Interval Over<T>(IReadOnlyList<T> seeds, Func<IReadOnlyList<T>, double> statistic, double level = 0.95, int draws = 10_000, int random = 1)
    {
        if (seeds.Count == 0) throw new ArgumentException("There is no seed to draw from.", nameof(seeds));
        if (seeds.Count == 1) return new(double.NaN, double.NaN, level);
        double[] values = Draws(seeds.Count, draws, random).Select(draw => statistic([.. draw.Select(i => seeds[i])])).Order().ToArray();
        if (double.IsNaN(values[0])) throw new ArgumentException("The statistic of a draw is not a number; give infinity for a level that is never reached.", nameof(statistic));
        // The inverse of the empirical distribution, without interpolation, since between a step and infinity there is nothing.
        double Quantile(double share) => values[Math.Clamp((int)Math.Ceiling(share * values.Length - 1e-9) - 1, 0, values.Length - 1)];
        return new(Quantile((1 - level) / 2), Quantile((1 + level) / 2), level);
    }

    private static IEnumerable<int[]> Draws(int count, int draws, int random)
    {
        double all = Math.Pow(count, count);
        if (all > draws)
        {
            var source = new Random(random);
            for (int draw = 0; draw < draws; draw++)
                yield return [.. Enumerable.Range(0, count).Select(_ => source.Next(count))];
            yield break;
        }
        for (int draw = 0; draw < all; draw++)
        {
            int rest = draw;
            yield return [.. Enumerable.Range(0, count).Select(_ => { int digit = rest % count; rest /= count; return digit; })];
        }
    }
}
