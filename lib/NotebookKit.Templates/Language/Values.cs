using System.Numerics;

namespace NotebookKit.Templates.Language;

// A template value is an object?: null (None), bool, long, BigInteger (only beyond long), double, string, or one of the types below.

/// <summary>Boxed numbers and truth values, shared where they are common.</summary>
internal static class Boxed
{
    public static readonly object True = true;
    public static readonly object False = false;
    private static readonly object[] Small = [.. Enumerable.Range(-128, 1152).Select(n => (object)(long)n)];

    public static object Of(bool value) => value ? True : False;

    public static object Of(long value) => value is >= -128 and < 1024 ? Small[(int)value + 128] : value;

    public static object Of(BigInteger value) => Arithmetic.Normalize(value);
}

/// <summary>A list. One that belongs to an example is frozen: a template that changes lists gets its own copy instead.</summary>
internal sealed class PyList(List<object?> items)
{
    public PyList()
        : this([])
    {
    }

    public List<object?> Items { get; } = items;

    public bool Frozen { get; init; }
}

/// <summary>A tuple; the groups of <c>groupby</c> also have names for their two fields.</summary>
internal sealed class PyTuple(object?[] items, string[]? fields = null)
{
    public static readonly PyTuple Empty = new([]);

    public object?[] Items { get; } = items;

    public string[]? Fields { get; } = fields;
}

/// <summary>Python's <c>range</c>, never expanded.</summary>
internal sealed class PyRange(BigInteger start, BigInteger stop, BigInteger step)
{
    public BigInteger Start { get; } = start;

    public BigInteger Stop { get; } = stop;

    public BigInteger Step { get; } = step;

    public BigInteger Count { get; } = BigInteger.Max(0, step.Sign > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);

    public object At(BigInteger index) => Boxed.Of(Start + index * Step);
}

/// <summary>Text marked as safe HTML (filters <c>escape</c>, <c>safe</c>, <c>tojson</c>): a string that escapes what is joined to it.</summary>
internal sealed class PyMarkup(string text)
{
    public string Text { get; } = text;

    public override string ToString() => Text;
}

/// <summary>A name, attribute or item that does not exist. Prints as nothing, is false and empty, and fails at everything else.</summary>
internal sealed class Undefined
{
    private readonly object? _owner;
    private readonly object? _name;
    private readonly string? _hint;
    private readonly bool _hasOwner;

    private Undefined(string? hint, bool hasOwner, object? owner, object? name)
    {
        _hint = hint;
        _hasOwner = hasOwner;
        _owner = owner;
        _name = name;
    }

    public static Undefined Name(string name) => new(null, false, null, name);

    public static Undefined Member(object? owner, object? name) => new(null, true, owner, name);

    public static Undefined Because(string hint) => new(hint, false, null, null);

    public PythonError Failure() => PythonError.Undefined(
        _hint is not null ? _hint
        : !_hasOwner ? $"{Printing.Quote((string)_name!)} is undefined"
        : _name is string name ? $"{Printing.Quote(OwnerText())} has no attribute {Printing.Quote(name)}"
        : $"{OwnerText()} has no element {Printing.Repr(RenderState.Detached(), _name)}");

    private string OwnerText() => _owner is null ? "None" : $"{Ops.TypeName(_owner)} object";
}

/// <summary>What <c>namespace(...)</c> makes: the only object whose attributes a template can set.</summary>
internal sealed class PyNamespace(PyDict attributes)
{
    public PyDict Attributes { get; } = attributes;
}

/// <summary>A start, stop and step inside a subscript of several parts, which no built-in value accepts.</summary>
internal sealed record PySlice(object? Start, object? Stop, object? Step);

/// <summary>The live view that <c>dict.keys()</c>, <c>values()</c> or <c>items()</c> returns.</summary>
internal sealed class DictView(PyDict dict, DictViewKind kind)
{
    public PyDict Dict { get; } = dict;

    public DictViewKind Kind { get; } = kind;

    public object? Select(object? key, object? value) => Kind switch
    {
        DictViewKind.Keys => key,
        DictViewKind.Values => value,
        _ => new PyTuple([key, value]),
    };
}

internal enum DictViewKind
{
    Keys,
    Values,
    Items,
}
