using System.Globalization;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Numbers as text and back, digit for digit as Python writes and reads them.</summary>
internal static class NumberText
{
    /// <summary>CPython refuses to convert longer integers to or from decimal text.</summary>
    public const int MaxDigits = 4300;

    public static string Integer(BigInteger value)
    {
        if (value.GetBitLength() > 14_300) throw PythonError.Value($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        string text = value.ToString(CultureInfo.InvariantCulture);
        if (text.Length - (value.Sign < 0 ? 1 : 0) > MaxDigits) throw PythonError.Value($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        return text;
    }

    /// <summary>The shortest digits that read back as the same number: <c>4.0</c>, <c>0.1</c>, <c>1e+16</c>, <c>1e-05</c>.</summary>
    public static string Repr(double value)
    {
        if (NonFinite(value) is { } special) return special;
        Span<char> buffer = stackalloc char[32];
        value.TryFormat(buffer, out int length, "R", CultureInfo.InvariantCulture);
        var text = buffer[..length];
        if (!text.Contains('E') && Math.Abs(value) is 0 or (>= 1e-4 and < 1e16)) return text.Contains('.') ? text.ToString() : string.Concat(text, ".0");
        var (digits, exponent) = Scientific(text, out bool negative);
        string body = exponent is >= -4 and < 16 ? Positional(digits, exponent, 1) : Exponential(digits, exponent, 'e');
        return negative ? "-" + body : body;
    }

    /// <summary>Significant digits without point, and the exponent of the first, from either notation of .NET.</summary>
    private static (string Digits, int Exponent) Scientific(ReadOnlySpan<char> text, out bool negative)
    {
        negative = text[0] == '-';
        if (negative) text = text[1..];
        int e = text.IndexOf('E');
        int exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text.ToString() : text[..e].ToString();
        int point = mantissa.IndexOf('.');
        string digits = mantissa.Replace(".", "");
        int leading = digits.Length - digits.TrimStart('0').Length;
        exponent += (point < 0 ? mantissa.Length : point) - 1 - leading;
        return (digits[leading..].TrimEnd('0'), exponent);
    }

    private static string Exponential(string digits, int exponent, char letter, bool keepPoint = false)
    {
        string mantissa = digits.Length > 1 || keepPoint ? digits[..1] + "." + digits[1..] : digits;
        return $"{mantissa}{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string Positional(string digits, int exponent, int minDecimals)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
        {
            string whole = digits.PadRight(exponent + 1, '0');
            return minDecimals > 0 ? whole + "." + new string('0', minDecimals) : whole;
        }
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static string? NonFinite(double value) =>
        double.IsNaN(value) ? "nan" : double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : null;

    /// <summary><c>%.{decimals}f</c>: the exact binary value, rounded half to even.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (NonFinite(value) is { } special) return special;
        var scaled = RoundScaled(Math.Abs(value), decimals);
        string digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string sign = double.IsNegative(value) ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary><c>%.{decimals}e</c>.</summary>
    public static string Exponential(double value, int decimals, char letter = 'e', bool keepPoint = false)
    {
        if (NonFinite(value) is { } special) return special;
        string sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = Significant(Math.Abs(value), decimals + 1);
        return sign + Exponential(digits, exponent, letter, keepPoint);
    }

    /// <summary><c>%.{precision}g</c>; <paramref name="alternate"/> keeps trailing zeros.</summary>
    public static string General(double value, int precision, char letter = 'e', bool alternate = false)
    {
        if (NonFinite(value) is { } special) return special;
        if (precision == 0) precision = 1;
        string sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = Significant(Math.Abs(value), precision);
        bool positional = exponent >= -4 && exponent < precision;
        if (!alternate) digits = digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        if (!positional) return sign + Exponential(digits, exponent, letter, alternate);
        string body = Positional(digits, exponent, 0);
        return sign + (alternate && !body.Contains('.') ? body + "." : body);
    }

    /// <summary>Exactly <paramref name="count"/> significant digits, rounded half to even, and the exponent of the first.</summary>
    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0) return (new string('0', count), 0);
        // The logarithm may be off by one beside a power of ten; the number of digits tells.
        for (int exponent = (int)Math.Floor(Math.Log10(value)); ;)
        {
            string digits = RoundScaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count) return (digits, exponent);
            if (digits.Length < count) exponent--;
            else if (digits.AsSpan(1).ContainsAnyExcept('0')) exponent++;
            else return (digits[..count], exponent + 1); // 99.96 rounded up to 100.0
        }
    }

    /// <summary>value · 10^decimals as an integer, rounded half to even from the exact binary value. <paramref name="value"/> is not negative.</summary>
    private static BigInteger RoundScaled(double value, int decimals)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)(bits >> 52);
        BigInteger numerator = biased == 0 ? bits : (bits & 0xFFFFFFFFFFFFF) | (1L << 52);
        int power = (biased == 0 ? 1 : biased) - 1075;
        var denominator = BigInteger.One;
        if (decimals >= 0) numerator *= BigInteger.Pow(10, decimals);
        else denominator = BigInteger.Pow(10, -decimals);
        if (power >= 0) numerator <<= power;
        else denominator <<= -power;
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    /// <summary>Python's <c>round</c> of a float to a number of decimals (which may be negative).</summary>
    public static double Round(double value, int decimals)
    {
        if (double.IsNaN(value) || double.IsInfinity(value) || value == 0 || decimals > 323) return value;
        if (decimals < -308) return Math.CopySign(0.0, value);
        var scaled = RoundScaled(Math.Abs(value), decimals);
        string text = $"{(double.IsNegative(value) ? "-" : "")}{scaled.ToString(CultureInfo.InvariantCulture)}e{-decimals}";
        double rounded = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsInfinity(rounded) ? throw PythonError.Overflow("rounded value too large to represent") : rounded;
    }

    /// <summary>Python's <c>round</c> of an integer to a negative number of decimals: half to even.</summary>
    public static BigInteger Round(BigInteger value, int decimals)
    {
        if (decimals >= 0) return value;
        if (-decimals > MaxDigits) return 0;
        var unit = BigInteger.Pow(10, -decimals);
        var quotient = BigInteger.DivRem(BigInteger.Abs(value), unit, out var rest);
        int half = (rest * 2).CompareTo(unit);
        if (half > 0 || (half == 0 && !quotient.IsEven)) quotient++;
        return quotient * unit * value.Sign;
    }

    /// <summary>Python's <c>float(text)</c>: surrounding space, underscores between digits, inf and nan.</summary>
    public static double? ParseFloat(string text)
    {
        text = Ascii(text);
        string body = text.TrimStart('+', '-');
        if (text.Length - body.Length > 1) return null;
        double sign = text.StartsWith('-') ? -1 : 1;
        switch (body.ToLowerInvariant())
        {
            case "inf" or "infinity": return sign * double.PositiveInfinity;
            case "nan": return double.NaN;
        }
        if (body.Length == 0 || !(char.IsAsciiDigit(body[0]) || body[0] == '.')) return null;
        if (DropUnderscores(body) is not { } plain) return null;
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(plain, style, CultureInfo.InvariantCulture, out double value) ? sign * value : null;
    }

    /// <summary>Python's <c>int(text, radix)</c>.</summary>
    public static BigInteger? ParseInteger(string text, int radix)
    {
        if (radix != 0 && radix is < 2 or > 36) throw PythonError.Value("int() base must be >= 2 and <= 36, or 0");
        text = Ascii(text);
        bool negative = text.StartsWith('-');
        string body = negative || text.StartsWith('+') ? text[1..] : text;
        int marked = body.Length > 1 && body[0] == '0' ? char.ToLowerInvariant(body[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (marked != 0 && (radix == 0 || radix == marked))
        {
            body = body[2..];
            if (body.StartsWith('_')) body = body[1..];
            radix = marked;
        }
        else if (radix == 0)
        {
            radix = 10;
            if (body.Length > 1 && body[0] == '0' && body.Any(c => c is not ('0' or '_'))) return null;
        }
        if (body.Length == 0 || DropUnderscores(body) is not { } digits) return null;
        if (digits.Length > MaxDigits) throw PythonError.Value($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        if (radix == 10 && digits.Length <= 18 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long small)) return negative ? -small : small;
        BigInteger value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 99;
            if (digit >= radix) return null;
            value = value * radix + digit;
        }
        return negative ? -value : value;
    }

    /// <summary>Strips Python's whitespace and turns the decimal digits of other scripts into ASCII ones.</summary>
    private static string Ascii(string text)
    {
        var span = text.AsSpan();
        while (span.Length > 0 && UnicodeText.IsSpace(span[0])) span = span[1..];
        while (span.Length > 0 && UnicodeText.IsSpace(span[^1])) span = span[..^1];
        if (System.Text.Ascii.IsValid(span)) return span.ToString();
        return string.Concat(CodePoints.Of(span.ToString()).Select(c =>
            c >= 128 && UnicodeText.IsDecimal(c) ? CharUnicodeInfo.GetDecimalDigitValue(char.ConvertFromUtf32(c), 0).ToString(CultureInfo.InvariantCulture)
            : c is >= 0xD800 and < 0xE000 ? "?" : char.ConvertFromUtf32(c)));
    }

    private static string? DropUnderscores(string text)
    {
        if (!text.Contains('_')) return text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '_' && (i == 0 || i + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[i - 1]) || !char.IsAsciiLetterOrDigit(text[i + 1]))) return null;
        }
        return text.Replace("_", "");
    }
}
