namespace NotebookKit.Templates.Language;

/// <summary>Arguments of a call: positional, then named.</summary>
internal readonly record struct Arguments(object?[] Positional, KeyValuePair<string, object?>[] Named)
{
    public static readonly Arguments None = new([], []);
}

/// <summary>A value of its own kind that a global function makes (cycler, joiner).</summary>
internal abstract class PyObject(string typeName)
{
    public string TypeName { get; } = typeName;

    /// <summary>An attribute, or false if there is none of that name.</summary>
    public abstract bool TryAttribute(RenderState state, string name, out object? value);
}

/// <summary>Anything that a template can call.</summary>
internal abstract class PyCallable
{
    public abstract string TypeName { get; }

    public abstract object? Call(RenderState state, Arguments arguments);

    public abstract string Repr();
}

/// <summary>The body of a built-in: the value it applies to (filter input, method receiver) and one argument for each parameter.</summary>
internal delegate object? RoutineBody(RenderState state, object? value, object?[] arguments);

/// <summary>The body of a built-in that takes any arguments.</summary>
internal delegate object? VariadicBody(RenderState state, object? value, Arguments arguments);

/// <summary>A built-in filter, test, method or function: its name, its parameters and its body.</summary>
internal sealed class Routine
{
    /// <summary>Stands for an argument that was not given.</summary>
    public static readonly object Absent = new();

    private readonly string[] _parameters;
    private readonly int _required;
    private readonly RoutineBody? _body;
    private readonly VariadicBody? _variadic;

    /// <param name="name">Its name in templates.</param>
    /// <param name="parameters">Parameter names, separated by spaces; those after a <c>|</c> are optional.</param>
    /// <param name="body">What it does.</param>
    public Routine(string name, string parameters, RoutineBody body)
    {
        Name = name;
        string[] parts = parameters.Split('|');
        string[] required = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _required = required.Length;
        _parameters = parts.Length == 1 ? required : [.. required, .. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _body = body;
    }

    public Routine(string name, VariadicBody body)
    {
        Name = name;
        _parameters = [];
        _variadic = body;
    }

    public string Name { get; }

    /// <summary>Whether calling this may change its receiver.</summary>
    public bool Mutates { get; init; }

    public int MaxPositional => _variadic is null ? _parameters.Length : int.MaxValue;

    /// <summary>A call without arguments, the most frequent one.</summary>
    public object? Invoke(RenderState state, object? value) => Invoke(state, value, Arguments.None);

    public object? Invoke(RenderState state, object? value, Arguments arguments)
    {
        if (_variadic is not null) return _variadic(state, value, arguments);
        return _body!(state, value, Bind(arguments));
    }

    private object?[] Bind(Arguments arguments)
    {
        object?[] given = arguments.Positional;
        if (given.Length == _parameters.Length && arguments.Named.Length == 0) return given;
        if (given.Length > _parameters.Length)
            throw PythonError.Type($"{Name}() takes at most {_parameters.Length} argument(s) ({given.Length} given)");
        object?[] bound = new object?[_parameters.Length];
        given.CopyTo(bound, 0);
        Array.Fill(bound, Absent, given.Length, bound.Length - given.Length);
        foreach (var (name, value) in arguments.Named)
        {
            int at = Array.IndexOf(_parameters, name);
            if (at < 0) throw PythonError.Type($"{Name}() got an unexpected keyword argument '{name}'");
            if (!ReferenceEquals(bound[at], Absent)) throw PythonError.Type($"{Name}() got multiple values for argument '{name}'");
            bound[at] = value;
        }
        for (int i = 0; i < _required; i++)
        {
            if (ReferenceEquals(bound[i], Absent)) throw PythonError.Type($"{Name}() missing required argument '{_parameters[i]}'");
        }
        return bound;
    }

    public static bool Given(object? argument) => !ReferenceEquals(argument, Absent);

    public static object? Or(object? argument, object? fallback) => Given(argument) ? argument : fallback;

    public static IReadOnlyDictionary<string, Routine> Table(params Routine[] routines) =>
        System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(routines, r => r.Name);
}

/// <summary>A global function such as <c>range</c>.</summary>
internal sealed class PyFunction(Routine routine, string typeName = "builtin_function_or_method") : PyCallable
{
    public override string TypeName => typeName;

    public override object? Call(RenderState state, Arguments arguments) => routine.Invoke(state, null, arguments);

    public override string Repr() => typeName == "type" ? $"<class '{routine.Name}'>" : $"<built-in function {routine.Name}>";
}

/// <summary>A method taken from its object without calling it.</summary>
internal sealed class BoundMethod(object receiver, Routine routine) : PyCallable
{
    public object Receiver { get; } = receiver;

    public Routine Routine { get; } = routine;

    public override string TypeName => "builtin_function_or_method";

    public override object? Call(RenderState state, Arguments arguments) => Methods.Invoke(state, Receiver, Routine, arguments);

    public override string Repr() => $"<built-in method {Routine.Name} of {Ops.TypeName(Receiver)} object>";
}

/// <summary><c>cycler(a, b, ...)</c>: hands out its items in turn.</summary>
internal sealed class Cycler(object?[] items) : PyObject("Cycler")
{
    private int _position;

    public override bool TryAttribute(RenderState state, string name, out object? value)
    {
        value = name switch
        {
            "current" => items[_position],
            "items" => new PyTuple(items),
            "pos" => Boxed.Of((long)_position),
            "next" => new PyFunction(new Routine("next", "", (_, _, _) =>
            {
                object? current = items[_position];
                _position = (_position + 1) % items.Length;
                return current;
            })),
            "reset" => new PyFunction(new Routine("reset", "", (_, _, _) =>
            {
                _position = 0;
                return null;
            })),
            _ => Routine.Absent,
        };
        return Routine.Given(value);
    }
}

/// <summary><c>joiner(sep)</c>: nothing on the first call, the separator on every later one.</summary>
internal sealed class Joiner(object? separator) : PyCallable
{
    private bool _used;

    public override string TypeName => "Joiner";

    public override object? Call(RenderState state, Arguments arguments)
    {
        if (_used) return separator;
        _used = true;
        return "";
    }

    public override string Repr() => "<Joiner object>";
}
