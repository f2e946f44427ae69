using System.Globalization;
using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>The methods of Python's <c>str</c>. Positions and widths count code points.</summary>
internal static class StringMethods
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = Routine.Table(
        new("capitalize", "", (_, s, _) => UnicodeText.Capitalize((string)s!)),
        new("casefold", "", (_, s, _) => UnicodeText.CaseFold((string)s!)),
        new("center", "width|fillchar", (state, s, a) => Center(state, (string)s!, Arithmetic.ToIndex(a[0]), Fill(a[1]))),
        new("count", "sub|start end", (state, s, a) => Boxed.Of(Count(state, (string)s!, a))),
        new("endswith", "suffix|start end", (_, s, a) => Boxed.Of(Affix((string)s!, a, "endswith", static (part, affix) => part.EndsWith(affix, StringComparison.Ordinal)))),
        new("expandtabs", "|tabsize", (state, s, a) => ExpandTabs(state, (string)s!, Arithmetic.ToIndex(Routine.Or(a[0], 8L)))),
        new("find", "sub|start end", (_, s, a) => Boxed.Of(Find((string)s!, a, "find", last: false))),
        new("format", (state, s, a) => FormatSpec.Format(state, (string)s!, a)),
        new("format_map", "mapping", (state, s, a) => FormatSpec.Format(state, (string)s!, new([], [.. Mapping(a[0]).Entries.Select(e => new KeyValuePair<string, object?>(e.Key as string ?? "", e.Value))]))),
        new("index", "sub|start end", (_, s, a) => Boxed.Of(Index((string)s!, a, "index", last: false))),
        new("isalnum", "", (_, s, _) => All(s, static c => UnicodeText.IsAlpha(c) || UnicodeText.IsNumeric(c))),
        new("isalpha", "", (_, s, _) => All(s, UnicodeText.IsAlpha)),
        new("isascii", "", (_, s, _) => Boxed.Of(Ascii.IsValid((string)s!))),
        new("isdecimal", "", (_, s, _) => All(s, UnicodeText.IsDecimal)),
        new("isdigit", "", (_, s, _) => All(s, UnicodeText.IsDigit)),
        new("isidentifier", "", (_, s, _) => Boxed.Of(IsIdentifier((string)s!))),
        new("islower", "", (_, s, _) => Boxed.Of(IsLower((string)s!))),
        new("isnumeric", "", (_, s, _) => All(s, UnicodeText.IsNumeric)),
        new("isprintable", "", (_, s, _) => Boxed.Of(CodePoints.Of((string)s!).All(UnicodeText.IsPrintable))),
        new("isspace", "", (_, s, _) => Boxed.Of(((string)s!).Length > 0 && ((string)s).All(UnicodeText.IsSpace))),
        new("istitle", "", (_, s, _) => Boxed.Of(IsTitle((string)s!))),
        new("isupper", "", (_, s, _) => Boxed.Of(IsUpper((string)s!))),
        new("join", "iterable", (state, s, a) => Join(state, (string)s!, a[0])),
        new("ljust", "width|fillchar", (state, s, a) => Pad(state, (string)s!, Arithmetic.ToIndex(a[0]), Fill(a[1]), left: false)),
        new("lower", "", (_, s, _) => UnicodeText.Lower((string)s!)),
        new("lstrip", "|chars", (_, s, a) => Strip((string)s!, a[0], left: true, right: false)),
        new("partition", "sep", (_, s, a) => Partition((string)s!, Text(a[0], "partition"), last: false)),
        new("removeprefix", "prefix", (_, s, a) => ((string)s!).StartsWith(Text(a[0], "removeprefix"), StringComparison.Ordinal) ? ((string)s)[((string)a[0]!).Length..] : s),
        new("removesuffix", "suffix", (_, s, a) => ((string)s!).EndsWith(Text(a[0], "removesuffix"), StringComparison.Ordinal) ? ((string)s)[..^((string)a[0]!).Length] : s),
        new("replace", "old new|count", (state, s, a) => Replace(state, (string)s!, Text(a[0], "replace"), Text(a[1], "replace"), Arithmetic.ToIndex(Routine.Or(a[2], -1L)))),
        new("rfind", "sub|start end", (_, s, a) => Boxed.Of(Find((string)s!, a, "rfind", last: true))),
        new("rindex", "sub|start end", (_, s, a) => Boxed.Of(Index((string)s!, a, "rindex", last: true))),
        new("rjust", "width|fillchar", (state, s, a) => Pad(state, (string)s!, Arithmetic.ToIndex(a[0]), Fill(a[1]), left: true)),
        new("rpartition", "sep", (_, s, a) => Partition((string)s!, Text(a[0], "rpartition"), last: true)),
        new("rsplit", "|sep maxsplit", (state, s, a) => Split(state, (string)s!, a, fromRight: true)),
        new("rstrip", "|chars", (_, s, a) => Strip((string)s!, a[0], left: false, right: true)),
        new("split", "|sep maxsplit", (state, s, a) => Split(state, (string)s!, a, fromRight: false)),
        new("splitlines", "|keepends", (state, s, a) => new PyList([.. SplitLines(state, (string)s!, Routine.Given(a[0]) && Ops.Truth(a[0]))])),
        new("startswith", "prefix|start end", (_, s, a) => Boxed.Of(Affix((string)s!, a, "startswith", static (part, affix) => part.StartsWith(affix, StringComparison.Ordinal)))),
        new("strip", "|chars", (_, s, a) => Strip((string)s!, a[0], left: true, right: true)),
        new("swapcase", "", (_, s, _) => UnicodeText.SwapCase((string)s!)),
        new("title", "", (_, s, _) => UnicodeText.Title((string)s!)),
        new("translate", "table", (state, s, a) => Translate(state, (string)s!, a[0])),
        new("upper", "", (_, s, _) => UnicodeText.Upper((string)s!)),
        new("zfill", "width", (state, s, a) => ZeroFill(state, (string)s!, Arithmetic.ToIndex(a[0]))));

    private static string Text(object? argument, string method) => Ops.TextOf(argument)
        ?? throw PythonError.Type($"{method}() argument must be str, not {Ops.TypeName(argument)}");

    private static PyDict Mapping(object? argument) => argument as PyDict ?? throw PythonError.Type($"a mapping is required, not {Ops.TypeName(argument)}");

    private static object All(object? value, Func<int, bool> property)
    {
        string text = (string)value!;
        return Boxed.Of(text.Length > 0 && CodePoints.Of(text).All(property));
    }

    public static bool IsLower(string text) => CodePoints.Of(text).Any(UnicodeText.IsLower) && !CodePoints.Of(text).Any(c => UnicodeText.IsUpper(c) || UnicodeText.IsTitle(c));

    public static bool IsUpper(string text) => CodePoints.Of(text).Any(UnicodeText.IsUpper) && !CodePoints.Of(text).Any(c => UnicodeText.IsLower(c) || UnicodeText.IsTitle(c));

    private static bool IsTitle(string text)
    {
        bool any = false;
        bool afterCased = false;
        foreach (int c in CodePoints.Of(text))
        {
            bool upper = UnicodeText.IsUpper(c) || UnicodeText.IsTitle(c);
            bool lower = UnicodeText.IsLower(c);
            if (upper ? afterCased : lower && !afterCased) return false;
            afterCased = upper || lower;
            any |= afterCased;
        }
        return any;
    }

    private static bool IsIdentifier(string text) => text.Length > 0 && Starts(CodePoints.At(text, 0)) && CodePoints.Of(text).All(c =>
        Starts(c) || UnicodeText.IsDecimal(c) || (c >= 128 && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation));

    private static bool Starts(int c) => c == '_' || UnicodeText.IsAlpha(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;

    private static string Fill(object? argument)
    {
        if (!Routine.Given(argument)) return " ";
        string fill = Text(argument, "fillchar");
        return CodePoints.Length(fill) == 1 ? fill : throw PythonError.Type("The fill character must be exactly one character long");
    }

    private static string Filled(RenderState state, int count, string fill)
    {
        state.ChargeText((long)count * fill.Length);
        return fill.Length == 1 ? new string(fill[0], count) : new StringBuilder().Insert(0, fill, count).ToString();
    }

    public static string Center(RenderState state, string text, int width, string fill)
    {
        int missing = width - CodePoints.Length(text);
        if (missing <= 0) return text;
        int left = missing / 2 + (missing & width & 1); // CPython puts the odd space to the left if the width is odd
        return Filled(state, left, fill) + text + Filled(state, missing - left, fill);
    }

    private static string Pad(RenderState state, string text, int width, string fill, bool left)
    {
        int missing = width - CodePoints.Length(text);
        if (missing <= 0) return text;
        return left ? Filled(state, missing, fill) + text : text + Filled(state, missing, fill);
    }

    private static string ZeroFill(RenderState state, string text, int width)
    {
        int missing = width - CodePoints.Length(text);
        if (missing <= 0) return text;
        int sign = text.StartsWith('+') || text.StartsWith('-') ? 1 : 0;
        return string.Concat(text.AsSpan(0, sign), Filled(state, missing, "0"), text.AsSpan(sign));
    }

    /// <summary>The UTF-16 bounds of <c>text[start:end]</c>; false if start lies beyond the end.</summary>
    private static bool Window(string text, object? start, object? end, out int from, out int to)
    {
        int length = CodePoints.Length(text);
        int Read(object? part, int missing)
        {
            if (!Routine.Given(part) || part is null) return missing;
            long position = Arithmetic.ToIndex(part);
            return (int)Math.Clamp(position < 0 ? Math.Max(0, position + length) : position, 0, int.MaxValue);
        }
        int first = Read(start, 0);
        int last = Math.Min(Read(end, length), length);
        (from, to) = (0, 0);
        if (first > last) return false;
        bool wide = length != text.Length;
        from = wide ? CodePoints.Utf16Index(text, first) : first;
        to = wide ? CodePoints.Utf16Index(text, last) : last;
        return true;
    }

    private static long Find(string text, object?[] a, string method, bool last)
    {
        string part = Text(a[0], method);
        if (!Window(text, a[1], a[2], out int from, out int to)) return -1;
        var window = text.AsSpan(from, to - from);
        int at = last ? window.LastIndexOf(part) : window.IndexOf(part);
        if (at < 0) return -1;
        return CodePoints.HasSurrogates(text) ? CodePoints.FromUtf16Index(text, from + at) : from + at;
    }

    private static long Index(string text, object?[] a, string method, bool last) =>
        Find(text, a, method, last) is var at and >= 0 ? at : throw PythonError.Value("substring not found");

    private static long Count(RenderState state, string text, object?[] a)
    {
        string part = Text(a[0], "count");
        if (!Window(text, a[1], a[2], out int from, out int to)) return 0;
        state.Charge(1 + ((to - from) >> 4));
        var window = text.AsSpan(from, to - from);
        if (part.Length == 0) return CodePoints.Length(window.ToString()) + 1;
        return window.Count(part);
    }

    private static bool Affix(string text, object?[] a, string method, Func<string, string, bool> matches)
    {
        object?[] affixes = a[0] is PyTuple tuple ? tuple.Items : [a[0]];
        bool inside = Window(text, a[1], a[2], out int from, out int to);
        string part = inside && to - from < text.Length ? text[from..to] : text;
        foreach (object? affix in affixes)
        {
            string wanted = Ops.TextOf(affix)
                ?? throw PythonError.Type($"{method} first arg must be str or a tuple of str, not {Ops.TypeName(affix)}");
            if (inside && matches(part, wanted)) return true;
        }
        return false;
    }

    private static string ExpandTabs(RenderState state, string text, int size)
    {
        var result = new StringBuilder(text.Length + 16);
        int column = 0;
        foreach (char c in text)
        {
            if (c == '\t')
            {
                int spaces = size > 0 ? size - column % size : 0;
                state.ChargeText(result.Length + spaces);
                result.Append(' ', spaces);
                column += spaces;
            }
            else
            {
                result.Append(c);
                column = c is '\n' or '\r' ? 0 : char.IsLowSurrogate(c) ? column : column + 1;
            }
        }
        return result.ToString();
    }

    public static string Join(RenderState state, string separator, object? iterable)
    {
        var items = Ops.TryIterate(state, iterable) ?? throw PythonError.Type("can only join an iterable");
        var result = new OutputBuffer(state.OutputLength);
        for (int i = 0; items.Next(out object? item); i++)
        {
            if (i > 0) result.Append(separator);
            result.Append(Ops.TextOf(item) ?? throw PythonError.Type($"sequence item {i}: expected str instance, {Ops.TypeName(item)} found"));
        }
        state.ChargeText(result.Length);
        return result.TakeText();
    }

    public static string Strip(string text, object? chars, bool left, bool right)
    {
        int start = 0;
        int end = text.Length;
        if (!Routine.Given(chars) || chars is null)
        {
            while (left && start < end && UnicodeText.IsSpace(text[start])) start++;
            while (right && end > start && UnicodeText.IsSpace(text[end - 1])) end--;
        }
        else
        {
            string set = Ops.TextOf(chars) ?? throw PythonError.Type("strip arg must be None or str");
            if (CodePoints.HasSurrogates(set))
            {
                int[] points = CodePoints.ToArray(text);
                int[] members = CodePoints.ToArray(set);
                int first = 0;
                int last = points.Length;
                while (left && first < last && members.Contains(points[first])) first++;
                while (right && last > first && members.Contains(points[last - 1])) last--;
                return CodePoints.FromArray(points.AsSpan(first, last - first));
            }
            while (left && start < end && set.Contains(text[start])) start++;
            while (right && end > start && set.Contains(text[end - 1])) end--;
        }
        return end - start == text.Length ? text : text[start..end];
    }

    private static PyTuple Partition(string text, string separator, bool last)
    {
        if (separator.Length == 0) throw PythonError.Value("empty separator");
        int at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0) return last ? new(["", "", text]) : new([text, "", ""]);
        return new([text[..at], separator, text[(at + separator.Length)..]]);
    }

    public static string Replace(RenderState state, string text, string old, string replacement, int count)
    {
        state.Charge(1 + (text.Length >> 4));
        if (old.Length > 0 && count < 0)
        {
            if (replacement.Length > old.Length) state.ChargeText(text.Length + (long)text.AsSpan().Count(old) * (replacement.Length - old.Length));
            return text.Replace(old, replacement, StringComparison.Ordinal);
        }
        if (count == 0) return text;
        var result = new StringBuilder(text.Length + 16);
        int from = 0;
        for (int done = 0; count < 0 || done < count; done++)
        {
            if (old.Length == 0)
            {
                // An empty pattern matches before every character and at the end.
                result.Append(replacement);
                if (from >= text.Length) break;
                int width = CodePoints.Width(text, from);
                result.Append(text, from, width);
                from += width;
            }
            else
            {
                int at = text.IndexOf(old, from, StringComparison.Ordinal);
                if (at < 0) break;
                result.Append(text, from, at - from).Append(replacement);
                from = at + old.Length;
            }
            state.Charge(1 + (replacement.Length >> 4));
            if (result.Length > state.OutputLength) state.ChargeText(result.Length);
        }
        if (from < text.Length) result.Append(text, from, text.Length - from);
        return result.ToString();
    }

    private static PyList Split(RenderState state, string text, object?[] a, bool fromRight)
    {
        object? separator = Routine.Or(a[0], null);
        int limit = Arithmetic.ToIndex(Routine.Or(a[1], -1L));
        state.Charge(1 + (text.Length >> 4));
        List<object?> parts;
        if (separator is null) parts = [.. fromRight && limit >= 0 ? RSplitSpace(text, limit) : SplitSpace(text, limit)];
        else
        {
            string cut = Ops.TextOf(separator) ?? throw PythonError.Type($"must be str or None, not {Ops.TypeName(separator)}");
            if (cut.Length == 0) throw PythonError.Value("empty separator");
            parts = fromRight && limit >= 0 ? RSplit(text, cut, limit) : SplitAt(text, cut, limit);
        }
        state.Charge(parts.Count);
        return new PyList(parts);
    }

    private static List<object?> SplitAt(string text, string separator, int limit)
    {
        var parts = new List<object?>();
        int from = 0;
        while (limit < 0 || parts.Count < limit)
        {
            int at = text.IndexOf(separator, from, StringComparison.Ordinal);
            if (at < 0) break;
            parts.Add(text[from..at]);
            from = at + separator.Length;
        }
        parts.Add(from == 0 ? text : text[from..]);
        return parts;
    }

    private static List<object?> RSplit(string text, string separator, int limit)
    {
        var parts = new List<object?>();
        int to = text.Length;
        while (parts.Count < limit)
        {
            int at = text.AsSpan(0, to).LastIndexOf(separator);
            if (at < 0) break;
            parts.Add(text[(at + separator.Length)..to]);
            to = at;
        }
        parts.Add(text[..to]);
        parts.Reverse();
        return parts;
    }

    /// <summary>Words between runs of whitespace; after <paramref name="limit"/> cuts the rest stays whole.</summary>
    public static IEnumerable<string> SplitSpace(string text, int limit)
    {
        int count = 0;
        for (int i = 0; ;)
        {
            while (i < text.Length && UnicodeText.IsSpace(text[i])) i++;
            if (i == text.Length) yield break;
            if (limit >= 0 && count == limit)
            {
                yield return text[i..]; // with its trailing whitespace
                yield break;
            }
            int start = i;
            while (i < text.Length && !UnicodeText.IsSpace(text[i])) i++;
            count++;
            yield return text[start..i];
        }
    }

    private static List<string> RSplitSpace(string text, int limit)
    {
        var parts = new List<string>();
        int i = text.Length;
        while (true)
        {
            while (i > 0 && UnicodeText.IsSpace(text[i - 1])) i--;
            if (i == 0) break;
            if (parts.Count == limit)
            {
                parts.Add(text[..i]);
                break;
            }
            int end = i;
            while (i > 0 && !UnicodeText.IsSpace(text[i - 1])) i--;
            parts.Add(text[i..end]);
        }
        parts.Reverse();
        return parts;
    }

    public static IEnumerable<string> SplitLines(RenderState state, string text, bool keepEnds)
    {
        for (int i = 0; i < text.Length;)
        {
            state.Charge(1);
            int start = i;
            while (i < text.Length && !UnicodeText.IsLineEnd(text[i])) i++;
            int end = i;
            if (i < text.Length) i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            yield return text[start..(keepEnds ? i : end)];
        }
    }

    private static string Translate(RenderState state, string text, object? table)
    {
        var result = new StringBuilder(text.Length);
        foreach (int c in CodePoints.Of(text))
        {
            state.Charge(1);
            if (!Members.TryItem(state, table, Boxed.Of((long)c), out object? mapped)) CodePoints.Append(result, c);
            else if (Ops.TextOf(mapped) is { } replacement) result.Append(replacement);
            else if (mapped is not null) CodePoints.Append(result, Arithmetic.ToIndex(mapped));
            if (result.Length > state.OutputLength) state.ChargeText(result.Length);
        }
        return result.ToString();
    }
}
