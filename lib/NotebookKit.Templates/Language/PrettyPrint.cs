using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>
/// The filter <c>pprint</c>: containers that do not fit a line of 80 characters get a line for each item, strings break at spaces;
/// dictionaries are sorted.
/// </summary>
internal static class PrettyPrint
{
    private const int Width = 80;

    public static string Format(RenderState state, object? value)
    {
        var result = new StringBuilder();
        Write(state, result, value, indent: 0, allowance: 0, level: 1);
        return result.ToString();
    }

    private static void Write(RenderState state, StringBuilder result, object? value, int indent, int allowance, int level)
    {
        string flat = Printing.Repr(state, Sorted(state, value));
        state.ChargeText(result.Length + (long)flat.Length);
        if (CodePoints.Length(flat) <= Width - indent - allowance || value is not (string or PyList or PyTuple or PyDict))
        {
            result.Append(flat);
            return;
        }
        PythonError.GuardStack();
        if (value is string text)
        {
            WriteText(state, result, text, indent, allowance, level);
            return;
        }
        if (value is PyDict dict)
        {
            result.Append('{');
            var entries = ((PyDict)Sorted(state, dict)!).Entries.ToList();
            for (int i = 0; i < entries.Count; i++)
            {
                string key = Printing.Repr(state, entries[i].Key);
                if (i > 0) result.Append(",\n").Append(' ', indent + 1);
                result.Append(key).Append(": ");
                Write(state, result, entries[i].Value, indent + CodePoints.Length(key) + 3, i == entries.Count - 1 ? allowance + 1 : 1, level + 1);
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
            Write(state, result, items[i], indent + 1, i == items.Count - 1 ? allowance + close.Length : 1, level + 1);
        }
        result.Append(close);
    }

    /// <summary>A long string as adjacent literals: one for each line of it, and as many words to a literal as fit.</summary>
    private static void WriteText(RenderState state, StringBuilder result, string text, int indent, int allowance, int level)
    {
        if (level == 1) (indent, allowance) = (indent + 1, allowance + 1);
        int width = Width - indent;
        var literals = new List<string>();
        var lines = StringMethods.SplitLines(state, text, keepEnds: true).ToList();
        foreach (var (i, line) in lines.Index())
        {
            int end = i == lines.Count - 1 ? allowance : 0;
            if (CodePoints.Length(Printing.Quote(line)) <= width - end)
            {
                literals.Add(Printing.Quote(line));
                continue;
            }
            string current = "";
            for (int at = 0, next; at < line.Length; at = next)
            {
                next = at;
                while (next < line.Length && !UnicodeText.IsSpace(line[next])) next++;
                while (next < line.Length && UnicodeText.IsSpace(line[next])) next++;
                string longer = current + line[at..next];
                state.ChargeText(longer.Length);
                if (CodePoints.Length(Printing.Quote(longer)) <= width - (next == line.Length ? end : 0))
                {
                    current = longer;
                    continue;
                }
                if (current.Length > 0) literals.Add(Printing.Quote(current));
                current = line[at..next];
            }
            literals.Add(Printing.Quote(current));
        }
        bool bracketed = level == 1 && literals.Count > 1;
        if (bracketed) result.Append('(');
        result.AppendJoin("\n" + new string(' ', indent), literals);
        if (bracketed) result.Append(')');
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
