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

/// <summary>One bar with its error bar.</summary>
/// <param name="Group">Where it stands on the axis, for example the task.</param>
/// <param name="Series">Its colour, for example the variant; the same for all bars when there is nothing to compare within a group.</param>
/// <param name="Value">Its length.</param>
/// <param name="Deviation">Half the length of the error bar; 0 for none.</param>
public sealed record Bar(string Group, string Series, double Value, double Deviation = 0)
{
    /// <summary>Bars from rows, one row a run: rows of the same group and series become mean and sample standard deviation.</summary>
    /// <param name="rows">The rows, for example of an experiment.</param>
    /// <param name="group">Where a row stands on the axis.</param>
    /// <param name="series">Its colour.</param>
    /// <param name="value">Its value.</param>
    public static IReadOnlyList<Bar> Over<T>(IEnumerable<T> rows, Func<T, string> group, Func<T, string> series, Func<T, double> value) =>
    [
        .. rows.GroupBy(r => (Group: group(r), Series: series(r))).Select(g =>
        {
            var spread = Spread.Of(g.Select(value));
            return new Bar(g.Key.Group, g.Key.Series, spread.Mean, spread.Deviation);
        }),
    ];
}

/// <summary>One point of a scatter plot, with error bars in both directions.</summary>
/// <param name="Series">Its colour and shape.</param>
/// <param name="X">Its position.</param>
/// <param name="Y">Its value.</param>
/// <param name="DeviationX">Half the length of the horizontal error bar; 0 for none.</param>
/// <param name="DeviationY">Half the length of the vertical error bar; 0 for none.</param>
/// <param name="Label">What it is; shown when a reader points at it.</param>
public sealed record Point(string Series, double X, double Y, double DeviationX = 0, double DeviationY = 0, string Label = "");

/// <summary>One observation among many: a point of a box plot or one entry of a histogram.</summary>
/// <param name="Group">The box or the histogram it belongs to, for example the task.</param>
/// <param name="Value">What was observed.</param>
/// <param name="Label">What it is, shown when a reader points at it, for example the name of the prompt.</param>
/// <param name="Series">Its colour when each group holds several boxes, for example the model.</param>
public sealed record Sample(string Group, double Value, string Label = "", string Series = "");

/// <summary>A mean and how far runs stray from it, as a mark shows them: a single run has no band. What a study concludes from is its Estimate, with standard error and interval.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The sample standard deviation (n − 1 in the denominator); 0 for a single run.</param>
/// <param name="Count">The number of runs.</param>
public readonly record struct Spread(double Mean, double Deviation, int Count)
{
    /// <summary>Mean and sample standard deviation of <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] all = values.ToArray();
        if (all.Length == 0)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

        double mean = all.Average();
        double deviation = all.Length == 1 ? 0 : Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1));
        return new Spread(mean, deviation, all.Length);
    }
}
