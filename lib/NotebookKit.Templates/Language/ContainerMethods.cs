using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Methods of tuples and ranges (and, with changes, of lists).</summary>
internal static class SequenceMethods
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = Routine.Table(
        new("count", "value", (state, s, a) => Boxed.Of(Count(state, s, a[0]))),
        new("index", "value|start stop", (state, s, a) => Boxed.Of(Index(state, s, a))));

    public static long Count(RenderState state, object? sequence, object? wanted)
    {
        long count = 0;
        var items = Ops.Iterate(state, sequence);
        while (items.Next(out object? item)) count += Ops.Same(state, item, wanted) ? 1 : 0;
        return count;
    }

    public static long Index(RenderState state, object? sequence, object?[] a)
    {
        long length = Ops.Length(sequence);
        long Read(object? part, long missing)
        {
            if (!Routine.Given(part)) return missing;
            long position = Arithmetic.ToIndex(part);
            return position < 0 ? Math.Max(0, position + length) : position;
        }
        long start = Read(a[1], 0);
        long stop = Read(a[2], length);
        var items = Ops.Iterate(state, sequence);
        for (long at = 0; at < stop && items.Next(out object? item); at++)
        {
            if (at >= start && Ops.Same(state, item, a[0])) return at;
        }
        throw PythonError.Value($"{Printing.Repr(state, a[0])} is not in {Ops.TypeName(sequence)}");
    }
}

/// <summary>The methods of Python's <c>list</c>.</summary>
internal static class ListMethods
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = Routine.Table(
        new("append", "item", (state, l, a) =>
        {
            state.Charge(1);
            Items(l).Add(a[0]);
            return null;
        })
        { Mutates = true },
        new("clear", "", (_, l, _) =>
        {
            Items(l).Clear();
            return null;
        })
        { Mutates = true },
        new("copy", "", (state, l, _) => new PyList(Ops.ToList(state, l))),
        new("count", "value", (state, l, a) => Boxed.Of(SequenceMethods.Count(state, l, a[0]))),
        new("extend", "iterable", (state, l, a) =>
        {
            Items(l).AddRange(Ops.ToList(state, a[0]));
            return null;
        })
        { Mutates = true },
        new("index", "value|start stop", (state, l, a) => Boxed.Of(SequenceMethods.Index(state, l, a))),
        new("insert", "index item", (state, l, a) =>
        {
            var items = Items(l);
            int at = Arithmetic.ToIndex(a[0]);
            state.Charge(1 + (items.Count >> 4));
            items.Insert(Math.Clamp(at < 0 ? at + items.Count : at, 0, items.Count), a[1]);
            return null;
        })
        { Mutates = true },
        new("pop", "|index", (state, l, a) =>
        {
            var items = Items(l);
            if (items.Count == 0) throw PythonError.Index("pop from empty list");
            int at = Arithmetic.ToIndex(Routine.Or(a[0], -1L));
            if (at < 0) at += items.Count;
            if (at < 0 || at >= items.Count) throw PythonError.Index("pop index out of range");
            state.Charge(1 + (items.Count >> 4));
            object? item = items[at];
            items.RemoveAt(at);
            return item;
        })
        { Mutates = true },
        new("remove", "value", (state, l, a) =>
        {
            var items = Items(l);
            for (int i = 0; i < items.Count; i++)
            {
                state.Charge(1);
                if (!Ops.Same(state, items[i], a[0])) continue;
                items.RemoveAt(i);
                return null;
            }
            throw PythonError.Value("list.remove(x): x not in list");
        })
        { Mutates = true },
        new("reverse", "", (state, l, _) =>
        {
            state.Charge(Items(l).Count);
            Items(l).Reverse();
            return null;
        })
        { Mutates = true },
        new("sort", "|key reverse", (state, l, a) =>
        {
            if (Routine.Given(a[0]) && a[0] is not null && a[0] is not PyCallable) throw PythonError.Type($"'{Ops.TypeName(a[0])}' object is not callable");
            var key = Routine.Or(a[0], null) as PyCallable;
            var items = Items(l);
            var sorted = Sorting.Sort(state, items, item => key is null ? item : key.Call(state, new([item], [])), Routine.Given(a[1]) && Ops.Truth(a[1]));
            items.Clear();
            items.AddRange(sorted);
            return null;
        })
        { Mutates = true });

    private static List<object?> Items(object? list) => ((PyList)list!).Items;
}

/// <summary>The methods of Python's <c>dict</c> and of its views.</summary>
internal static class DictMethods
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = Routine.Table(
        new("clear", "", (_, d, _) =>
        {
            ((PyDict)d!).Clear();
            return null;
        })
        { Mutates = true },
        new("copy", "", (state, d, _) => ((PyDict)d!).Copy(state)),
        new("fromkeys", "iterable|value", (state, _, a) =>
        {
            var result = new PyDict();
            foreach (object? key in Ops.ToList(state, a[0])) result.Set(state, key, Routine.Or(a[1], null));
            return result;
        }),
        new("get", "key|default", (state, d, a) => ((PyDict)d!).TryGet(state, a[0], out object? value) ? value : Routine.Or(a[1], null)),
        new("items", "", (_, d, _) => new DictView((PyDict)d!, DictViewKind.Items)),
        new("keys", "", (_, d, _) => new DictView((PyDict)d!, DictViewKind.Keys)),
        new("pop", "key|default", (state, d, a) => ((PyDict)d!).Remove(state, a[0], out object? value) ? value
            : Routine.Given(a[1]) ? a[1] : throw PythonError.Key(Printing.Repr(state, a[0])))
        { Mutates = true },
        new("popitem", "", (state, d, _) =>
        {
            var dict = (PyDict)d!;
            if (dict.Count == 0) throw PythonError.Key("'popitem(): dictionary is empty'");
            var (key, value) = dict.Entries.Last();
            dict.Remove(state, key, out object? _);
            return new PyTuple([key, value]);
        })
        { Mutates = true },
        new("setdefault", "key|default", (state, d, a) =>
        {
            var dict = (PyDict)d!;
            if (dict.TryGet(state, a[0], out object? value)) return value;
            dict.Set(state, a[0], Routine.Or(a[1], null));
            return Routine.Or(a[1], null);
        })
        { Mutates = true },
        new("update", (state, d, a) =>
        {
            if (a.Positional.Length > 1) throw PythonError.Type($"update expected at most 1 argument, got {a.Positional.Length}");
            Fill(state, (PyDict)d!, a);
            return null;
        })
        { Mutates = true },
        new("values", "", (_, d, _) => new DictView((PyDict)d!, DictViewKind.Values)));

    public static readonly IReadOnlyDictionary<string, Routine> ViewTable = Routine.Table(
        new Routine("isdisjoint", "other", (state, view, a) =>
        {
            var items = Ops.Iterate(state, a[0]);
            while (items.Next(out object? item))
            {
                if (Ops.Contains(state, view, item)) return Boxed.False;
            }
            return Boxed.True;
        }));

    /// <summary><c>dict(mapping_or_pairs, **named)</c> into an existing dictionary.</summary>
    public static void Fill(RenderState state, PyDict target, Arguments a)
    {
        if (a.Positional is [PyDict source])
        {
            foreach (var (key, value) in source.Entries.ToArray()) target.Set(state, key, value);
        }
        else if (a.Positional is [var pairs])
        {
            var items = Ops.Iterate(state, pairs);
            for (int at = 0; items.Next(out object? pair); at++)
            {
                if (Ops.TryIterate(state, pair) is null) throw PythonError.Type($"cannot convert dictionary update sequence element #{at} to a sequence");
                var entry = Ops.ToList(state, pair);
                if (entry.Count != 2) throw PythonError.Value($"dictionary update sequence element #{at} has length {entry.Count}; 2 is required");
                target.Set(state, entry[0], entry[1]);
            }
        }
        foreach (var (name, value) in a.Named) target.Set(state, name, value);
    }
}

/// <summary>The few methods and attributes of numbers.</summary>
internal static class NumberMethods
{
    public static readonly IReadOnlyDictionary<string, Routine> IntegerTable = Routine.Table(
        new("bit_count", "", (_, n, _) => Boxed.Of(Bits(n).Count(bit => bit == '1'))),
        new("bit_length", "", (_, n, _) => Boxed.Of(Integer(n).IsZero ? 0 : (long)BigInteger.Abs(Integer(n)).GetBitLength())),
        new("conjugate", "", (_, n, _) => Boxed.Of(Integer(n))));

    public static readonly IReadOnlyDictionary<string, Routine> FloatTable = Routine.Table(
        new("conjugate", "", (_, n, _) => n),
        new("is_integer", "", (_, n, _) => Boxed.Of(double.IsFinite((double)n!) && (double)n == Math.Floor((double)n))));

    public static bool TryAttribute(object number, string name, out object? value)
    {
        value = (number, name) switch
        {
            (double, "real") => number,
            (double, "imag") => 0.0,
            (double, _) => Routine.Absent,
            (_, "real" or "numerator") => Boxed.Of(Integer(number)),
            (_, "imag") => Boxed.Of(0L),
            (_, "denominator") => Boxed.Of(1L),
            _ => Routine.Absent,
        };
        return Routine.Given(value);
    }

    private static BigInteger Integer(object? value) => Arithmetic.TryInteger(value, out var integer) ? integer : 0;

    private static string Bits(object? value) => PercentFormat.Radix(BigInteger.Abs(Integer(value)), 2);
}

/// <summary>
/// Python's stable sort, which only ever asks for "less than". A merge sort of our own: .NET's wraps the errors of a comparison.
/// </summary>
internal static class Sorting
{
    public static List<object?> Sort(RenderState state, IEnumerable<object?> items, Func<object?, object?> key, bool reverse)
    {
        var keyed = items.Select(item => (Key: key(item), Item: item)).ToArray();
        state.Charge(keyed.Length);
        // Equal items keep their order also when the order is reversed.
        if (reverse) Array.Reverse(keyed);
        Merge(state, keyed, new (object?, object?)[keyed.Length], 0, keyed.Length);
        if (reverse) Array.Reverse(keyed);
        return [.. keyed.Select(pair => pair.Item)];
    }

    private static void Merge(RenderState state, (object? Key, object?)[] items, (object? Key, object?)[] spare, int from, int to)
    {
        if (to - from < 2) return;
        int middle = (from + to) / 2;
        Merge(state, items, spare, from, middle);
        Merge(state, items, spare, middle, to);
        Array.Copy(items, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++)
        {
            state.Charge(1);
            items[at] = right < to && Ops.Less(state, items[right].Key, spare[left].Key) ? items[right++] : spare[left++];
        }
    }
}
