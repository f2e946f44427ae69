using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.Data.Analysis;

namespace NotebookKit.Display;

/// <summary>
/// A data frame to be read: a caption, numbers to the right with chosen decimals, the best value of a column marked, text encoded.
/// Immutable; each verb gives a new table. The frame itself is not copied.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Table : IDisplayable
{
    /// <summary>A first cell of this many characters names its row, and is not broken into lines.</summary>
    private const int LabelLength = 24;

    private enum Best
    {
        Lowest,
        Highest,
    }

    /// <summary>Shows <paramref name="frame"/>.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="caption">What the rows are, in a sentence; may be empty.</param>
    public Table(DataFrame frame, string caption)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(caption);
        Frame = frame;
        Caption = caption;
    }

    /// <summary>The rows.</summary>
    public DataFrame Frame { get; }

    /// <summary>What the rows are.</summary>
    public string Caption { get; init; }

    /// <summary>Digits after the point of numbers that are not whole, in columns without a choice of their own.</summary>
    public int Decimals { get; init; } = 3;

    /// <summary>How many rows stand open; the others are folded away below them.</summary>
    public int OpenRows { get; init; } = 12;

    /// <summary>How many rows there are, folded ones included, before the rest is only counted.</summary>
    public int RowLimit { get; init; } = 120;

    private ImmutableDictionary<string, int> ColumnDecimals { get; init; } = ImmutableDictionary<string, int>.Empty;

    private ImmutableDictionary<string, Best> Marked { get; init; } = ImmutableDictionary<string, Best>.Empty;

    private ImmutableDictionary<string, string> Deviations { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Sets the digits after the point for the named columns, or for all when none is named.</summary>
    /// <param name="decimals">0 to 15.</param>
    /// <param name="columns">Names of columns.</param>
    /// <exception cref="ArgumentException">A column is not in the frame.</exception>
    public Table WithDecimals(int decimals, params string[] columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 15);
        return columns.Length == 0
            ? this with { Decimals = decimals }
            : this with { ColumnDecimals = ColumnDecimals.SetItems(columns.Select(c => KeyValuePair.Create(Known(c), decimals))) };
    }

    /// <summary>Sets how many rows stand open before the others are folded away.</summary>
    /// <param name="rows">At least 1.</param>
    public Table WithOpenRows(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return this with { OpenRows = rows };
    }

    /// <summary>Sets how many rows there are at most, folded ones included.</summary>
    /// <param name="rows">At least 1.</param>
    public Table WithRowLimit(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return this with { RowLimit = rows };
    }

    /// <summary>Marks the lowest value of each named column (all of them where several are equal as shown).</summary>
    /// <param name="columns">Names of number columns.</param>
    /// <exception cref="ArgumentException">A column is not in the frame, or holds no numbers.</exception>
    public Table Lowest(params string[] columns) => this with { Marked = Marked.SetItems(columns.Select(c => KeyValuePair.Create(Numeric(c), Best.Lowest))) };

    /// <summary>Marks the highest value of each named column (all of them where several are equal as shown).</summary>
    /// <param name="columns">Names of number columns.</param>
    /// <exception cref="ArgumentException">A column is not in the frame, or holds no numbers.</exception>
    public Table Highest(params string[] columns) => this with { Marked = Marked.SetItems(columns.Select(c => KeyValuePair.Create(Numeric(c), Best.Highest))) };

    /// <summary>Shows two columns as one, <c>mean ± deviation</c>, under the name of the first.</summary>
    /// <param name="mean">The column of means.</param>
    /// <param name="deviation">The column of deviations, which is not shown by itself any more.</param>
    /// <exception cref="ArgumentException">A column is not in the frame, or holds no numbers.</exception>
    public Table WithDeviation(string mean, string deviation) => this with { Deviations = Deviations.SetItem(Numeric(mean), Numeric(deviation)) };

    /// <summary>An HTML table; rows beyond <see cref="OpenRows"/> stand in a second one that is folded.</summary>
    public string ToHtml()
    {
        var columns = Shown();
        var cells = columns.Select(Cells).ToList();
        var html = new StringBuilder();
        Write(html, columns, cells, 0, Open, Caption);
        if (RowsShown > Open)
        {
            html.Append(CultureInfo.InvariantCulture, $"<details><summary>{RowsShown - Open:N0} more rows</summary>");
            Write(html, columns, cells, Open, RowsShown, "");
            html.Append("</details>");
        }

        return html.ToString();
    }

    private void Write(StringBuilder html, List<DataFrameColumn> columns, List<List<(string Text, bool Best)>> cells, int from, int to, string caption)
    {
        html.Append("<table class=\"nbk-table\">");
        if (caption.Length > 0)
        {
            html.Append("<caption>").Append(WebUtility.HtmlEncode(caption)).Append("</caption>");
        }

        html.Append("<thead><tr>");
        foreach (var column in columns)
        {
            html.Append("<th scope=\"col\" style=\"text-align:").Append(Side(column)).Append("\">").Append(WebUtility.HtmlEncode(column.Name)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        for (int row = from; row < to; row++)
        {
            html.Append("<tr>");
            for (int i = 0; i < columns.Count; i++)
            {
                var (text, best) = cells[i][row];
                string encoded = WebUtility.HtmlEncode(text);
                html.Append("<td style=\"text-align:").Append(Side(columns[i])).Append(IsNumeric(columns[i]) || (i == 0 && text.Length <= LabelLength) ? ";white-space:nowrap\">" : "\">")
                    .Append(best ? $"<strong title=\"best of the column\">{encoded}</strong>" : encoded)
                    .Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody>");
        if (Left > 0 && to == RowsShown)
        {
            html.Append("<tfoot><tr><td colspan=\"").Append(columns.Count).Append("\" style=\"text-align:left\">").Append(LeftOut).Append("</td></tr></tfoot>");
        }

        html.Append("</table>");
    }

    /// <summary>The table in columns of equal width; the best value carries a star.</summary>
    public override string ToString()
    {
        var columns = Shown();
        var text = columns.Select(c => Cells(c).Select(cell => cell.Best ? cell.Text + " *" : cell.Text).Prepend(c.Name).ToList()).ToList();
        var widths = text.Select(c => c.Max(t => t.Length)).ToList();
        var lines = new List<string>();
        if (Caption.Length > 0)
        {
            lines.Add(Caption);
        }

        for (int row = 0; row <= Open; row++)
        {
            lines.Add(string.Join("  ", columns.Select((c, i) => IsNumeric(c) ? text[i][row].PadLeft(widths[i]) : text[i][row].PadRight(widths[i]))).TrimEnd());
            if (row == 0)
            {
                lines.Add(string.Join("  ", widths.Select(w => new string('-', w))));
            }
        }

        if (Frame.Rows.Count > Open)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"… {Frame.Rows.Count - Open:N0} more of {Frame.Rows.Count:N0} rows"));
        }

        return string.Join('\n', lines);
    }

    private int Open => Math.Min(RowsShown, OpenRows);

    private int RowsShown => (int)Math.Min(Frame.Rows.Count, RowLimit);

    private long Left => Frame.Rows.Count - RowsShown;

    private string LeftOut => string.Create(CultureInfo.InvariantCulture, $"… {Left:N0} more of {Frame.Rows.Count:N0} rows");

    private List<DataFrameColumn> Shown()
    {
        var merged = Deviations.Values.ToHashSet();
        return [.. Frame.Columns.Where(c => !merged.Contains(c.Name))];
    }

    private List<(string Text, bool Best)> Cells(DataFrameColumn column)
    {
        int decimals = ColumnDecimals.GetValueOrDefault(column.Name, Decimals);
        var deviation = Deviations.TryGetValue(column.Name, out string? name) ? Frame.Columns[name] : null;
        string? best = Marked.TryGetValue(column.Name, out var direction) ? BestText(column, direction, decimals) : null;
        var cells = new List<(string, bool)>();
        for (long row = 0; row < RowsShown; row++)
        {
            string text = Text(column[row], decimals);
            bool marked = best is not null && text == best;
            if (deviation?[row] is { } d && Text(d, decimals) is not Missing and var spread)
            {
                text += " ± " + spread;
            }

            cells.Add((text, marked));
        }

        return cells;
    }

    // Over all rows, not only those shown; equal as shown is equal, because more digits than the reader sees decide nothing.
    private static string? BestText(DataFrameColumn column, Best direction, int decimals)
    {
        var values = Enumerable.Range(0, (int)column.Length).Select(i => column[i]).Where(v => v is not null).Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture)).Where(double.IsFinite).ToList();
        if (values.Count == 0)
        {
            return null;
        }

        double best = direction == Best.Lowest ? values.Min() : values.Max();
        return Text(IsWhole(column.DataType) ? (long)best : best, decimals);
    }

    private const string Missing = "–";

    private static string Text(object? value, int decimals) => value switch
    {
        null => Missing,
        bool b => b ? "yes" : "no",
        double d when double.IsNaN(d) => Missing,
        float f when float.IsNaN(f) => Missing,
        double or float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("N" + decimals, CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal),
        IFormattable number when TableExtensions.IsNumber(value.GetType()) => number.ToString("N0", CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool IsNumeric(DataFrameColumn column) => TableExtensions.IsNumber(column.DataType);

    private static bool IsWhole(Type type) => TableExtensions.IsNumber(type) && type != typeof(double) && type != typeof(float) && type != typeof(decimal);

    private static string Side(DataFrameColumn column) => IsNumeric(column) ? "right" : "left";

    private string Known(string column) => Frame.Columns.Any(c => c.Name == column)
        ? column
        : throw new ArgumentException($"The table has no column '{column}'; it has {string.Join(", ", Frame.Columns.Select(c => $"'{c.Name}'"))}.", nameof(column));

    private string Numeric(string column) => IsNumeric(Frame.Columns[Known(column)])
        ? column
        : throw new ArgumentException($"Column '{column}' holds {Frame.Columns[column].DataType.Name}, not numbers.", nameof(column));
}

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
