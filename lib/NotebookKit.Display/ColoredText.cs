using System.Net;
using System.Text;

namespace NotebookKit.Display;

/// <summary>
/// Sentences in coloured units, one below the other under their titles: the same sentence under several maskers, a prompt with its variables,
/// an answer before and after an edit. Underlined and bold as well as coloured, so that it can be read in grey, in light and dark, and where a host strips styles.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record ColoredText : IDisplayable
{
    /// <summary>Several titled rows.</summary>
    /// <param name="caption">What is shown; may be empty.</param>
    /// <param name="rows">Title and spans of each row; a title may be empty.</param>
    public ColoredText(string caption, params IEnumerable<(string Title, IEnumerable<ColoredSpan> Spans)> rows)
    {
        ArgumentNullException.ThrowIfNull(caption);
        Caption = caption;
        Rows = [.. rows.Select(r => (r.Title, (IReadOnlyList<ColoredSpan>)[.. r.Spans]))];
    }

    /// <summary>One sentence.</summary>
    /// <param name="spans">Its pieces in order.</param>
    public ColoredText(params IEnumerable<ColoredSpan> spans)
        : this("", ("", spans))
    {
    }

    /// <summary>What is shown.</summary>
    public string Caption { get; init; }

    /// <summary>Title and pieces of each row.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<ColoredSpan> Spans)> Rows { get; }

    /// <summary>A table of titles and sentences.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table class=\"nbk-text\" style=\"text-align:left\">");
        if (Caption.Length > 0)
        {
            html.Append("<caption style=\"text-align:left\">").Append(WebUtility.HtmlEncode(Caption)).Append("</caption>");
        }

        html.Append("<tbody>");
        foreach (var (title, spans) in Rows)
        {
            html.Append("<tr>");
            if (Rows.Any(r => r.Title.Length > 0))
            {
                html.Append("<th scope=\"row\" style=\"text-align:left;vertical-align:top;padding-right:1em;white-space:normal\">").Append(WebUtility.HtmlEncode(title)).Append("</th>");
            }

            html.Append("<td style=\"text-align:left;line-height:1.9;white-space:pre-wrap\">");
            foreach (var span in spans)
            {
                Write(html, span);
            }

            html.Append("</td></tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>The rows as text: units in [ ], masked words in ⟦ ⟧, removed ones in [- -], added ones in [+ +], labels after a colon.</summary>
    public override string ToString()
    {
        int width = Rows.Max(r => (int?)r.Title.Length) ?? 0;
        var lines = Rows.Select(r => (width > 0 ? r.Title.PadRight(width) + "  " : "") + string.Concat(r.Spans.Select(Plain)));
        return string.Join('\n', Caption.Length > 0 ? lines.Prepend(Caption) : lines);
    }

    private static string Plain(ColoredSpan span)
    {
        var (before, words, after) = Trim(span.Text);
        if (span is { Color: null, Mark: SpanMark.None, Label: null } || words.Length == 0)
        {
            return span.Text;
        }

        var (open, close) = span.Mark switch
        {
            SpanMark.Masked => ("⟦", "⟧"),
            SpanMark.Removed => ("[-", "-]"),
            SpanMark.Added => ("[+", "+]"),
            _ => ("[", "]"),
        };
        return $"{before}{open}{words}{(span.Label is null ? "" : ": " + span.Label)}{close}{after}";
    }

    private static void Write(StringBuilder html, ColoredSpan span)
    {
        var (before, words, after) = Trim(span.Text);
        if (span is { Color: null, Mark: SpanMark.None, Label: null, Tooltip: null } || words.Length == 0)
        {
            html.Append(WebUtility.HtmlEncode(span.Text));
            return;
        }

        // The element itself says what the mark means: hosts that drop styles keep <mark>, <del>, <ins> and <u>.
        string element = span.Mark switch
        {
            SpanMark.Masked => "mark",
            SpanMark.Removed => "del",
            SpanMark.Added => "ins",
            _ => span.Color is null ? "span" : "u",
        };
        html.Append(before).Append('<').Append(element).Append(" style=\"").Append(Style(span)).Append('"');
        if (span.Tooltip is not null)
        {
            html.Append(" title=\"").Append(WebUtility.HtmlEncode(span.Tooltip)).Append('"');
        }

        html.Append('>').Append(WebUtility.HtmlEncode(words));
        if (span.Label is not null)
        {
            html.Append("<sub style=\"opacity:.75;margin-left:.2em\">").Append(WebUtility.HtmlEncode(span.Label)).Append("</sub>");
        }

        html.Append("</").Append(element).Append('>').Append(after);
    }

    // Tints lie over whatever ground there is, and the words keep the host's own ink: readable in light and in dark.
    private static string Style(ColoredSpan span)
    {
        int color = span.Color ?? 6;
        string line = $"color:inherit;border-radius:3px;padding:.1em .2em;text-decoration:none;border-bottom:2px solid {HouseStyle.Color(color)};";
        return span.Mark switch
        {
            SpanMark.Masked => line + $"background:{HouseStyle.Tint(color, 0.4)};font-weight:bold",
            SpanMark.Removed => line.Replace("text-decoration:none", "text-decoration:line-through", StringComparison.Ordinal) + $"background:{HouseStyle.Tint(color, 0.12)};opacity:.8",
            SpanMark.Added => line + $"background:{HouseStyle.Tint(color, 0.25)};font-weight:bold",
            _ when span.Color is null => "color:inherit",
            _ => line + $"background:{HouseStyle.Tint(color, 0.14)}",
        };
    }

    private static (string Before, string Words, string After) Trim(string text)
    {
        int start = text.Length - text.AsSpan().TrimStart().Length;
        string words = text.Trim();
        return (text[..start], words, text[(start + words.Length)..]);
    }
}

/// <summary>What happened to the words of a <see cref="ColoredSpan"/>.</summary>
public enum SpanMark
{
    /// <summary>Nothing; a colour only says that they belong together.</summary>
    None,

    /// <summary>They are hidden from the model, or stand out for another reason.</summary>
    Masked,

    /// <summary>They were taken out.</summary>
    Removed,

    /// <summary>They were put in.</summary>
    Added,
}

/// <summary>A piece of a <see cref="ColoredText"/>.</summary>
/// <param name="Text">The words, as they stand; a space before or after belongs to the span.</param>
/// <param name="Color">The unit's colour by number (<see cref="HouseStyle.Color"/>); null for plain text.</param>
/// <param name="Mark">What happened to the words.</param>
/// <param name="Label">A short note after the words, for example a score or the name of a variable.</param>
/// <param name="Tooltip">A longer note, shown when a reader points at the words.</param>
public sealed record ColoredSpan(string Text, int? Color = null, SpanMark Mark = SpanMark.None, string? Label = null, string? Tooltip = null)
{
    /// <summary>Plain text becomes a span without colour.</summary>
    /// <param name="text">The words.</param>
    public static implicit operator ColoredSpan(string text) => new(text);
}
