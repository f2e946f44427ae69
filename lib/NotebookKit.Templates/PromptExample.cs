using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using NotebookKit.Templates.Language;

namespace NotebookKit.Templates;

/// <summary>
/// One row of a data set: named fields in their original order, as a template sees them. Immutable, so one example may be rendered
/// by many templates and threads.
/// </summary>
/// <remarks>
/// Values are null, booleans, integers, floating-point numbers, strings, lists and dictionaries with string keys. Dates, times and
/// decimals become the text that Python prints for them (<c>2020-01-02 03:04:05</c>, <c>1.50</c>). JSON numbers with a point or an
/// exponent are floats, all others integers, as in Python.
/// </remarks>
public sealed class PromptExample : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    private const int MaxDepth = 64;

    /// <summary>Takes over fields in their order; values are copied.</summary>
    /// <exception cref="ArgumentException">A value is of a type that templates do not have, or is nested too deeply.</exception>
    public PromptExample(IEnumerable<KeyValuePair<string, object?>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var state = RenderState.Detached();
        var values = new PyDict();
        foreach (var (name, value) in fields) values.Set(state, name, Convert(value, name, 0));
        Values = values.Copy(state, frozen: true);
    }

    private PromptExample(PyDict values) => Values = values;

    internal PyDict Values { get; }

    /// <summary>The number of fields.</summary>
    public int Count => Values.Count;

    /// <summary>The fields' names, in order.</summary>
    public IEnumerable<string> Names => Values.Entries.Select(e => (string)e.Key!);

    /// <summary>Reads an example from a JSON object.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static PromptExample FromJson(string json)
    {
        using var document = ParseJson(json);
        return FromJson(document.RootElement);
    }

    /// <summary>Parses JSON, at most 64 deep. For the numbers that Python writes though they are no JSON, the error says what to write instead.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonDocument ParseJson(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e) when (e.BytePositionInLine is { } at && WordAt(json, at) is "NaN" or "Infinity" or "-Infinity")
        {
            throw new JsonException($"NaN and Infinity are no JSON; write null for a number that is missing. {e.Message}", e.Path, e.LineNumber, e.BytePositionInLine, e);
        }
    }

    /// <summary>The letters around a byte of the first line, with the sign before them.</summary>
    private static string WordAt(string json, long at)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        int start = (int)Math.Min(at, utf8.Length), end = start;
        while (start > 0 && (char.IsAsciiLetter((char)utf8[start - 1]) || utf8[start - 1] == '-')) start--;
        while (end < utf8.Length && char.IsAsciiLetter((char)utf8[end])) end++;
        return Encoding.ASCII.GetString(utf8, start, end - start);
    }

    /// <summary>Reads an example from a JSON object.</summary>
    /// <exception cref="JsonException">The element is not an object.</exception>
    public static PromptExample FromJson(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new JsonException($"An example must be a JSON object, not {element.ValueKind}.");
        try
        {
            return new PromptExample((PyDict)Convert(element, "", 0)!);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"A string of the example is not valid Unicode: {e.Message}", e);
        }
    }

    /// <summary>Whether there is a field of this name.</summary>
    public bool Contains(string name) => Values.TryGet(name, out _);

    /// <summary>This example with one more field, or another value for a field it has.</summary>
    public PromptExample With(string name, object? value)
    {
        var state = RenderState.Detached();
        var copy = Values.Copy(state);
        copy.Set(state, name, Convert(value, name, 0));
        return new PromptExample(copy);
    }

    /// <summary>The fields with plain .NET values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>, lists and dictionaries.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        Values.Entries.Select(e => new KeyValuePair<string, object?>((string)e.Key!, Plain(e.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The example as Python prints a dictionary.</summary>
    public override string ToString() => Printing.Repr(RenderState.Detached(), Values);

    /// <summary>Copies of the containers, for a template that changes them.</summary>
    internal PyDict Thaw(RenderState state)
    {
        var copy = Values.Copy(state);
        foreach (var (key, value) in Values.Entries)
        {
            if (value is PyList or PyDict) copy.Set(state, key, Thaw(state, value));
        }
        return copy;
    }

    /// <summary>Fields replaced by a function of their text, for top-level strings only; the same object if nothing changes.</summary>
    internal PromptExample MapText(Func<string, string> function)
    {
        PyDict? copy = null;
        var state = RenderState.Detached();
        foreach (var (key, value) in Values.Entries)
        {
            if (value is not string text) continue;
            string mapped = function(text);
            if (!ReferenceEquals(mapped, text)) (copy ??= Values.Copy(state)).Set(state, key, mapped);
        }
        return copy is null ? this : new PromptExample(copy);
    }

    private static object? Thaw(RenderState state, object? value)
    {
        switch (value)
        {
            case PyList list:
                state.Charge(list.Items.Count);
                var items = new List<object?>(list.Items.Count);
                foreach (object? item in list.Items) items.Add(Thaw(state, item));
                return new PyList(items);
            case PyDict dict:
                var copy = dict.Copy(state);
                foreach (var (key, item) in dict.Entries)
                {
                    if (item is PyList or PyDict) copy.Set(state, key, Thaw(state, item));
                }
                return copy;
            default:
                return value;
        }
    }

    private static object? Plain(object? value) => value switch
    {
        PyList list => list.Items.ConvertAll(Plain),
        PyDict dict => dict.Entries.ToDictionary(e => Printing.Str(RenderState.Detached(), e.Key), e => Plain(e.Value)),
        _ => value,
    };

    private static object? Convert(object? value, string field, int depth)
    {
        if (depth > MaxDepth) throw new ArgumentException($"The field '{field}' is nested more than {MaxDepth} deep.");
        switch (value)
        {
            case null or DBNull: return null;
            case string text: return text;
            case bool b: return Boxed.Of(b);
            case char c: return c.ToString();
            case byte or sbyte or short or ushort or int or uint or long: return Boxed.Of(System.Convert.ToInt64(value, CultureInfo.InvariantCulture));
            case ulong n: return Boxed.Of(new BigInteger(n));
            case BigInteger big: return Boxed.Of(big);
            case double d: return d;
            case Half half: return (double)half;
            case float single: return (double)single;
            case decimal or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan: return PythonMoment.Text((IFormattable)value);
            case Guid id: return id.ToString();
            case PyList or PyDict: return value;
            case PromptExample example: return example.Values;
            case JsonElement element: return Convert(element, field, depth);
            case ReadOnlyMemory<char> memory: return memory.ToString();
            case string[] texts: return new PyList([.. texts]) { Frozen = true };
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                var state = RenderState.Detached();
                var dict = new PyDict();
                foreach (var (name, item) in pairs) dict.Set(state, name, Convert(item, field, depth + 1));
                return dict.Copy(state, frozen: true);
            case IDictionary dictionary:
                state = RenderState.Detached();
                dict = new PyDict();
                foreach (DictionaryEntry entry in dictionary) dict.Set(state, Convert(entry.Key, field, depth + 1), Convert(entry.Value, field, depth + 1));
                return dict.Copy(state, frozen: true);
            case IEnumerable items:
                var list = new List<object?>();
                foreach (object? item in items) list.Add(Convert(item, field, depth + 1));
                return new PyList(list) { Frozen = true };
            default:
                throw new ArgumentException($"The field '{field}' holds a {value.GetType().Name}, which templates do not have.");
        }
    }

    private static object? Convert(JsonElement element, string field, int depth)
    {
        if (depth > MaxDepth) throw new JsonException($"The field '{field}' is nested more than {MaxDepth} deep.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var state = RenderState.Detached();
                var dict = new PyDict();
                foreach (var property in element.EnumerateObject()) dict.Set(state, property.Name, Convert(property.Value, depth == 0 ? property.Name : field, depth + 1));
                return dict.Copy(state, frozen: true);
            case JsonValueKind.Array:
                return new PyList([.. element.EnumerateArray().Select(item => Convert(item, field, depth + 1))]) { Frozen = true };
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.True: return Boxed.True;
            case JsonValueKind.False: return Boxed.False;
            case JsonValueKind.Number:
                if (element.TryGetInt64(out long integer) && IsInteger(element)) return Boxed.Of(integer);
                return IsInteger(element) ? Boxed.Of(BigInteger.Parse(element.GetRawText(), CultureInfo.InvariantCulture)) : element.GetDouble();
            default: return null;
        }
    }

    private static bool IsInteger(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny(".eE") < 0;
}
