using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Finds the built-in method of a value by name, and calls it.</summary>
internal static class Methods
{
    public static Routine? Find(object value, string name)
    {
        var table = value switch
        {
            string or PyMarkup => StringMethods.Table,
            PyList => ListMethods.Table,
            PyDict => DictMethods.Table,
            PyTuple or PyRange => SequenceMethods.Table,
            double => NumberMethods.FloatTable,
            long or bool or BigInteger => NumberMethods.IntegerTable,
            DictView => DictMethods.ViewTable,
            _ => null,
        };
        return table is not null && table.TryGetValue(name, out var routine) ? routine : null;
    }

    public static object? Invoke(RenderState state, object receiver, Routine routine, Arguments arguments)
    {
        if (routine.Mutates && receiver is PyList { Frozen: true } or PyDict { Frozen: true })
            throw PythonError.Type($"{routine.Name}() would change the example; call it by its plain name");
        return receiver is PyMarkup markup ? InvokeOnMarkup(state, markup, routine, arguments) : routine.Invoke(state, receiver, arguments);
    }

    /// <summary>Whether a method of this name may change a list or dictionary.</summary>
    public static bool MayMutate(string name) =>
        (ListMethods.Table.TryGetValue(name, out var routine) && routine.Mutates) || (DictMethods.Table.TryGetValue(name, out routine) && routine.Mutates);

    /// <summary>Marked-up text stays marked up, and escapes the strings that a method mixes into it.</summary>
    private static object? InvokeOnMarkup(RenderState state, PyMarkup markup, Routine routine, Arguments arguments)
    {
        static object? Escaped(object? value) => value is string text ? Html.Escape(text) : value is PyMarkup inner ? inner.Text : value;

        if (routine.Name == "join")
        {
            var items = Ops.ToList(state, arguments.Positional is [var only] ? only : null);
            arguments = new([new PyList([.. items.Select(Escaped)])], []);
        }
        else arguments = new([.. arguments.Positional.Select(Escaped)], [.. arguments.Named.Select(n => new KeyValuePair<string, object?>(n.Key, Escaped(n.Value)))]);

        object? result = routine.Invoke(state, markup.Text, arguments);
        return result switch
        {
            string text => new PyMarkup(text),
            PyList list => new PyList([.. list.Items.Select(item => item is string part ? new PyMarkup(part) : item)]),
            PyTuple tuple => new PyTuple([.. tuple.Items.Select(item => item is string part ? new PyMarkup(part) : item)]),
            _ => result,
        };
    }
}
