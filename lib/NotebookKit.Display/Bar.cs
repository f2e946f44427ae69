namespace NotebookKit.Display;

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
