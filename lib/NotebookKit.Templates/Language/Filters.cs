using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace NotebookKit.Templates.Language;

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
        new("choice", "", (state, v, _) => Pick(state, v, out object? item) ? item : throw PythonError.Index("Cannot choose from an empty sequence")),
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
        new("random", "", (state, v, _) => Pick(state, v, out object? item) ? item : Undefined.Because("No random item, sequence was empty.")),
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
        new("wordcount", "", (state, v, _) => WordCount(Text(state, v))),
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

    /// <summary>An item drawn at random, which may be None; false if there is none to draw.</summary>
    private static bool Pick(RenderState state, object? value, out object? item)
    {
        item = null;
        long count = Ops.Length(value);
        if (count == 0) return false;
        long at = state.Choices.Next((int)Math.Min(count, int.MaxValue));
        // As in Python, a dictionary is asked for the key that equals the position.
        if (value is PyDict dict)
        {
            if (!dict.TryGet(state, Boxed.Of(at), out item)) throw PythonError.Key($"{at}");
        }
        else if (!Members.TryItem(state, value, Boxed.Of(at), out item)) throw PythonError.Type($"'{Ops.TypeName(value)}' object is not subscriptable");
        return true;
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

    /// <summary>Runs of what Python's <c>\w</c> matches, by code point.</summary>
    private static object WordCount(string text)
    {
        long words = 0;
        bool inside = false;
        foreach (int c in CodePoints.Of(text))
        {
            bool word = c == '_' || UnicodeText.IsAlpha(c) || UnicodeText.IsNumeric(c);
            if (word && !inside) words++;
            inside = word;
        }
        return Boxed.Of(words);
    }
}
