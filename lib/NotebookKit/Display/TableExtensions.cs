using System.Reflection;
using Microsoft.Data.Analysis;

namespace NotebookKit.Display;

/// <summary>From rows to a data frame, and from a data frame to a table.</summary>
public static class TableExtensions
{
    /// <summary>The frame as a table with a caption: <c>frame.AsTable("Loss by masker.").WithDecimals(3).Lowest("loss")</c>.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="caption">What the rows are, in a sentence.</param>
    public static Table AsTable(this DataFrame frame, string caption) => new(frame, caption);

    /// <summary>
    /// A data frame with the named columns: <c>rows.ToFrame(("masker", r =&gt; r.Name), ("loss", r =&gt; r.Loss))</c>.
    /// Whole numbers, fractions and truth values become columns of their type, anything else becomes text. A missing number is NaN, and its
    /// column one of fractions: a data frame's GroupBy and filters take a null for zero.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The name and the value of each column.</param>
    /// <exception cref="ArgumentException">No column, or two of one name.</exception>
    public static DataFrame ToFrame<T>(this IEnumerable<T> rows, params (string Name, Func<T, object?> Value)[] columns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (columns.Length == 0)
        {
            throw new ArgumentException("A table needs at least one column; name them, or give rows with public properties.", nameof(columns));
        }

        if (columns.CountBy(c => c.Name).FirstOrDefault(n => n.Value > 1).Key is { } twice)
        {
            throw new ArgumentException($"Two columns are called '{twice}'; a data frame finds columns by name.", nameof(columns));
        }

        var all = rows.ToList();
        return new DataFrame(columns.Select(c => Column(c.Name, [.. all.Select(c.Value)])));
    }

    /// <summary>A data frame with one column for each public property of the rows (a record or an anonymous type), in the order of declaration.</summary>
    /// <param name="rows">The rows.</param>
    public static DataFrame ToFrame<T>(this IEnumerable<T> rows) =>
        rows.ToFrame([.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => (p.Name, (Func<T, object?>)(row => p.GetValue(row))))]);

    private static DataFrameColumn Column(string name, object?[] values)
    {
        var kinds = values.Where(v => v is not null).Select(v => v!.GetType()).Distinct().ToList();
        return kinds switch
        {
            { Count: > 0 } when !values.Contains(null) && kinds.All(k => k == typeof(int) || k == typeof(long) || k == typeof(short) || k == typeof(byte)) =>
                new Int64DataFrameColumn(name, values.Select(Convert.ToInt64)),
            { Count: > 0 } when kinds.All(IsNumber) =>
                new DoubleDataFrameColumn(name, values.Select(v => v is null ? double.NaN : Convert.ToDouble(v))),
            [var only] when only == typeof(bool) =>
                new BooleanDataFrameColumn(name, values.Select(v => (bool?)v)),
            _ => new StringDataFrameColumn(name, values.Select(v => v is IFormattable f ? f.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : v?.ToString())),
        };
    }

    internal static bool IsNumber(Type type) =>
        Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal && !type.IsEnum;
}
