namespace NotebookKit.Display;

/// <summary>A line with a band around it: one variant over training steps, mean and spread over seeds.</summary>
/// <param name="Name">Written at the end of the line.</param>
/// <param name="X">Positions, ascending.</param>
/// <param name="Mean">One value for each position.</param>
/// <param name="Deviation">Half the height of the band at each position; empty for a line without a band.</param>
public sealed record Curve(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    /// <summary>A line without a band.</summary>
    public Curve(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
        : this(name, x, y, [])
    {
    }

    /// <summary>
    /// Curves from rows, one row a run and position: rows of the same series and position become mean and sample standard deviation.
    /// Series keep the order in which they first appear.
    /// </summary>
    /// <param name="rows">The rows, for example of an experiment.</param>
    /// <param name="series">Which line a row belongs to.</param>
    /// <param name="x">Its position.</param>
    /// <param name="y">Its value.</param>
    public static IReadOnlyList<Curve> Over<T>(IEnumerable<T> rows, Func<T, string> series, Func<T, double> x, Func<T, double> y) =>
    [
        .. rows.GroupBy(series).Select(line =>
        {
            var places = line.GroupBy(x).OrderBy(g => g.Key).Select(g => (X: g.Key, Y: Spread.Of(g.Select(y)))).ToList();
            return new Curve(
                line.Key,
                [.. places.Select(p => p.X)],
                [.. places.Select(p => p.Y.Mean)],
                places.Any(p => p.Y.Count > 1) ? [.. places.Select(p => p.Y.Deviation)] : []);
        }),
    ];
}
