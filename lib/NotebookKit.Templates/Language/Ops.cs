using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>What Python does with any value: truth, equality, order, hashing, length, membership, iteration.</summary>
internal static class Ops
{
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        PyList => "list",
        PyTuple { Fields: not null } => "_GroupTuple",
        PyTuple => "tuple",
        PyDict => "dict",
        PyRange => "range",
        PyMarkup => "Markup",
        Undefined => "Undefined",
        PyNamespace => "Namespace",
        PySlice => "slice",
        DictView view => view.Kind switch { DictViewKind.Keys => "dict_keys", DictViewKind.Values => "dict_values", _ => "dict_items" },
        PyIterator iterator => iterator.TypeName,
        PyCallable callable => callable.TypeName,
        PyObject other => other.TypeName,
        _ => value.GetType().Name,
    };

    /// <summary>The text of a string or of marked-up text, otherwise null.</summary>
    public static string? TextOf(object? value) => value as string ?? (value as PyMarkup)?.Text;

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool b => b,
        string text => text.Length > 0,
        long number => number != 0,
        PyList list => list.Items.Count > 0,
        Undefined => false,
        double number => number != 0,
        PyDict dict => dict.Count > 0,
        PyTuple tuple => tuple.Items.Length > 0,
        PyMarkup markup => markup.Text.Length > 0,
        PyRange range => !range.Count.IsZero,
        DictView view => view.Dict.Count > 0,
        PyLoop loop => loop.Length > 0,
        _ => true,
    };

    /// <summary>Identity or equality: what <c>in</c>, list equality and dictionary keys use.</summary>
    public static bool Same(RenderState state, object? a, object? b) => ReferenceEquals(a, b) || Equal(state, a, b);

    public static bool Equal(RenderState state, object? a, object? b)
    {
        switch (a)
        {
            case string x:
                return x == (b as string ?? (b as PyMarkup)?.Text);
            case long x:
                return b switch { long y => x == y, bool y => x == (y ? 1 : 0), double y => Arithmetic.Compare(a, y) == 0, _ => false };
            case bool x:
                return b is bool z ? x == z : Arithmetic.IsNumber(b) && Arithmetic.Compare(x ? 1L : 0L, b!) == 0;
            case double or BigInteger:
                return Arithmetic.IsNumber(b) && Arithmetic.Compare(a, b!) == 0;
            case null:
                return b is null;
            case PyMarkup x:
                return x.Text == TextOf(b);
            case Undefined:
                return b is Undefined;
            case PyList x:
                return b is PyList l && EqualItems(state, x.Items, l.Items);
            case PyTuple x:
                return b is PyTuple t && EqualItems(state, x.Items, t.Items);
            case PyDict x:
                return b is PyDict d && EqualDicts(state, x, d);
            case PyRange x:
                return b is PyRange r && x.Count == r.Count && (x.Count.IsZero || (x.Start == r.Start && (x.Count.IsOne || x.Step == r.Step)));
            case DictView { Kind: not DictViewKind.Values } x:
                return b is DictView { Kind: not DictViewKind.Values } v && EqualViews(state, x, v);
            case BoundMethod x:
                return b is BoundMethod m && ReferenceEquals(x.Receiver, m.Receiver) && x.Routine == m.Routine;
            default:
                return ReferenceEquals(a, b);
        }
    }

    private static bool EqualItems(RenderState state, IReadOnlyList<object?> a, IReadOnlyList<object?> b)
    {
        if (a.Count != b.Count) return false;
        PythonError.GuardStack();
        for (int i = 0; i < a.Count; i++)
        {
            state.Charge(1);
            if (!Same(state, a[i], b[i])) return false;
        }
        return true;
    }

    private static bool EqualDicts(RenderState state, PyDict a, PyDict b)
    {
        if (a.Count != b.Count) return false;
        PythonError.GuardStack();
        foreach (var (key, value) in a.Entries)
        {
            state.Charge(1);
            if (!b.TryGet(state, key, out object? other) || !Same(state, value, other)) return false;
        }
        return true;
    }

    private static bool EqualViews(RenderState state, DictView a, DictView b)
    {
        if (a.Dict.Count != b.Dict.Count) return false;
        var items = Iterate(state, a);
        while (items.Next(out object? item))
        {
            if (!Contains(state, b, item)) return false;
        }
        return true;
    }

    public static int HashText(string text) => (int)(uint)text.GetHashCode() & int.MaxValue;

    public static int Hash(RenderState state, object? key)
    {
        switch (key)
        {
            case string text: return HashText(text);
            case PyMarkup markup: return HashText(markup.Text);
            case null: return 0x7E57;
            case bool or long or double or BigInteger: return Arithmetic.Hash(key);
            case PyTuple tuple:
                PythonError.GuardStack();
                uint hash = 17;
                foreach (object? item in tuple.Items)
                {
                    state.Charge(1);
                    hash = hash * 31 + (uint)Hash(state, item);
                }
                return (int)(hash & int.MaxValue);
            case Undefined: return 0x0DD;
            case PyRange range: return HashCode.Combine(range.Count, range.Count.IsZero ? 0 : range.Start) & int.MaxValue;
            case PyList or PyDict or DictView { Kind: not DictViewKind.Values } or PySlice: throw PythonError.Type($"unhashable type: '{TypeName(key)}'");
            default: return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key) & int.MaxValue;
        }
    }

    /// <summary>Three-way order of two values, with Python's refusal to order values of different kinds.</summary>
    /// <returns>Negative, zero or positive; NaN gives <see cref="Unordered"/>.</returns>
    public static int Order(RenderState state, object? a, object? b, string symbol)
    {
        if (a is long x && b is long y) return x.CompareTo(y);
        if (Arithmetic.IsNumber(a) && Arithmetic.IsNumber(b)) return Arithmetic.Compare(a!, b!);
        if (TextOf(a) is { } s && TextOf(b) is { } t) return CodePoints.Compare(s, t);
        if (a is Undefined u) throw u.Failure();
        if (b is Undefined v) throw v.Failure();
        if (a is PyList l && b is PyList m) return OrderItems(state, l.Items, m.Items, symbol);
        if (a is PyTuple p && b is PyTuple q) return OrderItems(state, p.Items, q.Items, symbol);
        throw PythonError.Type($"'{symbol}' not supported between instances of '{TypeName(a)}' and '{TypeName(b)}'");
    }

    /// <summary>The result of <see cref="Order"/> for NaN: every comparison is false.</summary>
    public const int Unordered = int.MinValue;

    private static int OrderItems(RenderState state, IReadOnlyList<object?> a, IReadOnlyList<object?> b, string symbol)
    {
        PythonError.GuardStack();
        for (int i = 0; i < a.Count && i < b.Count; i++)
        {
            state.Charge(1);
            if (!Same(state, a[i], b[i])) return Order(state, a[i], b[i], symbol);
        }
        return a.Count.CompareTo(b.Count);
    }

    public static bool Less(RenderState state, object? a, object? b) => Order(state, a, b, "<") is < 0 and not Unordered;

    public static bool Compare(RenderState state, string symbol, object? a, object? b)
    {
        switch (symbol)
        {
            case "==": return Equal(state, a, b);
            case "!=": return !Equal(state, a, b);
            case "in": return Contains(state, b, a);
            case "not in": return !Contains(state, b, a);
        }
        if (a is DictView { Kind: not DictViewKind.Values } left && b is DictView { Kind: not DictViewKind.Values } right) return CompareSets(state, symbol, left, right);
        int order = Order(state, a, b, symbol);
        if (order == Unordered) return false;
        return symbol switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static bool CompareSets(RenderState state, string symbol, DictView a, DictView b)
    {
        if (symbol[0] == '>') (a, b) = (b, a);
        if (a.Dict.Count > b.Dict.Count || (symbol.Length == 1 && a.Dict.Count == b.Dict.Count)) return false;
        var items = Iterate(state, a);
        while (items.Next(out object? item))
        {
            if (!Contains(state, b, item)) return false;
        }
        return true;
    }

    public static bool Contains(RenderState state, object? container, object? item)
    {
        switch (container)
        {
            case string or PyMarkup:
                string text = TextOf(container)!;
                string part = TextOf(item)
                    ?? throw PythonError.Type($"'in <string>' requires string as left operand, not {TypeName(item)}");
                state.Charge(1 + (text.Length >> 4));
                return text.Contains(part, StringComparison.Ordinal);
            case PyDict dict:
                return dict.TryGet(state, item, out _);
            case DictView { Kind: DictViewKind.Keys } keys:
                return keys.Dict.TryGet(state, item, out _);
            case DictView { Kind: DictViewKind.Items } items:
                return item is PyTuple { Items: [var key, var value] } && items.Dict.TryGet(state, key, out object? held) && Same(state, held, value);
            case PyRange range when Arithmetic.IsNumber(item):
                if (!Arithmetic.TryInteger(item, out var wanted)) return item is double d && d == Math.Floor(d) && !double.IsInfinity(d) && Contains(state, range, Boxed.Of(new BigInteger(d)));
                var steps = BigInteger.DivRem(wanted - range.Start, range.Step, out var rest);
                return rest.IsZero && steps.Sign >= 0 && steps < range.Count;
        }
        if (container is not (PyList or PyTuple or PyIterator or PyRange or DictView or Undefined or PyLoop))
            throw PythonError.Type($"argument of type '{TypeName(container)}' is not iterable");
        var all = Iterate(state, container);
        while (all.Next(out object? candidate))
        {
            if (Same(state, candidate, item)) return true;
        }
        return false;
    }

    /// <summary>Python's <c>len</c>; null for values that have none.</summary>
    public static long? TryLength(object? value) => value switch
    {
        string text => CodePoints.Length(text),
        PyList list => list.Items.Count,
        PyTuple tuple => tuple.Items.Length,
        PyDict dict => dict.Count,
        PyMarkup markup => CodePoints.Length(markup.Text),
        DictView view => view.Dict.Count,
        PyRange range => range.Count <= long.MaxValue ? (long)range.Count : throw PythonError.Overflow("Python int too large to convert to C ssize_t"),
        Undefined => 0,
        PyLoop loop => loop.Length,
        _ => null,
    };

    public static long Length(object? value) => TryLength(value) ?? throw PythonError.Type($"object of type '{TypeName(value)}' has no len()");

    public static PyIterator? TryIterate(RenderState state, object? value) => value switch
    {
        PyList list => PyIterator.Of(state, list),
        string text => PyIterator.Of(state, text),
        PyTuple tuple => PyIterator.Of(state, tuple.Items),
        PyIterator iterator => iterator,
        PyDict dict => PyIterator.Of(state, dict),
        PyRange range => PyIterator.Of(state, range),
        DictView view => PyIterator.Of(state, view.Dict, view),
        Undefined => PyIterator.Of(state, []),
        PyMarkup markup => PyIterator.Of(state, markup.Text),
        PyLoop loop => loop.Rest(),
        _ => null,
    };

    public static PyIterator Iterate(RenderState state, object? value) =>
        TryIterate(state, value) ?? throw PythonError.Type($"'{TypeName(value)}' object is not iterable");

    /// <summary>All items as a new list.</summary>
    public static List<object?> ToList(RenderState state, object? value)
    {
        if (value is PyList list)
        {
            state.Charge(list.Items.Count);
            return [.. list.Items];
        }
        var items = new List<object?>();
        var iterator = Iterate(state, value);
        while (iterator.Next(out object? item)) items.Add(item);
        return items;
    }
}
