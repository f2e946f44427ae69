using System.Globalization;
using System.Numerics;
using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>Python's <c>str.format</c>: replacement fields with items, attributes, conversions and the format mini-language.</summary>
internal static class FormatSpec
{
    public static string Format(RenderState state, string format, Arguments arguments)
    {
        int automatic = 0;
        return Expand(state, format, arguments, ref automatic, depth: 0);
    }

    private static string Expand(RenderState state, string format, Arguments arguments, ref int automatic, int depth)
    {
        if (depth > 1) throw PythonError.Value("Max string recursion exceeded");
        var result = new StringBuilder(format.Length + 16);
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is not ('{' or '}'))
            {
                result.Append(c);
                continue;
            }
            if (i + 1 < format.Length && format[i + 1] == c && depth == 0)
            {
                result.Append(c);
                i++;
                continue;
            }
            if (c == '}') throw PythonError.Value("Single '}' encountered in format string");
            int end = FieldEnd(format, i + 1);
            result.Append(Field(state, format[(i + 1)..end], arguments, ref automatic, depth));
            state.ChargeText(result.Length);
            i = end;
        }
        return result.ToString();
    }

    private static int FieldEnd(string format, int start)
    {
        int depth = 1;
        bool inItem = false;
        for (int i = start; i < format.Length; i++)
        {
            if (format[i] == '[') inItem = true;
            else if (format[i] == ']') inItem = false;
            else if (!inItem && format[i] == '{') depth++;
            else if (!inItem && format[i] == '}' && --depth == 0) return i;
        }
        throw PythonError.Value(start == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }

    private static string Field(RenderState state, string field, Arguments arguments, ref int automatic, int depth)
    {
        int nameEnd = 0;
        bool inItem = false;
        for (; nameEnd < field.Length && (inItem || field[nameEnd] is not (':' or '!')); nameEnd++)
        {
            if (field[nameEnd] == '[') inItem = true;
            else if (field[nameEnd] == ']') inItem = false;
        }
        string path = field[..nameEnd];
        char conversion = '\0';
        int at = nameEnd;
        if (at < field.Length && field[at] == '!')
        {
            if (at + 1 >= field.Length) throw PythonError.Value("end of string while looking for conversion specifier");
            conversion = field[at + 1];
            at += 2;
            if (at < field.Length && field[at] != ':') throw PythonError.Value("expected ':' after conversion specifier");
        }
        object? value = Resolve(state, path, arguments, ref automatic);
        string spec = at < field.Length ? field[(at + 1)..] : "";
        if (spec.Contains('{')) spec = Expand(state, spec, arguments, ref automatic, depth + 1);
        value = conversion switch
        {
            '\0' => value,
            's' => Printing.Str(state, value),
            'r' or 'a' => Printing.Repr(state, value),
            _ => throw PythonError.Value($"Unknown conversion specifier '{conversion}'"),
        };
        return Apply(state, value, spec);
    }

    private static object? Resolve(RenderState state, string path, Arguments arguments, ref int automatic)
    {
        int split = path.AsSpan().IndexOfAny('.', '[');
        string first = split < 0 ? path : path[..split];
        object? value;
        if (first.Length == 0 || first.All(char.IsAsciiDigit))
        {
            if (first.Length == 0 && automatic < 0) throw PythonError.Value("cannot switch from manual field specification to automatic field numbering");
            if (first.Length > 0 && automatic > 0) throw PythonError.Value("cannot switch from automatic field numbering to manual field specification");
            int index;
            if (first.Length == 0) index = automatic++;
            else
            {
                automatic = -1;
                if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out index)) throw PythonError.Value("Too many decimal digits in format string");
            }
            if (index >= arguments.Positional.Length) throw PythonError.Index($"Replacement index {index} out of range for positional args tuple");
            value = arguments.Positional[index];
        }
        else
        {
            int at = Array.FindIndex(arguments.Named, pair => pair.Key == first);
            if (at < 0) throw PythonError.Key(Printing.Quote(first));
            value = arguments.Named[at].Value;
        }
        for (int i = split; i >= 0 && i < path.Length;)
        {
            if (path[i] == '.')
            {
                int end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + 1 + end;
                value = Members.Attribute(state, value, path[(i + 1)..end]);
                i = end;
            }
            else if (path[i] == '[')
            {
                int end = path.IndexOf(']', i);
                if (end < 0) throw PythonError.Value("Missing ']' in format string");
                string key = path[(i + 1)..end];
                object? index = key.Length > 0 && key.All(char.IsAsciiDigit) && key.Length < 18 ? Boxed.Of(long.Parse(key, CultureInfo.InvariantCulture)) : key;
                if (!Members.TryItem(state, value, index, out value)) throw PythonError.Key(Printing.Repr(state, index));
                i = end + 1;
            }
            else throw PythonError.Value("Only '.' or '[' may follow ']' in format field specifier");
            if (value is Undefined undefined) throw undefined.Failure();
        }
        return value;
    }

    /// <summary><c>format(value, spec)</c>.</summary>
    private static string Apply(RenderState state, object? value, string spec)
    {
        if (spec.Length == 0) return Printing.Str(state, value);
        if (!(value is string or PyMarkup || Arithmetic.IsNumber(value)))
            throw PythonError.Type($"unsupported format string passed to {Ops.TypeName(value)}.__format__");

        bool isText = value is string or PyMarkup;
        int i = 0;
        string fill = " ";
        char align = '\0';
        bool filled = false;
        int fillWidth = CodePoints.Width(spec, 0);
        if (spec.Length > fillWidth && spec[fillWidth] is '<' or '>' or '=' or '^')
        {
            fill = spec[..fillWidth];
            align = spec[fillWidth];
            filled = true;
            i = fillWidth + 1;
        }
        else if (spec[0] is '<' or '>' or '=' or '^') align = spec[i++];
        bool signed = i < spec.Length && spec[i] is '+' or '-' or ' ';
        char sign = signed ? spec[i++] : '-';
        bool noNegativeZero = i < spec.Length && spec[i] == 'z' && i++ >= 0;
        bool alternate = i < spec.Length && spec[i] == '#' && i++ >= 0;
        if (!filled && i < spec.Length && spec[i] == '0')
        {
            i++;
            fill = "0";
            if (align == '\0' && !isText) align = '=';
        }
        int width = Digits(state, spec, ref i) ?? 0;
        char group = i < spec.Length && spec[i] is ',' or '_' ? spec[i++] : '\0';
        int precision = -1;
        if (i < spec.Length && spec[i] == '.')
        {
            i++;
            precision = Digits(state, spec, ref i) ?? throw PythonError.Value("Format specifier missing precision");
        }
        char type = i < spec.Length ? spec[i++] : '\0';
        if (i < spec.Length) throw PythonError.Value($"Invalid format specifier '{spec}' for object of type '{Ops.TypeName(value)}'");

        if (group != '\0' && (isText || !(type is '\0' or 'd' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%' || (group == '_' && type is 'b' or 'o' or 'x' or 'X'))))
            throw PythonError.Value($"Cannot specify '{group}' with '{(type == '\0' ? 's' : type)}'.");
        if (signed && (isText || type == 'c')) throw PythonError.Value(isText ? "Sign not allowed in string format specifier" : "Sign not allowed with integer format specifier 'c'");
        if (alternate && (isText || type == 'c')) throw PythonError.Value("Alternate form (#) not allowed with text");

        string lead = "";
        string body;
        if (Ops.TextOf(value) is { } text)
        {
            if (type is not ('\0' or 's')) throw PythonError.Value($"Unknown format code '{type}' for object of type 'str'");
            if (align == '=') throw PythonError.Value("'=' alignment not allowed in string format specifier");
            body = precision >= 0 && precision < CodePoints.Length(text) ? CodePoints.Substring(text, 0, precision) : text;
            if (align == '\0') align = '<';
        }
        else
        {
            if (align == '\0') align = '>';
            if (value is bool && type == '\0')
            {
                // bool formats as the int that it is, once a specification is given.
                value = Boxed.Of((bool)value ? 1L : 0L);
            }
            if (value is double || type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
            {
                (lead, body) = Float(Arithmetic.ToDouble(value), type, precision, alternate, noNegativeZero);
            }
            else
            {
                if (precision >= 0) throw PythonError.Value("Precision not allowed in integer format specifier");
                Arithmetic.TryInteger(value, out var integer);
                lead = integer.Sign < 0 ? "-" : "";
                (string prefix, body) = Integer(BigInteger.Abs(integer), type);
                if (lead.Length == 0 && sign != '-') lead = sign.ToString();
                if (alternate) lead += prefix;
            }
            if (value is double || type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
            {
                if (lead.Length == 0 && sign != '-') lead = sign.ToString();
            }
            if (group != '\0')
            {
                int size = group == '_' && type is 'x' or 'X' or 'o' or 'b' ? 4 : 3;
                body = Group(body, group, size, fill == "0" && align == '=' ? width - lead.Length : 0);
            }
        }
        int missing = width - CodePoints.Length(body) - lead.Length;
        if (missing <= 0) return lead + body;
        state.ChargeText((long)missing * fill.Length);
        string Pad(int count) => new StringBuilder(count).Insert(0, fill, count).ToString();
        return align switch
        {
            '<' => lead + body + Pad(missing),
            '>' => Pad(missing) + lead + body,
            '^' => Pad(missing / 2) + lead + body + Pad(missing - missing / 2),
            _ => lead + Pad(missing) + body,
        };
    }

    private static int? Digits(RenderState state, string spec, ref int i)
    {
        int start = i;
        long number = 0;
        for (; i < spec.Length && char.IsAsciiDigit(spec[i]); i++) number = Math.Min(number * 10 + (spec[i] - '0'), int.MaxValue);
        if (number > state.OutputLength) throw PythonError.Limit("a format asks for too wide a field");
        return i == start ? null : (int)number;
    }

    private static (string Prefix, string Body) Integer(BigInteger value, char type) => type switch
    {
        '\0' or 'd' or 'n' => ("", NumberText.Integer(value)),
        'b' => ("0b", PercentFormat.Radix(value, 2)),
        'o' => ("0o", PercentFormat.Radix(value, 8)),
        'x' => ("0x", PercentFormat.Radix(value, 16)),
        'X' => ("0X", PercentFormat.Radix(value, 16).ToUpperInvariant()),
        'c' => ("", value <= 0x10FFFF ? CodePoints.FromArray([(int)value]) : throw PythonError.Overflow("%c arg not in range(0x110000)")),
        _ => throw PythonError.Value($"Unknown format code '{type}' for object of type 'int'"),
    };

    private static (string Lead, string Body) Float(double value, char type, int precision, bool alternate, bool noNegativeZero)
    {
        int digits = precision < 0 ? 6 : precision;
        string text = type switch
        {
            '\0' when precision < 0 => NumberText.Repr(value),
            '\0' => ReprLike(value, precision),
            'e' or 'E' => NumberText.Exponential(value, digits, keepPoint: alternate),
            'f' or 'F' => NumberText.Fixed(value, digits) + (alternate && digits == 0 ? "." : ""),
            'g' or 'G' or 'n' => NumberText.General(value, digits, alternate: alternate),
            '%' => NumberText.Fixed(value * 100, digits) + "%",
            _ => throw PythonError.Value($"Unknown format code '{type}' for object of type 'float'"),
        };
        if (char.IsAsciiLetterUpper(type)) text = text.ToUpperInvariant();
        bool negative = text[0] == '-';
        if (negative) text = text[1..];
        if (negative && noNegativeZero && text.All(c => c is '0' or '.' or '%')) negative = false;
        return (negative ? "-" : "", text);
    }

    /// <summary>No type but a precision: like <c>g</c>, yet always with a digit after the point.</summary>
    private static string ReprLike(double value, int precision)
    {
        string text = NumberText.General(value, precision);
        if (text.Contains('e') || !double.IsFinite(value)) return text;
        string digits = text.TrimStart('-');
        // Python switches to the exponent one digit earlier here than for 'g'.
        if (!digits.Contains('.') && digits.Length >= Math.Max(1, precision)) return NumberText.Exponential(value, Math.Max(1, precision) - 1) is var e && precision > 1 ? TrimExponential(e) : e;
        return digits.Contains('.') ? text : text + ".0";
    }

    private static string TrimExponential(string text)
    {
        int e = text.IndexOf('e');
        return text[..e].TrimEnd('0').TrimEnd('.') + text[e..];
    }

    private static string Group(string body, char separator, int size, int minWidth)
    {
        int digits = 0;
        while (digits < body.Length && char.IsAsciiHexDigit(body[digits])) digits++;
        if (size == 3) for (digits = 0; digits < body.Length && char.IsAsciiDigit(body[digits]);) digits++;
        string rest = body[digits..];
        string whole = body[..digits];
        string Grouped()
        {
            var result = new StringBuilder(whole);
            for (int at = whole.Length - size; at > 0; at -= size) result.Insert(at, separator);
            return result.ToString();
        }
        string grouped = Grouped();
        // Zero padding counts as digits and is grouped, too.
        while (grouped.Length + rest.Length < minWidth)
        {
            whole = "0" + whole;
            grouped = Grouped();
        }
        return grouped + rest;
    }
}
