using System.Globalization;
using System.Numerics;

namespace NotebookKit.Templates.Language;

/// <summary>Python's <c>str</c> and <c>repr</c>.</summary>
internal static class Printing
{
    /// <summary>Appends <c>str(value)</c> to the output.</summary>
    public static void Write(RenderState state, OutputBuffer target, object? value)
    {
        switch (value)
        {
            case string text: target.Append(text); break;
            case long number: target.Append(number); break;
            case Undefined: break;
            case PyMarkup markup: target.Append(markup.Text); break;
            default: WriteRepr(state, target, value); break;
        }
    }

    public static string Str(RenderState state, object? value) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        Undefined => "",
        PyMarkup markup => markup.Text,
        null => "None",
        bool b => b ? "True" : "False",
        _ => Repr(state, value),
    };

    public static string Repr(RenderState state, object? value)
    {
        var buffer = new OutputBuffer(state.OutputLength);
        WriteRepr(state, buffer, value);
        return buffer.TakeText();
    }

    /// <summary><c>repr</c> of a string.</summary>
    public static string Quote(string text)
    {
        var buffer = new OutputBuffer(int.MaxValue);
        WriteQuoted(buffer, text);
        return buffer.TakeText();
    }

    private static void WriteRepr(RenderState state, OutputBuffer target, object? value)
    {
        state.Charge(1);
        switch (value)
        {
            case null: target.Append("None"); break;
            case bool b: target.Append(b ? "True" : "False"); break;
            case string text: WriteQuoted(target, text); break;
            case long number: target.Append(number); break;
            case double number: target.Append(NumberText.Repr(number)); break;
            case BigInteger number: target.Append(NumberText.Integer(number)); break;
            case PyMarkup markup:
                target.Append("Markup(");
                WriteQuoted(target, markup.Text);
                target.Append(')');
                break;
            case Undefined: target.Append("Undefined"); break;
            case PyList list: WriteItems(state, target, '[', list.Items, ']', list); break;
            case PyTuple { Items.Length: 1 } single:
                target.Append('(');
                Nested(state, target, single, single.Items[0]);
                target.Append(",)");
                break;
            case PyTuple tuple: WriteItems(state, target, '(', tuple.Items, ')', tuple); break;
            case PyDict dict: WriteDict(state, target, dict); break;
            case DictView view:
                target.Append(Ops.TypeName(view));
                target.Append('(');
                WriteItems(state, target, '[', Ops.ToList(state, view), ']', view);
                target.Append(')');
                break;
            case PyRange range:
                target.Append(range.Step.IsOne ? $"range({range.Start}, {range.Stop})" : $"range({range.Start}, {range.Stop}, {range.Step})");
                break;
            case PyNamespace space:
                target.Append("<Namespace ");
                WriteDict(state, target, space.Attributes);
                target.Append('>');
                break;
            case PySlice slice:
                target.Append("slice");
                WriteItems(state, target, '(', [slice.Start, slice.Stop, slice.Step], ')', slice);
                break;
            case PyLoop loop: target.Append($"<LoopContext {loop.Index0 + 1}/{loop.Length}>"); break;
            case PyCallable callable: target.Append(callable.Repr()); break;
            default: target.Append($"<{Ops.TypeName(value)} object>"); break;
        }
    }

    private static void WriteItems(RenderState state, OutputBuffer target, char open, IReadOnlyList<object?> items, char close, object owner)
    {
        if (!state.BeginRepr(owner))
        {
            target.Append(open);
            target.Append("...");
            target.Append(close);
            return;
        }
        target.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) target.Append(", ");
            WriteRepr(state, target, items[i]);
        }
        target.Append(close);
        state.EndRepr();
    }

    private static void Nested(RenderState state, OutputBuffer target, object owner, object? item)
    {
        if (state.BeginRepr(owner))
        {
            WriteRepr(state, target, item);
            state.EndRepr();
        }
        else target.Append("...");
    }

    private static void WriteDict(RenderState state, OutputBuffer target, PyDict dict)
    {
        if (!state.BeginRepr(dict))
        {
            target.Append("{...}");
            return;
        }
        target.Append('{');
        bool first = true;
        foreach (var (key, value) in dict.Entries)
        {
            if (!first) target.Append(", ");
            first = false;
            WriteRepr(state, target, key);
            target.Append(": ");
            WriteRepr(state, target, value);
        }
        target.Append('}');
        state.EndRepr();
    }

    private static void WriteQuoted(OutputBuffer target, string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        target.Append(quote);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == quote || c == '\\')
            {
                target.Append('\\');
                target.Append(c);
            }
            else if (c is >= ' ' and < (char)127) target.Append(c);
            else if (c == '\n') target.Append("\\n");
            else if (c == '\r') target.Append("\\r");
            else if (c == '\t') target.Append("\\t");
            else
            {
                int codePoint = CodePoints.At(text, i);
                int width = CodePoints.Width(text, i);
                if (UnicodeText.IsPrintable(codePoint)) target.Append(text.AsSpan(i, width));
                else target.Append(codePoint < 0x100 ? $"\\x{codePoint:x2}" : codePoint < 0x10000 ? $"\\u{codePoint:x4}" : $"\\U{codePoint:x8}");
                i += width - 1;
            }
        }
        target.Append(quote);
    }
}
