using System.Globalization;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Python's operators: integers never overflow (up to a limit), true division gives a float, remainders follow the divisor's sign.</summary>
internal static class Arithmetic
{
    /// <summary>Integers beyond this many bits are refused; Python would go on until memory ends.</summary>
    private const int MaxBits = 65_536;

    public static object Normalize(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return Boxed.Of((long)value);
        if (value.GetBitLength() > MaxBits) throw PythonError.Limit($"an integer would have more than {MaxBits:N0} bits");
        return value;
    }

    public static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    public static bool TryInteger(object? value, out BigInteger integer)
    {
        switch (value)
        {
            case long n: integer = n; return true;
            case bool b: integer = b ? 1 : 0; return true;
            case BigInteger big: integer = big; return true;
            default: integer = default; return false;
        }
    }

    /// <summary>An integer that fits 32 bits by clamping: what positions, widths and counts are read with.</summary>
    public static int ToIndex(object? value, string what = "an integer")
    {
        switch (value)
        {
            case long n: return (int)Math.Clamp(n, int.MinValue + 1, int.MaxValue);
            case bool b: return b ? 1 : 0;
            case BigInteger big: return big.Sign < 0 ? int.MinValue + 1 : int.MaxValue;
            case Undefined: throw PythonError.Type($"'Undefined' object cannot be interpreted as {what}");
            default: throw PythonError.Type($"'{Ops.TypeName(value)}' object cannot be interpreted as {what}");
        }
    }

    public static double ToDouble(object? value) => value switch
    {
        double d => d,
        long n => n,
        bool b => b ? 1 : 0,
        BigInteger big => ToDouble(big),
        _ => throw PythonError.Type($"must be real number, not {Ops.TypeName(value)}"),
    };

    public static double ToDouble(BigInteger value)
    {
        // The runtime's conversion truncates; parsing rounds to nearest as Python does.
        double result = double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return double.IsInfinity(result) ? throw PythonError.Overflow("int too large to convert to float") : result;
    }

    /// <summary>Exact order of two numbers, also between integers and floats.</summary>
    public static int Compare(object a, object b)
    {
        if (a is double x && b is double y) return double.IsNaN(x) || double.IsNaN(y) ? Ops.Unordered : x.CompareTo(y);
        if (a is double d) return Reverse(CompareToDouble(b, d));
        if (b is double e) return CompareToDouble(a, e);
        TryInteger(a, out var i);
        TryInteger(b, out var j);
        return i.CompareTo(j);
    }

    private static int Reverse(int order) => order == Ops.Unordered ? order : -order;

    private static int CompareToDouble(object integer, double d)
    {
        if (double.IsNaN(d)) return Ops.Unordered;
        if (double.IsInfinity(d)) return d > 0 ? -1 : 1;
        if (integer is long n && Math.Abs(d) < 1L << 53 && n is > -(1L << 53) and < 1L << 53) return ((double)n).CompareTo(d);
        TryInteger(integer, out var i);
        int order = i.CompareTo(new BigInteger(Math.Floor(d)));
        return order == 0 && d != Math.Floor(d) ? -1 : order;
    }

    public static int Hash(object number)
    {
        if (number is double d)
        {
            if (double.IsNaN(d) || double.IsInfinity(d) || d != Math.Floor(d)) return d.GetHashCode() & int.MaxValue;
            number = Boxed.Of(new BigInteger(d));
        }
        return (number switch { bool b => b ? 1 : 0, long n => n.GetHashCode(), var big => big.GetHashCode() }) & int.MaxValue;
    }

    public static object? Add(RenderState state, object? a, object? b)
    {
        switch (a, b)
        {
            case (string x, string y):
                state.ChargeText((long)x.Length + y.Length);
                return x + y;
            case (long x, long y):
                long sum = unchecked(x + y);
                return ((x ^ sum) & (y ^ sum)) < 0 ? (BigInteger)x + y : Boxed.Of(sum);
            case (PyList x, PyList y):
                state.Charge(x.Items.Count + y.Items.Count);
                return new PyList([.. x.Items, .. y.Items]);
            case (PyTuple x, PyTuple y):
                state.Charge(x.Items.Length + y.Items.Length);
                return new PyTuple([.. x.Items, .. y.Items]);
            case (PyMarkup x, _) when Ops.TextOf(b) is { } y:
                state.ChargeText((long)x.Text.Length + y.Length);
                return new PyMarkup(x.Text + Html.Escape(b));
            case (string x, PyMarkup y):
                state.ChargeText((long)x.Length + y.Text.Length);
                return new PyMarkup(Html.Escape(x) + y.Text);
        }
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is { } isFloat) return isFloat ? f + g : Boxed.Of(i + j);
        FailIfUndefined(a, b);
        throw PythonError.Type(a switch
        {
            string => $"can only concatenate str (not \"{Ops.TypeName(b)}\") to str",
            PyList => $"can only concatenate list (not \"{Ops.TypeName(b)}\") to list",
            PyTuple => $"can only concatenate tuple (not \"{Ops.TypeName(b)}\") to tuple",
            _ => Unsupported("+", a, b),
        });
    }

    public static object? Subtract(RenderState state, object? a, object? b)
    {
        if (a is long x && b is long y)
        {
            long difference = unchecked(x - y);
            return ((x ^ y) & (x ^ difference)) < 0 ? (BigInteger)x - y : Boxed.Of(difference);
        }
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is { } isFloat) return isFloat ? f - g : Boxed.Of(i - j);
        throw Fail("-", a, b);
    }

    public static object? Multiply(RenderState state, object? a, object? b)
    {
        if (a is long x && b is long y)
        {
            long high = Math.BigMul(x, y, out long low);
            return high == low >> 63 ? Boxed.Of(low) : (BigInteger)x * y;
        }
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is { } isFloat)
        {
            if (isFloat) return f * g;
            state.Charge((i.GetBitLength() + j.GetBitLength()) >> 6);
            return Boxed.Of(i * j);
        }
        FailIfUndefined(a, b);
        if (TryInteger(b, out var times) && IsSequence(a)) return Repeat(state, a!, times);
        if (TryInteger(a, out times) && IsSequence(b)) return Repeat(state, b!, times);
        if (IsSequence(a)) throw PythonError.Type($"can't multiply sequence by non-int of type '{Ops.TypeName(b)}'");
        if (IsSequence(b)) throw PythonError.Type($"can't multiply sequence by non-int of type '{Ops.TypeName(a)}'");
        throw PythonError.Type(Unsupported("*", a, b));
    }

    private static bool IsSequence(object? value) => value is string or PyList or PyTuple or PyMarkup;

    private static object Repeat(RenderState state, object sequence, BigInteger times)
    {
        if (times.Sign < 0) times = 0;
        if (sequence is string or PyMarkup)
        {
            string text = Ops.TextOf(sequence)!;
            var length = times * text.Length;
            state.ChargeText(length > int.MaxValue ? int.MaxValue : (long)length);
            string repeated = length.IsZero ? "" : string.Create((int)length, text, static (span, part) =>
            {
                for (int at = 0; at < span.Length; at += part.Length) part.CopyTo(span[at..]);
            });
            return sequence is PyMarkup ? new PyMarkup(repeated) : repeated;
        }
        object?[] items = sequence is PyList list ? [.. list.Items] : ((PyTuple)sequence).Items;
        var total = times * items.Length;
        state.Charge(total > long.MaxValue / 2 ? long.MaxValue / 2 : (long)total);
        object?[] result = new object?[(int)total];
        for (int at = 0; at < result.Length; at += items.Length) items.CopyTo(result, at);
        return sequence is PyList ? new PyList([.. result]) : new PyTuple(result);
    }

    public static object? TrueDivide(object? a, object? b)
    {
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is not { } isFloat) throw Fail("/", a, b);
        if (isFloat) return g == 0 ? throw PythonError.ZeroDivision("float division by zero") : f / g;
        if (j.IsZero) throw PythonError.ZeroDivision("division by zero");
        const long exact = 1L << 53;
        return BigInteger.Abs(i) <= exact && BigInteger.Abs(j) <= exact ? (double)i / (double)j : Ratio(i, j);
    }

    /// <summary>Quotient of two large integers, rounded once.</summary>
    private static double Ratio(BigInteger i, BigInteger j)
    {
        bool negative = i.Sign < 0 != j.Sign < 0;
        (i, j) = (BigInteger.Abs(i), BigInteger.Abs(j));
        if (i.IsZero) return negative ? -0.0 : 0.0;
        // 62 significant bits with a sticky last bit round correctly when converted to 53.
        int shift = 62 - (int)(i.GetBitLength() - j.GetBitLength());
        var quotient = BigInteger.DivRem(shift >= 0 ? i << shift : i, shift >= 0 ? j : j << -shift, out var rest);
        long bits = (long)quotient | (rest.IsZero ? 0L : 1L);
        double result = Math.ScaleB((double)bits, -shift);
        if (double.IsInfinity(result)) throw PythonError.Overflow("integer division result too large for a float");
        return negative ? -result : result;
    }

    public static object? FloorDivide(object? a, object? b)
    {
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is not { } isFloat) throw Fail("//", a, b);
        if (isFloat) return g == 0 ? throw PythonError.ZeroDivision("float floor division by zero") : FloorDivide(f, g).Quotient;
        if (j.IsZero) throw PythonError.ZeroDivision("integer division or modulo by zero");
        var quotient = BigInteger.DivRem(i, j, out var rest);
        return Boxed.Of(!rest.IsZero && rest.Sign != j.Sign ? quotient - 1 : quotient);
    }

    public static object? Modulo(RenderState state, object? a, object? b)
    {
        if (a is string or PyMarkup) return PercentFormat.Apply(state, a, b);
        if (a is long x && b is long y && y != 0 && y != -1)
        {
            long rest = x % y;
            return Boxed.Of(rest != 0 && rest < 0 != y < 0 ? rest + y : rest);
        }
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is not { } isFloat) throw Fail("%", a, b);
        if (isFloat) return g == 0 ? throw PythonError.ZeroDivision("float modulo") : FloorDivide(f, g).Remainder;
        if (j.IsZero) throw PythonError.ZeroDivision("integer division or modulo by zero");
        var remainder = BigInteger.Remainder(i, j);
        return Boxed.Of(!remainder.IsZero && remainder.Sign != j.Sign ? remainder + j : remainder);
    }

    private static (double Quotient, double Remainder) FloorDivide(double f, double g)
    {
        double rest = f % g;
        double quotient = (f - rest) / g;
        if (rest != 0)
        {
            if (g < 0 != rest < 0)
            {
                rest += g;
                quotient -= 1;
            }
        }
        else rest = Math.CopySign(0.0, g);
        if (quotient == 0) return (Math.CopySign(0.0, f / g), rest);
        double floor = Math.Floor(quotient);
        return (quotient - floor > 0.5 ? floor + 1 : floor, rest);
    }

    public static object? Power(RenderState state, object? a, object? b)
    {
        if (Numbers(a, b, out double f, out double g, out var i, out var j) is not { } isFloat) throw Fail("** or pow()", a, b);
        if (!isFloat && j.Sign >= 0)
        {
            if (i.IsZero || i.IsOne || j.IsZero) return Boxed.Of(j.IsZero ? BigInteger.One : i);
            if (i == BigInteger.MinusOne) return Boxed.Of(j.IsEven ? BigInteger.One : i);
            if (j * i.GetBitLength() > 2 * MaxBits) throw PythonError.Limit($"an integer would have more than {MaxBits:N0} bits");
            state.Charge((long)j);
            return Boxed.Of(BigInteger.Pow(i, (int)j));
        }
        if (!isFloat) (f, g) = (ToDouble(i), ToDouble(j));
        if (f == 0 && g < 0) throw PythonError.ZeroDivision("0.0 cannot be raised to a negative power");
        if (f < 0 && g != Math.Floor(g) && !double.IsInfinity(f)) throw PythonError.Value("complex numbers are not supported");
        double power = Math.Pow(f, g);
        if (double.IsInfinity(power) && !double.IsInfinity(f) && !double.IsInfinity(g)) throw PythonError.Overflow("(34, 'Numerical result out of range')");
        return power;
    }

    public static object? Negate(object? value) => value switch
    {
        long n when n != long.MinValue => Boxed.Of(-n),
        double d => -d,
        _ when TryInteger(value, out var i) => Boxed.Of(-i),
        Undefined u => throw u.Failure(),
        _ => throw PythonError.Type($"bad operand type for unary -: '{Ops.TypeName(value)}'"),
    };

    public static object? Plus(object? value) => value switch
    {
        double => value,
        _ when TryInteger(value, out var i) => Boxed.Of(i),
        Undefined u => throw u.Failure(),
        _ => throw PythonError.Type($"bad operand type for unary +: '{Ops.TypeName(value)}'"),
    };

    public static object? Absolute(object? value) => value switch
    {
        double d => Math.Abs(d),
        _ when TryInteger(value, out var i) => Boxed.Of(BigInteger.Abs(i)),
        _ => throw PythonError.Type($"bad operand type for abs(): '{Ops.TypeName(value)}'"),
    };

    /// <summary>Reads two numbers: true if as floats (<paramref name="f"/>, <paramref name="g"/>), false if as integers, null if one is no number.</summary>
    private static bool? Numbers(object? a, object? b, out double f, out double g, out BigInteger i, out BigInteger j)
    {
        (f, g, i, j) = (0, 0, default, default);
        if (!IsNumber(a) || !IsNumber(b)) return null;
        if (a is double || b is double)
        {
            (f, g) = (ToDouble(a), ToDouble(b));
            return true;
        }
        TryInteger(a, out i);
        TryInteger(b, out j);
        return false;
    }

    private static PythonError Fail(string symbol, object? a, object? b)
    {
        FailIfUndefined(a, b);
        return PythonError.Type(Unsupported(symbol, a, b));
    }

    private static void FailIfUndefined(object? a, object? b)
    {
        if (a is Undefined u) throw u.Failure();
        if (b is Undefined v) throw v.Failure();
    }

    private static string Unsupported(string symbol, object? a, object? b) =>
        $"unsupported operand type(s) for {symbol}: '{Ops.TypeName(a)}' and '{Ops.TypeName(b)}'";
}
