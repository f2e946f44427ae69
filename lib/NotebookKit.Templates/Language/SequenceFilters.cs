namespace NotebookKit.Templates.Language;

/// <summary>The filters that take lists, dictionaries and other iterables apart.</summary>
internal static partial class Filters
{
    private static IEnumerable<object?> Batch(RenderState state, object? value, int size, object? fill)
    {
        var items = Ops.Iterate(state, value);
        var batch = new List<object?>();
        while (items.Next(out object? item))
        {
            if (batch.Count == size)
            {
                yield return new PyList(batch);
                batch = [];
            }
            batch.Add(item);
        }
        if (batch.Count == 0) yield break;
        if (fill is not null && batch.Count < size)
        {
            state.Charge(size);
            batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
        }
        yield return new PyList(batch);
    }

    private static IEnumerable<object?> Slices(RenderState state, object? value, object?[] a)
    {
        var items = Ops.ToList(state, value);
        int slices = Arithmetic.ToIndex(a[0]);
        if (slices == 0) throw PythonError.ZeroDivision("integer division or modulo by zero");
        object? fill = Routine.Or(a[1], null);
        int size = (int)Math.Floor((double)items.Count / slices);
        int extra = items.Count - size * slices;
        int offset = 0;
        for (int number = 0; number < slices; number++)
        {
            int start = offset + number * size;
            if (number < extra) offset++;
            int end = offset + (number + 1) * size;
            var slice = items[Math.Min(start, items.Count)..Math.Min(end, items.Count)];
            if (fill is not null && number >= extra) slice.Add(fill);
            yield return new PyList(slice);
        }
    }

    /// <summary>The attribute path of filters such as <c>sort(attribute='a.0.b')</c>, as a function; null stands for the item itself.</summary>
    private static Func<object?, object?> Getter(RenderState state, object? attribute, bool ignoreCase, object? fallback = null)
    {
        object?[] path = !Routine.Given(attribute) || attribute is null ? []
            : Ops.TextOf(attribute) is { } text ? [.. text.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) && part.Length < 18
                ? Boxed.Of(long.Parse(part, System.Globalization.CultureInfo.InvariantCulture)) : (object)part)]
            : [attribute];
        return item =>
        {
            foreach (object? part in path)
            {
                item = Members.Item(state, item, part);
                if (fallback is not null && item is Undefined) item = fallback;
            }
            return ignoreCase ? IgnoreCase(item) : item;
        };
    }

    private static object? IgnoreCase(object? value) => value is string text ? UnicodeText.Lower(text) : value is PyMarkup markup ? UnicodeText.Lower(markup.Text) : value;

    private static PyList Sort(RenderState state, object? value, object?[] a)
    {
        bool ignoreCase = !Flag(a[1]);
        // Jinja2 sorts by a list of keys even where there is one, so that equal keys are never asked which is less.
        Func<object?, object?> key;
        if (Routine.Given(a[2]) && Ops.TextOf(a[2]) is { } names && names.Contains(','))
        {
            var getters = names.Split(',').Select(name => Getter(state, name, ignoreCase)).ToArray();
            key = item => new PyList([.. getters.Select(get => get(item))]);
        }
        else
        {
            var getter = Getter(state, a[2], ignoreCase);
            key = item => new PyList([getter(item)]);
        }
        return new PyList(Sorting.Sort(state, Ops.ToList(state, value), key, Flag(a[0])));
    }

    private static PyList DictSort(RenderState state, object? value, object?[] a)
    {
        string by = Routine.Given(a[1]) ? Text(state, a[1]) : "key";
        int position = by switch { "key" => 0, "value" => 1, _ => throw PythonError.Value("You can only sort by either \"key\" or \"value\"") };
        if (value is Undefined undefined) throw undefined.Failure();
        if (value is not PyDict dict) throw PythonError.Type($"'{Ops.TypeName(value)}' object has no attribute 'items'");
        bool caseSensitive = Flag(a[0]);
        var items = dict.Entries.Select(e => (object?)new PyTuple([e.Key, e.Value]));
        return new PyList(Sorting.Sort(state, items, item =>
        {
            object? part = ((PyTuple)item!).Items[position];
            return caseSensitive ? part : IgnoreCase(part);
        }, Flag(a[2])));
    }

    private static PyList GroupBy(RenderState state, object? value, object?[] a)
    {
        bool caseSensitive = Flag(a[2]);
        object? fallback = Routine.Or(a[1], null);
        var key = Getter(state, a[0], !caseSensitive, fallback);
        var realKey = Getter(state, a[0], ignoreCase: false, fallback);
        var groups = new List<object?>();
        List<object?>? group = null;
        object? current = null;
        foreach (object? item in Sorting.Sort(state, Ops.ToList(state, value), key, reverse: false))
        {
            object? itemKey = key(item);
            if (group is null || !Ops.Same(state, itemKey, current))
            {
                group = [];
                current = itemKey;
                groups.Add(new PyTuple([realKey(item), new PyList(group)], ["grouper", "list"]));
            }
            group.Add(item);
        }
        return new PyList(groups);
    }

    private static object? Extreme(RenderState state, object? value, object?[] a, bool wantGreater)
    {
        var key = Getter(state, a[1], ignoreCase: !Flag(a[0]));
        var items = Ops.Iterate(state, value);
        if (!items.Next(out object? best)) return Undefined.Because("No aggregated item, sequence was empty.");
        object? bestKey = key(best);
        while (items.Next(out object? item))
        {
            object? itemKey = key(item);
            if (!Ops.Compare(state, wantGreater ? ">" : "<", itemKey, bestKey)) continue;
            best = item;
            bestKey = itemKey;
        }
        return best;
    }

    private static IEnumerable<object?> Unique(RenderState state, object? value, object?[] a)
    {
        var key = Getter(state, a[1], ignoreCase: !Flag(a[0]));
        var seen = new PyDict();
        var items = Ops.Iterate(state, value);
        while (items.Next(out object? item))
        {
            object? itemKey = key(item);
            if (seen.TryGet(state, itemKey, out _)) continue;
            seen.Set(state, itemKey, null);
            yield return item;
        }
    }

    private static object? MostFrequent(RenderState state, object? value)
    {
        if (!Ops.Truth(value)) return null;
        var counts = new PyDict();
        var items = Ops.Iterate(state, value);
        while (items.Next(out object? item)) counts.Set(state, item, counts.TryGet(state, item, out object? count) ? Boxed.Of((long)count! + 1) : Boxed.Of(1L));
        if (counts.Count == 0) throw PythonError.Index("list index out of range");
        long most = counts.Entries.Max(e => (long)e.Value!);
        return new PyList([.. counts.Entries.Where(e => (long)e.Value! == most).Select(e => e.Key)]);
    }

    private static string Join(RenderState state, object? value, object?[] a)
    {
        var items = Ops.Iterate(state, value);
        string separator = Routine.Given(a[0]) ? Text(state, a[0]) : "";
        var getter = Routine.Given(a[1]) && a[1] is not null ? Getter(state, a[1], ignoreCase: false) : null;
        var result = new OutputBuffer(state.OutputLength);
        for (bool first = true; items.Next(out object? item); first = false)
        {
            if (!first) result.Append(separator);
            Printing.Write(state, result, getter is null ? item : getter(item));
        }
        state.ChargeText(result.Length);
        return result.TakeText();
    }

    private static object? Last(RenderState state, object? value)
    {
        if (value is PyList list) return list.Items.Count > 0 ? list.Items[^1] : NoLast();
        return Reversed(state, value).Next(out object? last) ? last : NoLast();
    }

    private static Undefined NoLast() => Undefined.Because("No last item, sequence was empty.");

    private static PyIterator Reversed(RenderState state, object? value)
    {
        switch (value)
        {
            case PyRange range:
                return PyIterator.Of(state, new PyRange(range.At(range.Count - 1) is var last && Arithmetic.TryInteger(last, out var from) ? from : 0, range.Start - range.Step, -range.Step));
            case string or PyMarkup or PyList or PyTuple or PyDict or DictView or Undefined:
                var items = Ops.ToList(state, value);
                items.Reverse();
                return PyIterator.Lazy(state, items, value is PyList ? "list_reverseiterator" : "reversed");
            default:
                throw PythonError.Type($"'{Ops.TypeName(value)}' object is not reversible");
        }
    }

    private static object? Reverse(RenderState state, object? value)
    {
        if (value is string or PyMarkup) return Members.Slice(state, value, null, null, -1L);
        if (value is not PyIterator && Ops.TryIterate(state, value) is not null) return Reversed(state, value);
        var items = Ops.TryIterate(state, value) is null ? throw PythonError.Type("argument must be iterable") : Ops.ToList(state, value);
        items.Reverse();
        return new PyList(items);
    }

    private static object? Sum(RenderState state, object? value, object?[] a)
    {
        var getter = Routine.Given(a[0]) && a[0] is not null ? Getter(state, a[0], ignoreCase: false) : null;
        object? total = Routine.Or(a[1], 0L);
        if (total is string or PyMarkup) throw PythonError.Type("sum() can't sum strings [use ''.join(seq) instead]");
        var items = Ops.Iterate(state, value);
        while (items.Next(out object? item)) total = Arithmetic.Add(state, total, getter is null ? item : getter(item));
        return total;
    }

    private static IEnumerable<object?> MapItems(RenderState state, object? value, Arguments a)
    {
        if (!Ops.Truth(value)) yield break;
        Func<object?, object?> function;
        if (a.Positional.Length == 0 && Array.FindIndex(a.Named, n => n.Key == "attribute") is var at and >= 0)
        {
            if (a.Named.FirstOrDefault(n => n.Key is not ("attribute" or "default")).Key is { } unknown) throw PythonError.Type($"Unexpected keyword argument '{unknown}'");
            function = Getter(state, a.Named[at].Value, ignoreCase: false, a.Named.FirstOrDefault(n => n.Key == "default").Value);
        }
        else
        {
            if (a.Positional.Length == 0) throw PythonError.Type("map requires a filter argument");
            var filter = Find(state, Table, "filter", a.Positional[0]);
            var rest = new Arguments(a.Positional[1..], a.Named);
            function = item => filter.Invoke(state, item, rest);
        }
        var items = Ops.Iterate(state, value);
        while (items.Next(out object? item)) yield return function(item);
    }

    private static Routine Find(RenderState state, IReadOnlyDictionary<string, Routine> table, string kind, object? name) =>
        Ops.TextOf(name) is { } text && table.TryGetValue(text, out var routine)
            ? routine
            : throw PythonError.Runtime($"No {kind} named {Printing.Repr(state, name)}."
                + (name is Undefined u ? $" ({u.Failure().Message}; did you forget to quote the callable name?)" : ""));

    private static IEnumerable<object?> Select(RenderState state, object? value, Arguments a, bool keep, bool byAttribute)
    {
        if (!Ops.Truth(value)) yield break;
        int used = byAttribute ? 1 : 0;
        if (a.Positional.Length < used) throw PythonError.Type("Missing parameter for attribute name");
        var getter = byAttribute ? Getter(state, a.Positional[0], ignoreCase: false) : null;
        Func<object?, bool> test = Ops.Truth;
        if (a.Positional.Length > used)
        {
            var routine = Find(state, Tests.Table, "test", a.Positional[used]);
            var rest = new Arguments(a.Positional[(used + 1)..], a.Named);
            test = item => Ops.Truth(routine.Invoke(state, item, rest));
        }
        var items = Ops.Iterate(state, value);
        while (items.Next(out object? item))
        {
            if (test(getter is null ? item : getter(item)) == keep) yield return item;
        }
    }
}
