using System.Collections.Frozen;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Jinja2's built-in tests: what stands after <c>is</c>, or is named in <c>select</c> and its relatives.</summary>
internal static class Tests
{
    public static readonly IReadOnlyDictionary<string, Routine> Table = All().ToFrozenDictionary(pair => pair.Name, pair => pair.Test);

    private static IEnumerable<(string Name, Routine Test)> All()
    {
        (string, Routine) Value(string name, Func<object?, bool> test) => (name, new Routine(name, "", (_, v, _) => Boxed.Of(test(v))));
        (string, Routine) Stateful(string name, Func<RenderState, object?, bool> test) => (name, new Routine(name, "", (state, v, _) => Boxed.Of(test(state, v))));

        yield return Stateful("odd", (state, v) => Ops.Equal(state, Arithmetic.Modulo(state, v, 2L), 1L));
        yield return Stateful("even", (state, v) => Ops.Equal(state, Arithmetic.Modulo(state, v, 2L), 0L));
        yield return ("divisibleby", new Routine("divisibleby", "num", (state, v, a) => Boxed.Of(Ops.Equal(state, Arithmetic.Modulo(state, v, a[0]), 0L))));
        yield return Value("defined", v => v is not Undefined);
        yield return Value("undefined", v => v is Undefined);
        yield return Stateful("filter", (state, v) => Ops.Hash(state, v) >= 0 && Ops.TextOf(v) is { } name && Filters.Table.ContainsKey(name));
        yield return Stateful("test", (state, v) => Ops.Hash(state, v) >= 0 && Ops.TextOf(v) is { } name && Table!.ContainsKey(name));
        yield return Value("none", v => v is null);
        yield return Value("boolean", v => v is bool);
        yield return Value("false", v => v is false);
        yield return Value("true", v => v is true);
        yield return Value("integer", v => v is long or BigInteger);
        yield return Value("float", v => v is double);
        yield return Stateful("lower", (state, v) => StringMethods.IsLower(Printing.Str(state, v)));
        yield return Stateful("upper", (state, v) => StringMethods.IsUpper(Printing.Str(state, v)));
        yield return Value("string", v => v is string or PyMarkup);
        yield return Value("mapping", v => v is PyDict);
        yield return Value("number", Arithmetic.IsNumber);
        yield return Value("sequence", v => v is string or PyMarkup or PyList or PyTuple or PyDict or PyRange or Undefined);
        yield return Stateful("iterable", (state, v) => Ops.TryIterate(state, v) is not null);
        yield return Value("callable", v => v is PyCallable or Undefined or PyLoop);
        yield return ("sameas", new Routine("sameas", "other", (_, v, a) => Boxed.Of(Identical(v, a[0]))));
        yield return Value("escaped", v => v is PyMarkup);
        yield return ("in", new Routine("in", "seq", (state, v, a) => Boxed.Of(Ops.Contains(state, a[0], v))));
        foreach (string[] names in new string[][] { ["==", "eq", "equalto"], ["!=", "ne"], [">", "gt", "greaterthan"], [">=", "ge"], ["<", "lt", "lessthan"], ["<=", "le"] })
        {
            foreach (string name in names) yield return (name, new Routine(name, "other", (state, v, a) => Boxed.Of(Ops.Compare(state, names[0], v, a[0]))));
        }
    }

    /// <summary>Python's <c>is</c>: small integers, booleans, None and equal short strings are shared objects there.</summary>
    private static bool Identical(object? a, object? b) => ReferenceEquals(a, b) || (a, b) switch
    {
        (bool x, bool y) => x == y,
        (long x, long y) => x == y,
        (string x, string y) => x == y,
        _ => false,
    };
}
