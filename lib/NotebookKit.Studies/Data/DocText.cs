using System.Text;
using System.Xml;

namespace NotebookKit.Studies.Data;

/// <summary>
/// Renders the mixed content of a documentation tag as plain words. A reference becomes the simple name it points to
/// (or its own text), a keyword its word, a parameter its name; inline code keeps its text; paragraphs, list items and
/// line breaks become line feeds, as does the word "-or-" between alternatives; a code block of several lines is left out, because it is a program and not a text.
/// White space is folded to single spaces.
/// </summary>
internal sealed class DocText
{
    private readonly StringBuilder _text = new();
    private bool _space;

    /// <summary>Reads the element on which <paramref name="reader"/> stands and leaves the reader behind its end tag.</summary>
    public static string Read(XmlReader reader)
    {
        var text = new DocText();
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return "";
        }
        int depth = reader.Depth;
        reader.Read();
        while (!(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth)) text.Node(reader);
        reader.Read();
        return text.ToString();
    }

    /// <summary>The words; alternatives, which the documentation joins by "-or-", stand on lines of their own.</summary>
    public override string ToString()
    {
        string text = _text.ToString();
        if (!text.Contains("-or-")) return text.Trim('\n');
        return string.Join('\n', text.Split(["-or-", "\n"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private void Node(XmlReader reader)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                Words(reader.Value);
                reader.Read();
                break;
            case XmlNodeType.Element:
                Element(reader);
                break;
            default:
                reader.Read();
                break;
        }
    }

    private void Element(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "see" or "seealso" or "xref":
                Inline(reader, Reference(reader));
                break;
            case "paramref" or "typeparamref":
                Inline(reader, reader.GetAttribute("name") ?? "");
                break;
            case "para" or "p" or "br" or "li" or "ul" or "ol" or "div" or "list" or "item" or "note" or "example" or "remarks" or "block":
                Break();
                Inline(reader, "");
                Break();
                break;
            case "term":
                Inline(reader, "");
                // "term: description" reads as a sentence where the two columns of the table did not.
                if (_text.Length > 0 && char.IsLetterOrDigit(_text[^1])) _text.Append(':');
                _space = true;
                break;
            case "code":
                string code = Raw(reader);
                if (!code.AsSpan().Trim().Contains('\n')) Words(code);
                else Break();
                break;
            case "listheader" or "script" or "style":
                reader.Skip();
                break;
            default:
                Inline(reader, "");
                break;
        }
    }

    /// <summary>The element's own content, or <paramref name="instead"/> when it has none.</summary>
    private void Inline(XmlReader reader, string instead)
    {
        if (reader.IsEmptyElement)
        {
            Words(instead);
            reader.Read();
            return;
        }
        int depth = reader.Depth;
        int before = _text.Length;
        reader.Read();
        while (!(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth)) Node(reader);
        reader.Read();
        if (_text.Length == before) Words(instead);
    }

    /// <summary>The text of an element with its line ends.</summary>
    private static string Raw(XmlReader reader)
    {
        var raw = new StringBuilder();
        using (var inner = reader.ReadSubtree())
            while (inner.Read())
                if (inner.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                    raw.Append(inner.Value);
        reader.Read();
        return raw.ToString();
    }

    private static string Reference(XmlReader reader)
    {
        if (reader.GetAttribute("langword") is { } word) return word;
        if (reader.GetAttribute("cref") is { } cref) return SimpleName(cref);
        if (reader.GetAttribute("uid") is { } uid) return SimpleName(uid);
        return reader.GetAttribute("name") ?? reader.GetAttribute("href") ?? "";
    }

    /// <summary>The last name of a reference, without namespace, arity and parameters; the reference may be an unresolved one.</summary>
    internal static string SimpleName(string reference)
    {
        if (DocumentationId.TryParse(reference, out var id)) return id.Kind == MemberKind.Namespace ? id.Owner : id.Name;
        int start = reference.IndexOf(':') + 1;
        int end = reference.AsSpan().IndexOfAny('(', '{', '?');
        string path = (end > start ? reference[start..end] : reference[start..]).TrimEnd('*', '.');
        return DocumentationId.WithoutArity(path[(path.LastIndexOf('.') + 1)..]);
    }

    private void Words(ReadOnlySpan<char> words)
    {
        foreach (char c in words)
        {
            if (char.IsWhiteSpace(c))
            {
                _space = true;
                continue;
            }
            if (char.IsControl(c) || c is '\u200B' or '\u200C' or '\u200D' or '\uFEFF') continue;
            if (_space && _text.Length > 0 && _text[^1] != '\n') _text.Append(' ');
            _space = false;
            _text.Append(c);
        }
    }

    private void Break()
    {
        _space = false;
        if (_text.Length > 0 && _text[^1] != '\n') _text.Append('\n');
    }
}
