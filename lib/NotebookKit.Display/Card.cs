using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;

namespace NotebookKit.Display;

/// <summary>
/// What was set up where, side by side: <c>paper | here</c> before a training, <c>paper | authors' code | here</c> for deviations. Where a column
/// differs from the first, its value is bold.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Card : IDisplayable
{
    /// <summary>Takes the values.</summary>
    /// <param name="caption">What they describe.</param>
    /// <param name="columns">The heads of the columns; the first one is what the others are compared with.</param>
    /// <param name="rows">What a row is about, and a value for each column; null where there is none.</param>
    /// <exception cref="ArgumentException">A row has not as many values as there are columns.</exception>
    public Card(string caption, IReadOnlyList<string> columns, params IEnumerable<(string What, IReadOnlyList<object?> Values)> rows)
    {
        (Caption, Columns) = (caption, [.. columns]);
        Rows = [.. rows.Select(r => (r.What, (IReadOnlyList<string>)[.. r.Values.Select(Text)]))];
        if (Rows.FirstOrDefault(r => r.Values.Count != Columns.Count) is { What: { } what, Values: { } values })
        {
            throw new ArgumentException($"The row '{what}' has {values.Count} values for {Columns.Count} columns ({string.Join(", ", Columns)}).", nameof(rows));
        }
    }

    /// <summary>The card of a record whose defaults are the paper's: <c>Card.Of("Pre-training", new MaskingStudy(), study, ("layers", s =&gt; s.Model.NumHiddenLayers), …)</c>.</summary>
    /// <param name="caption">What is set up.</param>
    /// <param name="paper">The record with the paper's settings.</param>
    /// <param name="here">The record that is run.</param>
    /// <param name="rows">What to show of them.</param>
    public static Card Of<T>(string caption, T paper, T here, params (string What, Func<T, object?> Value)[] rows) =>
        new(caption, ["paper", "here"], rows.Select(r => (r.What, (IReadOnlyList<object?>)[r.Value(paper), r.Value(here)])));

    /// <summary>The card with another row: <c>.With("minutes", null, 14)</c>.</summary>
    /// <param name="what">What it is about.</param>
    /// <param name="values">A value for each column.</param>
    public Card With(string what, params object?[] values) =>
        new(Caption, Columns, Rows.Select(r => (r.What, (IReadOnlyList<object?>)[.. r.Values])).Append((what, values)));

    /// <summary>What the values describe.</summary>
    public string Caption { get; }

    /// <summary>The heads of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What each row is about, and its values as shown.</summary>
    public IReadOnlyList<(string What, IReadOnlyList<string> Values)> Rows { get; }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var html = new StringBuilder("<table class=\"nbk-card\"><caption style=\"text-align:left\">").Append(WebUtility.HtmlEncode(Caption)).Append("</caption><thead><tr><th scope=\"col\"></th>");
        foreach (string column in Columns)
        {
            html.Append("<th scope=\"col\" style=\"text-align:left\">").Append(WebUtility.HtmlEncode(column)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var (what, values) in Rows)
        {
            html.Append("<tr><th scope=\"row\" style=\"text-align:left\">").Append(WebUtility.HtmlEncode(what)).Append("</th>");
            foreach (string value in values)
            {
                string text = WebUtility.HtmlEncode(value);
                html.Append("<td style=\"text-align:left\">").Append(Differs(value, values) ? $"<strong>{text}</strong>" : text).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>The card in columns; a star where a value differs from the first column's.</summary>
    public override string ToString()
    {
        var lines = Rows.Select(r => r.Values.Select(v => Differs(v, r.Values) ? v + " *" : v).Prepend(r.What).ToList()).Prepend([.. Columns.Prepend("")]).ToList();
        var widths = Enumerable.Range(0, Columns.Count + 1).Select(i => lines.Max(l => l[i].Length)).ToList();
        return string.Join('\n', lines.Select(l => string.Join("  ", l.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()).Prepend(Caption));
    }

    private static bool Differs(string value, IReadOnlyList<string> values) => value != values[0] && value != "–" && values[0] != "–";

    private static string Text(object? value) => value switch
    {
        null => "–",
        string text => text,
        bool flag => flag ? "yes" : "no",
        double or float => Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && (number != 0 && Math.Abs(number) is < 1e-3 or >= 1e6)
            ? number.ToString("0.##e0", CultureInfo.InvariantCulture).Replace('-', '−')
            : number.ToString("#,0.####", CultureInfo.InvariantCulture).Replace('-', '−'),
        IFormattable number when TableExtensions.IsNumber(value.GetType()) => number.ToString("N0", CultureInfo.InvariantCulture).Replace('-', '−'),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
