using System.Globalization;
using System.Numerics;
using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>
/// Splits a template into text and tags, as Jinja2's lexer does with its default delimiters: <c>{{ }}</c>, <c>{% %}</c>,
/// <c>{# #}</c>, <c>-</c> and <c>+</c> whitespace control, raw blocks; line ends become <c>\n</c> and one at the very end is dropped.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;

    private Lexer(string source) => _source = source;

    /// <summary>Line ends as Jinja2 sees them. Offsets in tokens and errors refer to this text.</summary>
    public static string Normalize(string source)
    {
        if (source.Contains('\r')) source = source.Replace("\r\n", "\n").Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    public static List<Token> Tokenize(string normalized)
    {
        var lexer = new Lexer(normalized);
        lexer.Root();
        lexer._tokens.Add(new Token(TokenKind.End, "", normalized.Length));
        return lexer._tokens;
    }

    private void Root()
    {
        while (_position < _source.Length)
        {
            int tag = NextTag(_position);
            if (tag < 0)
            {
                AddData(_position, _source.Length);
                _position = _source.Length;
                return;
            }
            int inside = tag + 2;
            char sign = inside < _source.Length && _source[inside] is '-' or '+' ? _source[inside] : '\0';
            if (sign != '\0') inside++;
            AddData(_position, sign == '-' ? TrimmedEnd(_position, tag) : tag);
            _position = inside;
            switch (_source[tag + 1])
            {
                case '#':
                    Comment(tag);
                    break;
                case '{':
                    _tokens.Add(new Token(TokenKind.VariableBegin, "{{", tag));
                    Tag(TokenKind.VariableEnd, "}}");
                    break;
                default:
                    if (RawBegins(inside, out int body))
                    {
                        Raw(tag, body);
                    }
                    else
                    {
                        _tokens.Add(new Token(TokenKind.BlockBegin, "{%", tag));
                        Tag(TokenKind.BlockEnd, "%}");
                    }
                    break;
            }
        }
    }

    private int NextTag(int from)
    {
        while (true)
        {
            int brace = _source.IndexOf('{', from);
            if (brace < 0 || brace + 1 >= _source.Length) return -1;
            if (_source[brace + 1] is '{' or '%' or '#') return brace;
            from = brace + 1;
        }
    }

    private void AddData(int start, int end)
    {
        if (end > start) _tokens.Add(new Token(TokenKind.Data, _source[start..end], start));
    }

    private int TrimmedEnd(int start, int end)
    {
        while (end > start && UnicodeText.IsSpace(_source[end - 1])) end--;
        return end;
    }

    private int SkipSpace(int position)
    {
        while (position < _source.Length && UnicodeText.IsSpace(_source[position])) position++;
        return position;
    }

    private void Comment(int tag)
    {
        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0) throw new SyntaxError("Missing end of comment tag", tag);
        bool trims = end > _position && _source[end - 1] == '-';
        _position = trims ? SkipSpace(end + 2) : end + 2;
    }

    private bool RawBegins(int inside, out int body)
    {
        body = 0;
        int p = SkipSpace(inside);
        if (!_source.AsSpan(p).StartsWith("raw")) return false;
        p = SkipSpace(p + 3);
        return EndsTag(p, "%}", plusAllowed: false, out body);
    }

    private void Raw(int tag, int body)
    {
        for (int p = body; (p = _source.IndexOf("{%", p, StringComparison.Ordinal)) >= 0; p += 2)
        {
            int inside = p + 2;
            bool trims = inside < _source.Length && _source[inside] == '-';
            if (trims || (inside < _source.Length && _source[inside] == '+')) inside++;
            inside = SkipSpace(inside);
            if (!_source.AsSpan(inside).StartsWith("endraw")) continue;
            if (!EndsTag(SkipSpace(inside + 6), "%}", plusAllowed: true, out int after)) continue;
            AddData(body, trims ? TrimmedEnd(body, p) : p);
            _position = after;
            return;
        }
        throw new SyntaxError("Missing end of raw directive", tag);
    }

    /// <summary>Whether a tag ends here: <c>%}</c>, <c>-%}</c> (which also eats the whitespace after it), for blocks also <c>+%}</c>.</summary>
    private bool EndsTag(int position, string end, bool plusAllowed, out int after)
    {
        after = position;
        if (position >= _source.Length) return false;
        char first = _source[position];
        bool signed = first == '-' || (first == '+' && plusAllowed);
        if (string.CompareOrdinal(_source, signed ? position + 1 : position, end, 0, 2) != 0) return false;
        after = signed ? position + 3 : position + 2;
        if (first == '-') after = SkipSpace(after);
        return true;
    }

    private void Tag(TokenKind endKind, string end)
    {
        var open = new Stack<char>();
        while (true)
        {
            if (open.Count == 0 && EndsTag(_position, end, endKind == TokenKind.BlockEnd, out int after))
            {
                _tokens.Add(new Token(endKind, end, _position));
                _position = after;
                return;
            }
            if (_position >= _source.Length) return; // the parser reports the missing end
            char c = _source[_position];
            if (UnicodeText.IsSpace(c)) _position = SkipSpace(_position);
            else if (char.IsAsciiDigit(c)) Number();
            else if (IsNamePart(_position, out _)) Name();
            else if (c is '"' or '\'' && TextEnd(_position) is var close and > 0) Text(close);
            else Operator(open);
        }
    }

    private bool IsNamePart(int position, out int width)
    {
        width = char.IsSurrogatePair(_source, position) ? 2 : 1;
        char c = _source[position];
        if (c < 128) return char.IsAsciiLetterOrDigit(c) || c == '_';
        var category = width == 2 ? CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(c, _source[position + 1])) : char.GetUnicodeCategory(c);
        return category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
    }

    private void Name()
    {
        int start = _position;
        while (_position < _source.Length && IsNamePart(_position, out int width)) _position += width;
        var first = CharUnicodeInfo.GetUnicodeCategory(_source, start);
        if (first is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            throw new SyntaxError("Invalid character in identifier", start);
        _tokens.Add(new Token(TokenKind.Name, _source[start.._position], start));
    }

    private void Number()
    {
        int start = _position;
        bool afterDot = start > 0 && _source[start - 1] == '.';
        int end = Digits(start, char.IsAsciiDigit);
        if (!afterDot && FloatEnd(end) is var floatEnd and > 0)
        {
            _position = floatEnd;
            string text = _source[start..floatEnd].Replace("_", "");
            _tokens.Add(new Token(TokenKind.Float, text, start, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)));
            return;
        }
        int radix = 10;
        if (_source[start] == '0')
        {
            char mark = start + 1 < _source.Length ? char.ToLowerInvariant(_source[start + 1]) : '\0';
            (radix, var digit) = mark switch
            {
                'x' => (16, char.IsAsciiHexDigit),
                'o' => (8, c => c is >= '0' and <= '7'),
                'b' => (2, c => c is '0' or '1'),
                _ => (10, (Func<char, bool>)(c => c == '0')),
            };
            int digitsFrom = radix == 10 ? start : start + 2;
            if (radix != 10 && digitsFrom < _source.Length && _source[digitsFrom] == '_') digitsFrom++;
            end = Digits(digitsFrom, digit);
            if (end == digitsFrom)
            {
                radix = 10;
                end = start + 1;
            }
        }
        string digits = (radix == 10 ? _source[start..end] : _source[(start + 2)..end]).Replace("_", "");
        if (digits.Length > NumberText.MaxDigits) throw new SyntaxError("the number has too many digits", start);
        _position = end;
        BigInteger value = 0;
        if (radix == 10) value = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        else foreach (char c in digits) value = value * radix + Convert.ToInt32(c.ToString(), 16);
        _tokens.Add(new Token(TokenKind.Integer, digits, start, Arithmetic.Normalize(value)));
    }

    /// <summary>End of a run of digits with single underscores between them.</summary>
    private int Digits(int position, Func<char, bool> isDigit)
    {
        int end = position;
        while (end < _source.Length && (isDigit(_source[end]) || (_source[end] == '_' && end > position && end + 1 < _source.Length && isDigit(_source[end + 1])))) end++;
        return end;
    }

    private int FloatEnd(int end)
    {
        bool isFloat = false;
        if (end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1]))
        {
            end = Digits(end + 1, char.IsAsciiDigit);
            isFloat = true;
        }
        if (end < _source.Length && _source[end] is 'e' or 'E')
        {
            int p = end + 1;
            if (p < _source.Length && _source[p] is '+' or '-') p++;
            if (p < _source.Length && char.IsAsciiDigit(_source[p])) return Digits(p, char.IsAsciiDigit);
        }
        return isFloat ? end : 0;
    }

    private int TextEnd(int start)
    {
        char quote = _source[start];
        for (int p = start + 1; p < _source.Length; p++)
        {
            if (_source[p] == '\\') p++;
            else if (_source[p] == quote) return p;
        }
        return 0;
    }

    private void Text(int close)
    {
        int start = _position;
        _position = close + 1;
        _tokens.Add(new Token(TokenKind.Text, Unescape(start + 1, close), start));
    }

    /// <summary>
    /// Escapes as Python's <c>unicode-escape</c> codec decodes them after Jinja2 has replaced non-ASCII characters by escapes
    /// of their own, so that a backslash before a non-ASCII character makes that escape visible.
    /// </summary>
    private string Unescape(int start, int end)
    {
        if (_source.IndexOf('\\', start, end - start) < 0) return _source[start..end];
        var text = new StringBuilder(end - start);
        for (int p = start; p < end; p++)
        {
            char c = _source[p];
            if (c != '\\')
            {
                text.Append(c);
                continue;
            }
            c = _source[++p];
            switch (c)
            {
                case '\n': break;
                case '\\' or '\'' or '"': text.Append(c); break;
                case 'a': text.Append('\a'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'v': text.Append('\v'); break;
                case >= '0' and <= '7':
                    int octal = 0;
                    int last = p;
                    for (; last < end && last < p + 3 && _source[last] is >= '0' and <= '7'; last++) octal = octal * 8 + (_source[last] - '0');
                    text.Append((char)octal);
                    p = last - 1;
                    break;
                case 'x': p = Hex(text, p, end, 2); break;
                case 'u': p = Hex(text, p, end, 4); break;
                case 'U': p = Hex(text, p, end, 8); break;
                case 'N': p = Named(text, p, end); break;
                case < (char)128: text.Append('\\').Append(c); break;
                default:
                    int width = char.IsSurrogatePair(_source, p) ? 2 : 1;
                    int codePoint = width == 2 ? char.ConvertToUtf32(c, _source[p + 1]) : c;
                    text.Append('\\').Append(codePoint < 0x100 ? $"x{codePoint:x2}" : codePoint < 0x10000 ? $"u{codePoint:x4}" : $"U{codePoint:x8}");
                    p += width - 1;
                    break;
            }
        }
        return text.ToString();
    }

    /// <summary>A character by its name: <c>\N{BULLET}</c>.</summary>
    private int Named(StringBuilder text, int p, int end)
    {
        int close = p + 1 < end && _source[p + 1] == '{' ? _source.IndexOf('}', p, end - p) : -1;
        if (close <= p + 2) throw new SyntaxError("malformed \\N character escape; write \\N{name}", p - 1);
        if (!CharacterNames.Available) throw new SyntaxError("this system has no ICU library with the names of characters; write \\u and four digits", p - 1);
        text.Append(char.ConvertFromUtf32(CharacterNames.CodePointOf(_source[(p + 2)..close]) ?? throw new SyntaxError("unknown Unicode character name", p - 1)));
        return close;
    }

    private int Hex(StringBuilder text, int p, int end, int digits)
    {
        if (p + digits >= end || !int.TryParse(_source.AsSpan(p + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || value is < 0 or > 0x10FFFF)
            throw new SyntaxError($"truncated or illegal \\{_source[p]} escape in a string", p - 1);
        if (value >= 0x10000) text.Append(char.ConvertFromUtf32(value));
        else text.Append((char)value);
        return p + digits;
    }

    private void Operator(Stack<char> open)
    {
        foreach (string op in Operators)
        {
            if (string.CompareOrdinal(_source, _position, op, 0, op.Length) != 0) continue;
            switch (op)
            {
                case "(": open.Push(')'); break;
                case "[": open.Push(']'); break;
                case "{": open.Push('}'); break;
                case ")" or "]" or "}":
                    if (open.Count == 0) throw new SyntaxError($"unexpected '{op}'", _position);
                    char expected = open.Pop();
                    if (expected != op[0]) throw new SyntaxError($"unexpected '{op}', expected '{expected}'", _position);
                    break;
            }
            _tokens.Add(new Token(TokenKind.Operator, op, _position));
            _position += op.Length;
            return;
        }
        throw new SyntaxError($"unexpected char {Printing.Quote(_source[_position].ToString())}", _position);
    }
}
