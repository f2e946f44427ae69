namespace NotebookKit.Templates.Language;

/// <summary>A macro, or the body of a call block under the name <c>caller</c>, together with the variables around it.</summary>
internal sealed class Macro(MacroDefinition definition, Frame closure) : PyCallable
{
    public override string TypeName => "Macro";

    public override string Repr() => definition.Name is null ? "<Macro anonymous>" : $"<Macro {Printing.Quote(definition.Name)}>";

    public bool TryAttribute(string name, out object? value)
    {
        value = name switch
        {
            "name" => definition.Name,
            "arguments" => new PyTuple([.. definition.Parameters.Select(p => (object?)p.Name.Text)]),
            "catch_kwargs" => Boxed.Of(definition.NamedRest is not null),
            "catch_varargs" => Boxed.Of(definition.PositionalRest is not null),
            "caller" => Boxed.Of(definition.Caller is not null),
            _ => Routine.Absent,
        };
        return Routine.Given(value);
    }

    public override object? Call(RenderState state, Arguments arguments)
    {
        var parameters = definition.Parameters;
        object?[] positional = arguments.Positional;
        var named = arguments.Named.ToList();
        var frame = new Frame(state, definition.Function.SlotCount, closure);
        object? Take(string name)
        {
            int at = named.FindIndex(n => n.Key == name);
            if (at < 0) return Frame.Missing;
            object? value = named[at].Value;
            named.RemoveAt(at);
            return value;
        }
        for (int i = 0; i < parameters.Length; i++) frame.Slots[parameters[i].Slot!.Index] = i < positional.Length ? positional[i] : Take(parameters[i].Name.Text);
        if (definition.Caller is { } callerSlot)
        {
            object? caller = Take("caller");
            frame.Slots[callerSlot.Index] = ReferenceEquals(caller, Frame.Missing) || caller is null ? Undefined.Because("No caller defined") : caller;
        }
        if (definition.NamedRest is { } namedSlot)
        {
            var rest = new PyDict();
            foreach (var (name, value) in named) rest.Set(state, name, value);
            frame.Slots[namedSlot.Index] = rest;
        }
        else if (named.Count > 0)
        {
            throw PythonError.Type(named.Exists(n => n.Key == "caller")
                ? $"macro {Printing.Repr(state, definition.Name)} was invoked with two values for the special caller argument. This is most likely a bug."
                : $"macro {Printing.Repr(state, definition.Name)} takes no keyword argument {Printing.Quote(named[0].Key)}");
        }
        if (definition.PositionalRest is { } restSlot) frame.Slots[restSlot.Index] = new PyTuple([.. positional.Skip(parameters.Length)]);
        else if (positional.Length > parameters.Length)
            throw PythonError.Type($"macro {Printing.Repr(state, definition.Name)} takes not more than {parameters.Length} argument(s)");

        state.Enter();
        var outer = state.Capture();
        definition.Invoke(frame);
        string text = state.Release(outer);
        state.Leave();
        return text;
    }
}
