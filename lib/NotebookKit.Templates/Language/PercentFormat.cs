using System.Globalization;
using System.Numerics;
using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>Python's <c>text % values</c>, with every conversion, flag, width and precision.</summary>
internal static class PercentFormat
{
    public static object Apply(RenderState state, object format, object? values)
    {
        string text = Format(state, Ops.TextOf(format)!, values, format is PyMarkup);
        return format is PyMarkup ? new PyMarkup(text) : text;
    }

    private static string Format(RenderState state, string format, object? values, bool escapes)
    {
        var result = new StringBuilder(format.Length + 16);
        object?[] queue = values is PyTuple tuple ? tuple.Items : [values];
        int next = 0;
        bool named = false;
        object? Take() => next < queue.Length ? queue[next++] : throw PythonError.Type("not enough arguments for format string");

        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            i++;
            object? value = Routine.Absent;
            if (i < format.Length && format[i] == '(')
            {
                int depth = 1;
                int start = ++i;
                for (; i < format.Length && depth > 0; i++) depth += format[i] == '(' ? 1 : format[i] == ')' ? -1 : 0;
                if (depth > 0) throw PythonError.Value("incomplete format key");
                if (values is not PyDict dict) throw PythonError.Type("format requires a mapping");
                string key = format[start..(i - 1)];
                if (!dict.TryGet(state, key, out value)) throw PythonError.Key(Printing.Quote(key));
                named = true;
            }
            string flags = "";
            for (; i < format.Length && format[i] is '#' or '0' or '-' or ' ' or '+'; i++) flags += format[i];
            int width = Count(format, ref i, Take);
            if (width < 0)
            {
                flags += "-";
                width = -width;
            }
            int precision = -1;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = Math.Max(0, Count(format, ref i, Take));
            }
            while (i < format.Length && format[i] is 'h' or 'l' or 'L') i++;
            if (i >= format.Length) throw PythonError.Value("incomplete format");
            if (width > state.OutputLength || precision > state.OutputLength) throw PythonError.Limit("a format asks for too wide a field");
            char conversion = format[i];
            if (conversion == '%')
            {
                result.Append('%');
                continue;
            }
            if (!Routine.Given(value)) value = Take();
            result.Append(Field(state, conversion, flags, width, precision, value, i, escapes));
            state.ChargeText(result.Length);
        }
        if (next < queue.Length && !named && values is not (PyDict or PyList or PyRange or DictView or Undefined) && !(values is PyMarkup && format.Length == 0))
            throw PythonError.Type("not all arguments converted during string formatting");
        return result.ToString();
    }

    private static int Count(string format, ref int i, Func<object?> take)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            object? value = take();
            return Arithmetic.TryInteger(value, out _) ? Arithmetic.ToIndex(value) : throw PythonError.Type("* wants int");
        }
        long count = 0;
        for (; i < format.Length && char.IsAsciiDigit(format[i]); i++) count = Math.Min(count * 10 + (format[i] - '0'), int.MaxValue);
        return (int)count;
    }

    private static string Field(RenderState state, char conversion, string flags, int width, int precision, object? value, int position, bool escapes)
    {
        string sign = "";
        string prefix = "";
        string body;
        bool numeric = true;
        switch (conversion)
        {
            case 's' or 'r' or 'a':
                body = conversion == 's' ? Printing.Str(state, value) : Printing.Repr(state, value);
                if (conversion == 'a') body = EscapeNonAscii(body);
                if (escapes && value is not PyMarkup) body = Html.Escape(body);
                if (precision >= 0 && precision < CodePoints.Length(body)) body = CodePoints.Substring(body, 0, precision);
                numeric = false;
                break;
            case 'c':
                body = value is string { Length: > 0 } text && CodePoints.Length(text) == 1 ? text
                    : Arithmetic.TryInteger(value, out var code)
                        ? code >= 0 && code <= 0x10FFFF ? CodePoints.FromArray([(int)code]) : throw PythonError.Overflow("%c arg not in range(0x110000)")
                        : throw PythonError.Type("%c requires int or char");
                numeric = false;
                break;
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                var number = Integer(conversion, value);
                if (number.Sign < 0) sign = "-";
                number = BigInteger.Abs(number);
                body = conversion switch { 'x' => Radix(number, 16), 'X' => Radix(number, 16).ToUpperInvariant(), 'o' => Radix(number, 8), _ => NumberText.Integer(number) };
                if (flags.Contains('#')) prefix = conversion switch { 'x' => "0x", 'X' => "0X", 'o' => "0o", _ => "" };
                if (precision > body.Length) body = body.PadLeft(precision, '0');
                break;
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (value is Undefined undefined) throw undefined.Failure();
                double real = Real(value);
                int digits = precision < 0 ? 6 : precision;
                bool alternate = flags.Contains('#');
                body = char.ToLowerInvariant(conversion) switch
                {
                    'e' => NumberText.Exponential(real, digits, keepPoint: alternate),
                    'f' => NumberText.Fixed(real, digits) + (alternate && digits == 0 && double.IsFinite(real) ? "." : ""),
                    _ => NumberText.General(real, digits, alternate: alternate),
                };
                if (char.IsUpper(conversion)) body = body.ToUpperInvariant();
                if (body[0] == '-')
                {
                    sign = "-";
                    body = body[1..];
                }
                break;
            default:
                throw PythonError.Value($"unsupported format character '{conversion}' (0x{(int)conversion:x}) at index {position}");
        }
        if (numeric && sign.Length == 0) sign = flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
        int missing = width - CodePoints.Length(body) - sign.Length - prefix.Length;
        if (missing <= 0) return sign + prefix + body;
        if (flags.Contains('-')) return sign + prefix + body + new string(' ', missing);
        if (numeric && flags.Contains('0')) return sign + prefix + new string('0', missing) + body;
        return new string(' ', missing) + sign + prefix + body;
    }

    private static BigInteger Integer(char conversion, object? value)
    {
        if (Arithmetic.TryInteger(value, out var integer)) return integer;
        if (value is double d && conversion is 'd' or 'i' or 'u')
        {
            if (double.IsNaN((double)value)) throw PythonError.Value("cannot convert float NaN to integer");
            if (double.IsInfinity((double)value)) throw PythonError.Overflow("cannot convert float infinity to integer");
            return new BigInteger((double)value);
        }
        if (value is Undefined u && conversion is 'd' or 'i' or 'u') throw ((Undefined)value).Failure();
        string wanted = conversion is 'd' or 'i' or 'u' ? "a real number" : "an integer";
        throw PythonError.Type($"%{conversion} format: {wanted} is required, not {Ops.TypeName(value)}");
    }

    private static double Real(object? value) =>
        Arithmetic.IsNumber(value) ? Arithmetic.ToDouble(value) : throw PythonError.Type($"must be real number, not {Ops.TypeName(value)}");

    public static string Radix(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        if (radix == 10) return NumberText.Integer(value);
        int shift = radix switch { 2 => 1, 8 => 3, _ => 4 };
        var digits = new StringBuilder();
        for (; !value.IsZero; value >>= shift) digits.Insert(0, "0123456789abcdef"[(int)(value & (radix - 1))]);
        return digits.ToString();
    }

    private static string EscapeNonAscii(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (int c in CodePoints.Of(text))
        {
            if (c < 128) result.Append((char)c);
            else result.Append(c < 0x100 ? $"\\x{c:x2}" : c < 0x10000 ? $"\\u{c:x4}" : string.Create(CultureInfo.InvariantCulture, $"\\U{c:x8}"));
        }
        return result.ToString();
    }
}
