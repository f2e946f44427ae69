using NotebookKit.Templates.Language;

namespace NotebookKit.Templates;

/// <summary>What a template made of an example, in parts. A separator that stands inside a field does not part the text.</summary>
public sealed class RenderedText
{
    // A separator inside a field must not split the prompt. promptsource stands a fixed text in for it, and so do we.
    private const string Protector = "3ed2dface8203c4c9dfb1a5dc58e41e0";

    private readonly string _text;
    private readonly string _separator;
    private readonly IReadOnlyList<PrintedValue> _printed;

    internal RenderedText(string text, string separator, IReadOnlyList<PrintedValue> printed) => (_text, _separator, _printed) = (text, separator, printed);

    /// <summary>The whole text, separators included.</summary>
    public string Text => Unprotected(_text);

    /// <summary>The parts between the separators, each without white space at its ends; at least one.</summary>
    public IReadOnlyList<string> Parts => [.. Ranges().Select(part => Unprotected(_text[part]))];

    /// <summary>
    /// The same parts, each in pieces: the template's own words, and what each expression printed. Of a render that was not traced, each part
    /// is one piece.
    /// </summary>
    public IEnumerable<IReadOnlyList<RenderedPiece>> Pieces => Ranges().Select(part => (IReadOnlyList<RenderedPiece>)[.. PiecesOf(part)]);

    /// <summary>An example whose fields do not hold the separator.</summary>
    internal static PromptExample Protect(PromptExample example, string separator) =>
        example.MapText(text => text.Contains(separator, StringComparison.Ordinal) ? text.Replace(separator, Protector, StringComparison.Ordinal) : text);

    private string Unprotected(string text) => text.Replace(Protector, _separator, StringComparison.Ordinal);

    private IEnumerable<Range> Ranges()
    {
        for (int from = 0; from <= _text.Length;)
        {
            int next = _text.IndexOf(_separator, from, StringComparison.Ordinal);
            var (start, end) = (from, next < 0 ? _text.Length : next);
            from = next < 0 ? _text.Length + 1 : next + _separator.Length;
            while (end > start && UnicodeText.IsSpace(_text[end - 1])) end--;
            while (start < end && UnicodeText.IsSpace(_text[start])) start++;
            yield return start..end;
        }
    }

    private IEnumerable<RenderedPiece> PiecesOf(Range part)
    {
        var (start, end) = (part.Start.Value, part.End.Value);
        foreach (var (value, from, to) in _printed)
        {
            var (first, last) = (Math.Max(from, start), Math.Min(to, end));
            if (first >= last) continue;
            if (first > start) yield return new(Unprotected(_text[start..first]), null);
            yield return new(Unprotected(_text[first..last]), [.. NamesIn(value)]);
            start = last;
        }
        if (start < end) yield return new(Unprotected(_text[start..end]), null);
    }

    private static IEnumerable<string> NamesIn(Expr value) => value is NameExpr { Text: var name } ? [name] : value.Children.SelectMany(NamesIn);
}

/// <summary>A piece of a rendered text.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Names">The names that the expression mentions which printed it, in their order; null for the template's own words.</param>
public readonly record struct RenderedPiece(string Text, IReadOnlyList<string>? Names);

/// <summary>A name in a tag of a template: a variable, a member, a filter or a word of the language.</summary>
/// <param name="Text">The name.</param>
/// <param name="Start">Where it begins in <see cref="PromptTemplate.Text"/>.</param>
/// <param name="IsMember">Whether it follows a point.</param>
/// <param name="IsFilter">Whether it follows a bar.</param>
public readonly record struct TemplateName(string Text, int Start, bool IsMember, bool IsFilter);
