using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>
/// JSON as Jupyter saves a notebook: keys sorted by code point, one space of indent a level, text outside ASCII as it is, a newline at the end.
/// System.Text.Json escapes more than Jupyter does, so a file would change each time the other program saved it; hence this writer.
/// </summary>
internal static class JupyterJson
{
    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Value(text, node, 0);
        return text.Append('\n').ToString();
    }

    private static void Value(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject members:
                text.Append('{');
                bool comma = false;
                foreach (var (key, member) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    Line(text, depth + 1, comma);
                    String(text, key);
                    text.Append(": ");
                    Value(text, member, depth + 1);
                    comma = true;
                }
                Line(text, depth, comma: false);
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (int i = 0; i < items.Count; i++)
                {
                    Line(text, depth + 1, comma: i > 0);
                    Value(text, items[i], depth + 1);
                }
                Line(text, depth, comma: false);
                text.Append(']');
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                    String(text, node.GetValue<string>());
                else if (node.GetValueKind() == JsonValueKind.Number)
                    text.Append(Number(node.ToJsonString()));
                else
                    text.Append(node.ToJsonString());
                break;
        }
    }

    private static void Line(StringBuilder text, int depth, bool comma)
    {
        if (comma)
            text.Append(',');
        text.Append('\n').Append(' ', depth);
    }

    /// <summary>
    /// A number as Python prints it, by which Jupyter saves: whole ones as they are, others in the shortest digits that read back the same,
    /// with a point or an exponent: <c>1.0</c>, <c>7.908e-06</c>, <c>1e+16</c>.
    /// </summary>
    private static string Number(string written)
    {
        if (!written.AsSpan().ContainsAny(".eE"))
            return written == "-0" ? "0" : written;
        double value = double.Parse(written, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
            return written; // beyond a double; Python would write what is no JSON
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal))
            return text.Replace('E', 'e');
        if (Math.Abs(value) < 1e16)
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        // .NET writes seventeen digits before it takes an exponent, Python sixteen.
        string digits = text.TrimStart('-').TrimEnd('0');
        return $"{(value < 0 ? "-" : "")}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e+16";
    }

    private static void String(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
