using System.Collections.Frozen;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookKit.Prompting.Language;

/// <summary>Jinja2's built-in filters, and promptsource's <c>choice</c>, <c>most_frequent</c> and <c>highlight</c>.</summary>
internal static partial class Filters
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = new Routine[]
    {
        new("abs", "", (_, v, _) => Arithmetic.Absolute(v)),
        new("attr", "name", (state, v, a) => Members.TryAttribute(state, v, Text(state, a[0]), out object? value) ? value : Undefined.Member(v, a[0])),
        new("batch", "linecount|fill_with", (state, v, a) => PyIterator.Lazy(state, Batch(state, v, Arithmetic.ToIndex(a[0]), Routine.Or(a[1], null)))),
        new("capitalize", "", (state, v, _) => Map(state, v, UnicodeText.Capitalize)),
        new("center", "|width", (state, v, a) => Map(state, v, s => StringMethods.Center(state, s, Arithmetic.ToIndex(Routine.Or(a[0], 80L)), " "))),
        new("choice", "", (state, v, _) => Pick(state, v) ?? throw PythonError.Index("Cannot choose from an empty sequence")),
        new("count", "", (_, v, _) => Boxed.Of(Ops.Length(v))),
        new("default", "|default_value boolean", (_, v, a) => Default(v, a)),
        new("dictsort", "|case_sensitive by reverse", (state, v, a) => DictSort(state, v, a)),
        new("escape", "", (state, v, _) => v as PyMarkup ?? new PyMarkup(Html.Escape(Printing.Str(state, v)))),
        new("filesizeformat", "|binary", (state, v, a) => FileSize(ToFloat(v), Flag(a[0]))),
        new("first", "", (state, v, _) => Ops.Iterate(state, v).Next(out object? first) ? first : Undefined.Because("No first item, sequence was empty.")),
        new("float", "|default", (_, v, a) => TryFloat(v) ?? Routine.Or(a[0], 0.0)),
        new("forceescape", "", (state, v, _) => new PyMarkup(Html.Escape(v is PyMarkup m ? m.Text : Printing.Str(state, v)))),
        new("format", (state, v, a) => Format(state, v, a)),
        new("groupby", "attribute|default case_sensitive", (state, v, a) => GroupBy(state, v, a)),
        new("highlight", "", (state, v, _) => Arithmetic.Add(state, Arithmetic.Add(state, "<span style='color: #F08080'>", v), "</span>")),
        new("indent", "|width first blank", (state, v, a) => Indent(state, v, a)),
        new("int", "|default base", (_, v, a) => ToInt(v, Routine.Or(a[0], 0L), Arithmetic.ToIndex(Routine.Or(a[1], 10L)))),
        new("items", "", (state, v, _) => v switch
        {
            Undefined => PyIterator.Lazy(state, []),
            PyDict dict => PyIterator.Lazy(state, dict.Entries.Select(e => (object?)new PyTuple([e.Key, e.Value]))),
            _ => throw PythonError.Type("Can only get item pairs from a mapping."),
        }),
        new("join", "|d attribute", (state, v, a) => Join(state, v, a)),
        new("last", "", (state, v, _) => Last(state, v)),
        new("list", "", (state, v, _) => new PyList(Ops.ToList(state, v))),
        new("lower", "", (state, v, _) => Map(state, v, UnicodeText.Lower)),
        new("map", (state, v, a) => PyIterator.Lazy(state, MapItems(state, v, a))),
        new("max", "|case_sensitive attribute", (state, v, a) => Extreme(state, v, a, wantGreater: true)),
        new("min", "|case_sensitive attribute", (state, v, a) => Extreme(state, v, a, wantGreater: false)),
        new("most_frequent", "", (state, v, _) => MostFrequent(state, v)),
        new("pprint", "", (state, v, _) => PrettyPrint.Format(state, v)),
        new("random", "", (state, v, _) => Pick(state, v) ?? Undefined.Because("No random item, sequence was empty.")),
        new("reject", (state, v, a) => PyIterator.Lazy(state, Select(state, v, a, keep: false, byAttribute: false))),
        new("rejectattr", (state, v, a) => PyIterator.Lazy(state, Select(state, v, a, keep: false, byAttribute: true))),
        new("replace", "old new|count", (state, v, a) => StringMethods.Replace(state, Text(state, v), Text(state, a[0]), Text(state, a[1]),
            Routine.Or(a[2], null) is { } count ? Arithmetic.ToIndex(count) : -1)),
        new("reverse", "", (state, v, _) => Reverse(state, v)),
        new("round", "|precision method", (state, v, a) => Round(v, Routine.Or(a[0], 0L), Routine.Given(a[1]) ? Text(state, a[1]) : "common")),
        new("safe", "", (state, v, _) => v as PyMarkup ?? new PyMarkup(Printing.Str(state, v))),
        new("select", (state, v, a) => PyIterator.Lazy(state, Select(state, v, a, keep: true, byAttribute: false))),
        new("selectattr", (state, v, a) => PyIterator.Lazy(state, Select(state, v, a, keep: true, byAttribute: true))),
        new("slice", "slices|fill_with", (state, v, a) => PyIterator.Lazy(state, Slices(state, v, a))),
        new("sort", "|reverse case_sensitive attribute", (state, v, a) => Sort(state, v, a)),
        new("string", "", (state, v, _) => v is PyMarkup ? v : Printing.Str(state, v)),
        new("striptags", "", (state, v, _) => Html.StripTags(Text(state, v))),
        new("sum", "|attribute start", (state, v, a) => Sum(state, v, a)),
        new("title", "", (state, v, _) => Map(state, v, Title)),
        new("tojson", "|indent", (state, v, a) => new PyMarkup(JsonText.Write(state, v, Routine.Or(a[0], null)))),
        new("trim", "|chars", (state, v, a) => Map(state, v, s => StringMethods.Strip(s, Routine.Or(a[0], null), left: true, right: true))),
        new("truncate", "|length killwords end leeway", (state, v, a) => Truncate(state, v, a)),
        new("unique", "|case_sensitive attribute", (state, v, a) => PyIterator.Lazy(state, Unique(state, v, a))),
        new("upper", "", (state, v, _) => Map(state, v, UnicodeText.Upper)),
        new("urlencode", "", (state, v, _) => UrlEncode(state, v)),
        new("urlize", "|trim_url_limit nofollow target rel extra_schemes", (state, v, a) => Urlize.Apply(state, Text(state, v), a)),
        new("wordcount", "", (state, v, _) => Boxed.Of((long)Words().Count(Text(state, v)))),
        new("wordwrap", "|width break_long_words wrapstring break_on_hyphens", (state, v, a) => WordWrap.Apply(state, v, a)),
        new("xmlattr", "|autospace", (state, v, a) => XmlAttributes(state, v, !Routine.Given(a[0]) || Ops.Truth(a[0]))),
    }.SelectMany(filter => filter.Name switch
    {
        "count" => new[] { ("count", filter), ("length", filter) },
        "default" => [("default", filter), ("d", filter)],
        "escape" => [("escape", filter), ("e", filter)],
        var name => [(name, filter)],
    }).ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    private static string Text(RenderState state, object? value) => Ops.TextOf(value) ?? Printing.Str(state, value);

    private static bool Flag(object? argument) => Routine.Given(argument) && Ops.Truth(argument);

    /// <summary>A function of text; marked-up text stays marked up.</summary>
    private static object Map(RenderState state, object? value, Func<string, string> function)
    {
        string text = Text(state, value);
        state.Charge(1 + (text.Length >> 4));
        string result = function(text);
        return value is PyMarkup ? new PyMarkup(result) : result;
    }

    private static object? Default(object? value, object?[] a) =>
        value is Undefined || (Flag(a[1]) && !Ops.Truth(value)) ? Routine.Or(a[0], "") : value;

    private static object? Pick(RenderState state, object? value)
    {
        long count = Ops.Length(value);
        if (count == 0) return null;
        long at = state.Choices.Next((int)Math.Min(count, int.MaxValue));
        if (value is PyDict dict) return dict.TryGet(state, Boxed.Of(at), out object? item) ? item : throw PythonError.Key($"{at}");
        return Members.TryItem(state, value, Boxed.Of(at), out object? picked) ? picked : throw PythonError.Type($"'{Ops.TypeName(value)}' object is not subscriptable");
    }

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

    private static object Format(RenderState state, object? value, Arguments a)
    {
        if (a.Positional.Length > 0 && a.Named.Length > 0) throw PythonError.Type("can't handle positional and keyword arguments at the same time");
        object? values = new PyTuple(a.Positional);
        if (a.Named.Length > 0)
        {
            var dict = new PyDict();
            foreach (var (name, item) in a.Named) dict.Set(state, name, item);
            values = dict;
        }
        return PercentFormat.Apply(state, value as PyMarkup ?? (object)Text(state, value), values);
    }

    private static object Indent(RenderState state, object? value, object?[] a)
    {
        if (value is Undefined undefined) throw undefined.Failure();
        string text = Ops.TextOf(value) ?? throw PythonError.Type($"unsupported operand type(s) for +=: '{Ops.TypeName(value)}' and 'str'");
        object? width = Routine.Or(a[0], 4L);
        string indent = Ops.TextOf(width) ?? new string(' ', Math.Clamp(Arithmetic.ToIndex(width), 0, state.OutputLength));
        state.ChargeText(indent.Length);
        var lines = StringMethods.SplitLines(state, text + "\n", keepEnds: false).ToList();
        state.ChargeText(text.Length + (long)lines.Count * indent.Length);
        bool blank = Flag(a[2]);
        var result = new StringBuilder(text.Length + lines.Count * 4);
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0) result.Append('\n');
            if (i == 0 ? Flag(a[1]) : blank || lines[i].Length > 0) result.Append(indent);
            result.Append(lines[i]);
        }
        return value is PyMarkup ? new PyMarkup(result.ToString()) : result.ToString();
    }

    /// <summary><c>int(value)</c>, by way of a float if need be, else the fallback.</summary>
    private static object? ToInt(object? value, object? fallback, int radix)
    {
        switch (value)
        {
            case long: return value;
            case bool or BigInteger: return Arithmetic.Plus(value);
            case double d when double.IsInfinity(d): throw PythonError.Overflow("cannot convert float infinity to integer");
            case double d: return double.IsNaN(d) ? fallback : Boxed.Of(new BigInteger(d));
            case Undefined u: throw u.Failure();
            case string or PyMarkup:
                string text = Ops.TextOf(value)!;
                try
                {
                    if (NumberText.ParseInteger(text, radix) is { } integer) return Boxed.Of(integer);
                }
                catch (PythonError e) when (e.Kind == TemplateErrorKind.Value)
                {
                    // An impossible base or too many digits: on to the float, as Jinja2 does.
                }
                return NumberText.ParseFloat(text) is { } real && double.IsFinite(real) ? Boxed.Of(new BigInteger(real)) : fallback;
            default: return fallback;
        }
    }

    private static object? TryFloat(object? value) => value switch
    {
        double => value,
        bool or long or BigInteger => Arithmetic.ToDouble(value),
        Undefined u => throw u.Failure(),
        _ => Ops.TextOf(value) is { } text && NumberText.ParseFloat(text) is { } real ? real : null,
    };

    private static double ToFloat(object? value) => TryFloat(value) is double real ? real
        : Ops.TextOf(value) is { } text ? throw PythonError.Value($"could not convert string to float: {Printing.Quote(text)}")
        : throw PythonError.Type($"float() argument must be a string or a real number, not '{Ops.TypeName(value)}'");

    private static object Round(object? value, object? precision, string method)
    {
        if (method is not ("common" or "ceil" or "floor")) throw PythonError.Value("method must be common, ceil or floor");
        if (!Arithmetic.IsNumber(value)) throw PythonError.Type($"type {Ops.TypeName(value)} doesn't define __round__ method");
        if (method == "common")
        {
            if (precision is null)
            {
                if (value is not double real) return Arithmetic.Plus(value)!;
                if (!double.IsFinite(real)) throw double.IsNaN(real) ? PythonError.Value("cannot convert float NaN to integer") : PythonError.Overflow("cannot convert float infinity to integer");
                return Boxed.Of(new BigInteger(NumberText.Round(real, 0)));
            }
            int decimals = Arithmetic.ToIndex(precision);
            if (value is double d) return NumberText.Round(d, decimals);
            Arithmetic.TryInteger(value, out var integer);
            return Boxed.Of(NumberText.Round(integer, decimals));
        }
        var state = RenderState.Detached();
        object? scale = Arithmetic.Power(state, 10L, precision);
        object? scaled = Arithmetic.Multiply(state, value, scale);
        object whole;
        if (scaled is double x)
        {
            if (!double.IsFinite(x)) throw double.IsNaN(x) ? PythonError.Value("cannot convert float NaN to integer") : PythonError.Overflow("cannot convert float infinity to integer");
            whole = Boxed.Of(new BigInteger(method == "ceil" ? Math.Ceiling(x) : Math.Floor(x)));
        }
        else whole = scaled!;
        return Arithmetic.TrueDivide(whole, scale)!;
    }

    /// <summary>Upper case after spaces, hyphens and opening brackets; unlike <c>str.title</c>, not after an apostrophe.</summary>
    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        bool atStart = true;
        for (int i = 0; i < text.Length;)
        {
            bool separator = text[i] is '-' or '(' or '{' or '[' or '<' || UnicodeText.IsSpace(text[i]);
            if (separator)
            {
                result.Append(text[i++]);
                atStart = true;
                continue;
            }
            int end = i;
            while (end < text.Length && !(text[end] is '-' or '(' or '{' or '[' or '<' || UnicodeText.IsSpace(text[end]))) end++;
            int width = CodePoints.Width(text, i);
            result.Append(atStart ? UnicodeText.Upper(text.Substring(i, width)) : text.Substring(i, width));
            result.Append(UnicodeText.Lower(text[(i + width)..end]));
            i = end;
            atStart = false;
        }
        return result.ToString();
    }

    private static object? Truncate(RenderState state, object? value, object?[] a)
    {
        int length = Arithmetic.ToIndex(Routine.Or(a[0], 255L));
        bool killWords = Flag(a[1]);
        string end = Routine.Given(a[2]) ? Ops.TextOf(a[2]) ?? throw PythonError.Type($"object of type '{Ops.TypeName(a[2])}' has no len()") : "...";
        int leeway = Routine.Or(a[3], null) is { } given ? Arithmetic.ToIndex(given) : 5;
        int endLength = CodePoints.Length(end);
        if (length < endLength) throw PythonError.Runtime($"expected length >= {endLength}, got {length}");
        if (leeway < 0) throw PythonError.Runtime($"expected leeway >= 0, got {leeway}");
        if (Ops.Length(value) <= (long)length + leeway) return value;
        if (Ops.TextOf(value) is not { } text) throw PythonError.Type($"can only truncate text, not '{Ops.TypeName(value)}'");
        state.Charge(1 + (text.Length >> 4));
        text = CodePoints.Substring(text, 0, length - endLength);
        if (!killWords && text.LastIndexOf(' ') is var space and >= 0) text = text[..space];
        return value is PyMarkup ? new PyMarkup(text + Html.Escape(end)) : text + end;
    }

    private static string FileSize(double bytes, bool binary)
    {
        int unit = binary ? 1024 : 1000;
        if (bytes == 1) return "1 Byte";
        if (double.IsNegativeInfinity(bytes)) throw PythonError.Overflow("cannot convert float infinity to integer");
        if (bytes < unit) return $"{NumberText.Integer(new BigInteger(bytes))} Bytes";
        double scale = unit;
        string prefixes = "kMGTPEZY";
        for (int i = 0; ; i++)
        {
            if (bytes < scale * unit || i == prefixes.Length - 1)
            {
                string prefix = binary ? char.ToUpperInvariant(prefixes[i]) + "iB" : prefixes[i] + "B";
                return $"{NumberText.Fixed(unit * bytes / (scale * unit), 1)} {prefix}";
            }
            scale *= unit;
        }
    }

    private static string UrlEncode(RenderState state, object? value)
    {
        if (value is string or PyMarkup || Ops.TryIterate(state, value) is null) return Html.UrlQuote(Text(state, value), query: false);
        var pairs = value is PyDict dict ? dict.Entries.Select(e => (object?)new PyTuple([e.Key, e.Value])) : Ops.ToList(state, value);
        return string.Join('&', pairs.Select(pair =>
        {
            var parts = Ops.ToList(state, pair);
            if (parts.Count != 2) throw PythonError.Value(parts.Count < 2 ? $"not enough values to unpack (expected 2, got {parts.Count})" : "too many values to unpack (expected 2)");
            return Html.UrlQuote(Text(state, parts[0]), query: true) + "=" + Html.UrlQuote(Text(state, parts[1]), query: true);
        }));
    }

    private static string XmlAttributes(RenderState state, object? value, bool autospace)
    {
        if (value is Undefined undefined) throw undefined.Failure();
        if (value is not PyDict dict) throw PythonError.Type($"'{Ops.TypeName(value)}' object has no attribute 'items'");
        var parts = new List<string>();
        foreach (var (key, item) in dict.Entries)
        {
            if (item is null or Undefined) continue;
            string name = Ops.TextOf(key) ?? throw PythonError.Type($"expected string or bytes-like object, got '{Ops.TypeName(key)}'");
            if (name.AsSpan().IndexOfAny(" \t\n\r\f\v/>=") >= 0) throw PythonError.Value($"Invalid character in attribute name: {Printing.Quote(name)}");
            parts.Add($"{Html.Escape(name)}=\"{(item is PyMarkup markup ? markup.Text : Html.Escape(Printing.Str(state, item)))}\"");
        }
        string result = string.Join(' ', parts);
        return autospace && result.Length > 0 ? " " + result : result;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
