using System.Collections.Frozen;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>The functions that every template sees: Jinja2's, and promptsource's <c>zip</c>.</summary>
internal static class GlobalFunctions
{
    public static readonly IReadOnlyDictionary<string, object> Table = new Dictionary<string, object>
    {
        ["range"] = new PyFunction(new Routine("range", "start|stop step", (_, _, a) => Range(a)), "type"),
        ["dict"] = new PyFunction(new Routine("dict", (state, _, a) => Dict(state, a, "dict")), "type"),
        ["namespace"] = new PyFunction(new Routine("namespace", (state, _, a) => new PyNamespace(Dict(state, a, "namespace"))), "type"),
        ["zip"] = new PyFunction(new Routine("zip", (state, _, a) => Zip(state, a)), "type"),
        ["cycler"] = new PyFunction(new Routine("cycler", (_, _, a) => a.Positional.Length > 0 ? new Cycler(a.Positional) : throw PythonError.Runtime("at least one item has to be provided")), "type"),
        ["joiner"] = new PyFunction(new Routine("joiner", "|sep", (_, _, a) => new Joiner(Routine.Or(a[0], ", "))), "type"),
        ["lipsum"] = new PyFunction(new Routine("lipsum", (_, _, _) => throw PythonError.Runtime("lipsum() is not available in prompts"))),
    }.ToFrozenDictionary();

    private static PyRange Range(object?[] a)
    {
        BigInteger Read(object? part) => Arithmetic.TryInteger(part, out var integer) ? integer
            : throw PythonError.Type($"'{Ops.TypeName(part)}' object cannot be interpreted as an integer");
        var start = Routine.Given(a[1]) ? Read(a[0]) : 0;
        var stop = Read(Routine.Or(a[1], a[0]));
        var step = Routine.Given(a[2]) ? Read(a[2]) : 1;
        return step.IsZero ? throw PythonError.Value("range() arg 3 must not be zero") : new PyRange(start, stop, step);
    }

    private static PyDict Dict(RenderState state, Arguments a, string name)
    {
        if (a.Positional.Length > 1) throw PythonError.Type($"{name} expected at most 1 argument, got {a.Positional.Length}");
        var dict = new PyDict();
        DictMethods.Fill(state, dict, a);
        return dict;
    }

    private static PyIterator Zip(RenderState state, Arguments a)
    {
        bool strict = a.Named is [{ Key: "strict", Value: var flag }] && Ops.Truth(flag);
        if (a.Named.Length > 0 && a.Named[0].Key != "strict") throw PythonError.Type($"zip() got an unexpected keyword argument '{a.Named[0].Key}'");
        var sources = a.Positional.Select((source, i) => Ops.TryIterate(state, source)
            ?? throw PythonError.Type($"'{Ops.TypeName(source)}' object is not iterable")).ToArray();
        return PyIterator.Lazy(state, Tuples(), "zip");

        IEnumerable<object?> Tuples()
        {
            while (sources.Length > 0)
            {
                object?[] items = new object?[sources.Length];
                for (int i = 0; i < sources.Length; i++)
                {
                    if (sources[i].Next(out items[i])) continue;
                    if (strict && (i > 0 || sources.Skip(1).Any(s => s.Next(out _)))) throw PythonError.Value("zip() arguments have different lengths");
                    yield break;
                }
                yield return new PyTuple(items);
            }
        }
    }
}
