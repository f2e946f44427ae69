using System.Text;

namespace NotebookKit.Prompting.Language;

/// <summary>The filter <c>pprint</c>: containers that do not fit a line of 80 characters get a line for each item; dictionaries are sorted.</summary>
internal static class PrettyPrint
{
    private const int Width = 80;

    public static string Format(RenderState state, object? value)
    {
        var result = new StringBuilder();
        Write(state, result, value, indent: 0, allowance: 0);
        return result.ToString();
    }

    private static void Write(RenderState state, StringBuilder result, object? value, int indent, int allowance)
    {
        string flat = Printing.Repr(state, Sorted(state, value));
        state.ChargeText(result.Length + (long)flat.Length);
        if (CodePoints.Length(flat) <= Width - indent - allowance || value is not (PyList or PyTuple or PyDict))
        {
            result.Append(flat);
            return;
        }
        PythonError.GuardStack();
        if (value is PyDict dict)
        {
            result.Append('{');
            var entries = ((PyDict)Sorted(state, dict)!).Entries.ToList();
            for (int i = 0; i < entries.Count; i++)
            {
                string key = Printing.Repr(state, entries[i].Key);
                if (i > 0) result.Append(",\n").Append(' ', indent + 1);
                result.Append(key).Append(": ");
                Write(state, result, entries[i].Value, indent + CodePoints.Length(key) + 3, i == entries.Count - 1 ? allowance + 1 : 1);
            }
            result.Append('}');
            return;
        }
        var items = value is PyList list ? list.Items : [.. ((PyTuple)value).Items];
        string close = value is PyList ? "]" : items.Count == 1 ? ",)" : ")";
        result.Append(value is PyList ? '[' : '(');
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) result.Append(",\n").Append(' ', indent + 1);
            Write(state, result, items[i], indent + 1, i == items.Count - 1 ? allowance + close.Length : 1);
        }
        result.Append(close);
    }

    /// <summary>The value with its dictionaries in order of their keys, where the keys can be ordered.</summary>
    private static object? Sorted(RenderState state, object? value)
    {
        switch (value)
        {
            case PyList list when state.BeginRepr(list):
                var items = list.Items.Select(item => Sorted(state, item)).ToList();
                state.EndRepr();
                return new PyList(items);
            case PyTuple tuple when state.BeginRepr(tuple):
                object?[] parts = [.. tuple.Items.Select(item => Sorted(state, item))];
                state.EndRepr();
                return new PyTuple(parts);
            case PyDict dict when state.BeginRepr(dict):
                var entries = dict.Entries.Select(e => (object?)new PyTuple([e.Key, Sorted(state, e.Value)])).ToList();
                state.EndRepr();
                try
                {
                    entries = Sorting.Sort(state, entries, item => ((PyTuple)item!).Items[0], reverse: false);
                }
                catch (PythonError e) when (e.Kind == TemplateErrorKind.Type)
                {
                    // Keys of different kinds have no order; they keep the one they came in.
                }
                var sorted = new PyDict(Math.Max(4, entries.Count));
                foreach (var entry in entries.Cast<PyTuple>()) sorted.Set(state, entry.Items[0], entry.Items[1]);
                return sorted;
            default:
                return value;
        }
    }
}
