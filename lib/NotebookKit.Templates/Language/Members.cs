using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Attributes, items and slices, with Jinja2's fallback from one to the other and its undefined values for what is missing.</summary>
internal static class Members
{
    /// <summary><c>value.name</c>: the attribute, else the item of that name.</summary>
    public static object? Attribute(RenderState state, object? value, string name)
    {
        if (TryAttribute(state, value, name, out object? result)) return result;
        if (value is PyDict dict && dict.TryGet(name, out result)) return result;
        return Missing(value, name);
    }

    /// <summary><c>value[key]</c>: the item, else the attribute of that name.</summary>
    public static object? Item(RenderState state, object? value, object? key)
    {
        if (TryItem(state, value, key, out object? result)) return result;
        if (Ops.TextOf(key) is { } name && TryAttribute(state, value, name, out result)) return result;
        return Missing(value, key);
    }

    private static Undefined Missing(object? value, object? name)
    {
        if (value is Undefined undefined) throw undefined.Failure();
        // In Python every object answers to names such as __class__; here nothing leads out of the template.
        return name is string text && text.StartsWith("__", StringComparison.Ordinal) && text.EndsWith("__", StringComparison.Ordinal)
            ? Undefined.Because($"access to attribute {Printing.Quote(text)} of '{Ops.TypeName(value)}' object is unsafe.")
            : Undefined.Member(value, name);
    }

    public static bool TryAttribute(RenderState state, object? value, string name, out object? result)
    {
        switch (value)
        {
            case PyNamespace space:
                return space.Attributes.TryGet(name, out result);
            case PyLoop loop:
                return loop.TryAttribute(state, name, out result);
            case PyTuple { Fields: { } fields } tuple when Array.IndexOf(fields, name) is var at and >= 0:
                result = tuple.Items[at];
                return true;
            case PyRange range when name is "start" or "stop" or "step":
                result = Boxed.Of(name == "start" ? range.Start : name == "stop" ? range.Stop : range.Step);
                return true;
            case PyObject other:
                return other.TryAttribute(state, name, out result);
            case Macro macro:
                return macro.TryAttribute(name, out result);
            case Undefined undefined:
                throw undefined.Failure();
            case long or bool or BigInteger or double when NumberMethods.TryAttribute(value, name, out result):
                return true;
        }
        if (value is not null && Methods.Find(value, name) is { } routine)
        {
            result = new BoundMethod(value, routine);
            return true;
        }
        result = null;
        return false;
    }

    public static bool TryItem(RenderState state, object? value, object? key, out object? result)
    {
        result = null;
        switch (value)
        {
            case PyDict dict:
                return key is string name ? dict.TryGet(state, name, out result)
                    : key is not (PyList or PyDict or PySlice or DictView) && dict.TryGet(state, key, out result);
            case PyList list:
                if (!TryPosition(key, list.Items.Count, out int index)) return false;
                result = list.Items[index];
                return true;
            case PyTuple tuple:
                if (!TryPosition(key, tuple.Items.Length, out index)) return false;
                result = tuple.Items[index];
                return true;
            case string or PyMarkup:
                string text = Ops.TextOf(value)!;
                if (key is not (long or bool)) return false;
                bool wide = CodePoints.HasSurrogates(text);
                if (!TryPosition(key, wide ? CodePoints.Length(text) : text.Length, out index)) return false;
                string character = CodePoints.Character(text, wide ? CodePoints.Utf16Index(text, index) : index);
                result = value is PyMarkup ? new PyMarkup(character) : character;
                return true;
            case PyRange range:
                if (!Arithmetic.TryInteger(key, out var position)) return false;
                if (position.Sign < 0) position += range.Count;
                if (position.Sign < 0 || position >= range.Count) return false;
                result = range.At(position);
                return true;
            case Undefined undefined:
                throw undefined.Failure();
            default:
                return false;
        }
    }

    private static bool TryPosition(object? key, int count, out int index)
    {
        index = 0;
        long position;
        if (key is long n) position = n;
        else if (key is bool b) position = b ? 1 : 0;
        else return false;
        if (position < 0) position += count;
        index = (int)position;
        return position >= 0 && position < count;
    }

    /// <summary><c>value[start:stop:step]</c>; any part may be None.</summary>
    public static object? Slice(RenderState state, object? value, object? start, object? stop, object? step)
    {
        switch (value)
        {
            case string text:
                return SliceText(state, text, start, stop, step);
            case PyMarkup markup:
                return new PyMarkup(SliceText(state, markup.Text, start, stop, step));
            case PyList list:
                return new PyList([.. SliceItems(state, list.Items, start, stop, step)]);
            case PyTuple tuple:
                return new PyTuple(SliceItems(state, tuple.Items, start, stop, step));
            case PyRange range:
                var (first, last, by) = Bounds(start, stop, step, range.Count);
                return new PyRange(range.Start + first * range.Step, range.Start + last * range.Step, range.Step * by);
            case Undefined undefined:
                throw undefined.Failure();
            case PyDict:
                throw PythonError.Type("unhashable type: 'slice'");
            default:
                throw PythonError.Type($"'{Ops.TypeName(value)}' object is not subscriptable");
        }
    }

    private static string SliceText(RenderState state, string text, object? start, object? stop, object? step)
    {
        bool wide = CodePoints.HasSurrogates(text);
        var (first, last, by) = Bounds(start, stop, step, wide ? CodePoints.Length(text) : text.Length);
        if (by.IsOne)
        {
            int count = (int)(last - first);
            if (count <= 0) return "";
            state.ChargeText(count);
            return CodePoints.Substring(text, (int)first, count);
        }
        int[] points = CodePoints.ToArray(text);
        int[] picked = [.. Positions(first, last, by).Select(i => points[i])];
        state.Charge(picked.Length);
        return CodePoints.FromArray(picked);
    }

    private static object?[] SliceItems(RenderState state, IReadOnlyList<object?> items, object? start, object? stop, object? step)
    {
        var (first, last, by) = Bounds(start, stop, step, items.Count);
        object?[] picked = [.. Positions(first, last, by).Select(i => items[i])];
        state.Charge(picked.Length);
        return picked;
    }

    private static IEnumerable<int> Positions(BigInteger first, BigInteger last, BigInteger by)
    {
        long step = (long)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, by));
        long end = (long)last;
        for (long i = (long)first; step > 0 ? i < end : i > end; i += step) yield return (int)i;
    }

    /// <summary>Python's slice arithmetic: negative positions count from the end, and everything is clamped.</summary>
    private static (BigInteger First, BigInteger Last, BigInteger Step) Bounds(object? start, object? stop, object? step, BigInteger length)
    {
        static BigInteger? Read(object? part) => part is null ? null
            : Arithmetic.TryInteger(part, out var integer) ? integer
            : throw PythonError.Type("slice indices must be integers or None or have an __index__ method");

        var by = Read(step) ?? 1;
        if (by.IsZero) throw PythonError.Value("slice step cannot be zero");
        var lower = by.Sign > 0 ? BigInteger.Zero : BigInteger.MinusOne;
        var upper = by.Sign > 0 ? length : length - 1;

        BigInteger Clamp(BigInteger? part, BigInteger missing)
        {
            if (part is not { } position) return missing;
            if (position.Sign < 0) return BigInteger.Max(position + length, lower);
            return BigInteger.Min(position, upper);
        }

        return (Clamp(Read(start), by.Sign > 0 ? lower : upper), Clamp(Read(stop), by.Sign > 0 ? upper : lower), by);
    }
}
