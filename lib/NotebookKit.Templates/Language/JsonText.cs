using System.Globalization;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>The filter <c>tojson</c>: Python's <c>json.dumps</c> with sorted keys, made safe for HTML.</summary>
internal static class JsonText
{
    public static string Write(RenderState state, object? value, object? indent)
    {
        var buffer = new OutputBuffer(state.OutputLength);
        string? step = indent switch
        {
            null => null,
            string text => text,
            _ => new string(' ', Math.Clamp(Arithmetic.ToIndex(indent), 0, 1000)),
        };
        Write(state, buffer, value, step, "\n");
        return buffer.TakeText();
    }

    private static void Write(RenderState state, OutputBuffer target, object? value, string? step, string lineStart)
    {
        state.Charge(1);
        switch (value)
        {
            case null: target.Append("null"); break;
            case bool b: target.Append(b ? "true" : "false"); break;
            case string or PyMarkup: Quote(target, Ops.TextOf(value)!); break;
            case double d: target.Append(Number(d)); break;
            case long or BigInteger: target.Append(Printing.Str(state, value)); break;
            case PyList list: WriteItems(state, target, value, list.Items, step, lineStart); break;
            case PyTuple tuple: WriteItems(state, target, value, tuple.Items, step, lineStart); break;
            case PyDict dict: WriteDict(state, target, dict, step, lineStart); break;
            default: throw PythonError.Type($"Object of type {Ops.TypeName(value)} is not JSON serializable");
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : NumberText.Repr(value);

    private static void WriteItems(RenderState state, OutputBuffer target, object owner, IReadOnlyList<object?> items, string? step, string lineStart)
    {
        if (items.Count == 0)
        {
            target.Append("[]");
            return;
        }
        if (!state.BeginRepr(owner)) throw PythonError.Value("Circular reference detected");
        string inner = step is null ? "" : lineStart + step;
        target.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) target.Append(step is null ? ", " : ",");
            target.Append(inner);
            Write(state, target, items[i], step, inner);
        }
        if (step is not null) target.Append(lineStart);
        target.Append(']');
        state.EndRepr();
    }

    private static void WriteDict(RenderState state, OutputBuffer target, PyDict dict, string? step, string lineStart)
    {
        if (dict.Count == 0)
        {
            target.Append("{}");
            return;
        }
        if (!state.BeginRepr(dict)) throw PythonError.Value("Circular reference detected");
        string inner = step is null ? "" : lineStart + step;
        target.Append('{');
        bool first = true;
        var sorted = Sorting.Sort(state, dict.Entries.Select(e => (object?)new PyTuple([e.Key, e.Value])), item => ((PyTuple)item!).Items[0], reverse: false);
        foreach (var item in sorted.Cast<PyTuple>())
        {
            if (!first) target.Append(step is null ? ", " : ",");
            first = false;
            target.Append(inner);
            Quote(target, item.Items[0] switch
            {
                string text => text,
                PyMarkup markup => markup.Text,
                null => "null",
                bool b => b ? "true" : "false",
                double d => Number(d),
                long or BigInteger => Printing.Str(state, item.Items[0]),
                var other => throw PythonError.Type($"keys must be str, int, float, bool or None, not {Ops.TypeName(other)}"),
            });
            target.Append(": ");
            Write(state, target, item.Items[1], step, inner);
        }
        if (step is not null) target.Append(lineStart);
        target.Append('}');
        state.EndRepr();
    }

    private static void Quote(OutputBuffer target, string text)
    {
        target.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"': target.Append("\\\""); break;
                case '\\': target.Append("\\\\"); break;
                case '\n': target.Append("\\n"); break;
                case '\r': target.Append("\\r"); break;
                case '\t': target.Append("\\t"); break;
                case '\b': target.Append("\\b"); break;
                case '\f': target.Append("\\f"); break;
                case >= ' ' and < (char)127 when c is not ('<' or '>' or '&' or '\''): target.Append(c); break;
                default: target.Append($"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}"); break;
            }
        }
        target.Append('"');
    }
}
