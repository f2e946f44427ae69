using System.Net;
using System.Text.RegularExpressions;

namespace NotebookKit.Display;

/// <summary>A method of the library as it stands in the source that was compiled, with the formula that it computes beside it. Made by <see cref="Source"/>.</summary>
/// <param name="Title">Type and member.</param>
/// <param name="Code">The lines, without the indentation they have in common.</param>
/// <param name="Summary">What its documentation says it does; may be empty.</param>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed partial record Listing(string Title, string Code, string Summary = "") : IDisplayable
{
    /// <summary>The formula in LaTeX, without dollar signs; "" for none.</summary>
    public string Formula { get; init; } = "";

    /// <summary>The listing with a formula beside it: <c>Source.Of&lt;Estimate&gt;("Of").Beside(@"s^2 = \frac{1}{n-1}\sum_i (x_i-\bar x)^2")</c>.</summary>
    /// <param name="formula">LaTeX, without dollar signs.</param>
    public Listing Beside(string formula) => this with { Formula = formula };

    /// <summary>Only some lines of it: from the first that contains one text to the first from there on that contains another. What is left out is marked.</summary>
    /// <param name="from">A text in the first line to show.</param>
    /// <param name="to">A text in the last line to show.</param>
    /// <exception cref="ArgumentException">No line contains one of the texts.</exception>
    public Listing Part(string from, string to)
    {
        var lines = Code.Split('\n').ToList();
        int first = Known(lines.FindIndex(l => l.Contains(from, StringComparison.Ordinal)), from);
        int last = Known(lines.FindIndex(first, l => l.Contains(to, StringComparison.Ordinal)), to);
        var shown = lines[first..(last + 1)];
        if (first > 0) shown.Insert(0, "…");
        if (last < lines.Count - 1) shown.Add("…");
        return this with { Code = string.Join('\n', shown) };

        int Known(int index, string text) => index >= 0 ? index : throw new ArgumentException($"No line of {Title} contains '{text}'.");
    }

    /// <summary>Two columns, formula and code; the code alone where there is no formula. Dollar signs mark the formula for hosts that set formulas.</summary>
    public string ToHtml()
    {
        string code = $"<pre style=\"text-align:left;margin:0\"><code>{Comment().Replace(WebUtility.HtmlEncode(Code), "<em>$0</em>")}</code></pre>";
        string head = $"<strong>{WebUtility.HtmlEncode(Title)}</strong>{(Summary.Length > 0 ? ": " + WebUtility.HtmlEncode(Summary) : "")}";
        return Formula.Length == 0
            ? $"<div class=\"nbk-listing\"><p>{head}</p>{code}</div>"
            : $"<div class=\"nbk-listing\"><p>{head}</p><table class=\"nbk-beside\"><tbody><tr><td style=\"text-align:left;vertical-align:middle\"><span class=\"nbk-tex\">$${WebUtility.HtmlEncode(Formula)}$$</span></td><td style=\"text-align:left\">{code}</td></tr></tbody></table></div>";
    }

    /// <summary>Title, formula in LaTeX, code.</summary>
    public override string ToString() => string.Join('\n', new[] { Summary.Length > 0 ? $"{Title}: {Summary}" : Title, Formula, Code }.Where(t => t.Length > 0));

    // A line that is a comment, or a comment behind code; "//" inside of a text is behind a quotation mark.
    [GeneratedRegex(@"(?<=^|[\s;{},)])//(?![^\n]*&quot;)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
