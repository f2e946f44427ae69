using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookKit.Studies.Datasets;

/// <summary>
/// Writes JSON as Python's <c>json.dumps</c> does by default: a space after comma and colon, and everything outside of ASCII
/// escaped. The data sets' checksums are those of such lines.
/// </summary>
internal static class PythonJson
{
    /// <summary>One object a line, the fields in the given order; as they come when the order is empty.</summary>
    /// <exception cref="InvalidDataException">A row has other fields.</exception>
    public static byte[] Lines(IEnumerable<JsonObject> rows, IReadOnlyList<string> fields)
    {
        var text = new StringBuilder();
        int number = 0;
        foreach (var row in rows)
        {
            number++;
            if (fields.Count > 0 && (row.Count != fields.Count || !fields.All(row.ContainsKey)))
                throw new InvalidDataException($"row {number} has the fields {string.Join(", ", row.Select(p => p.Key))}, expected {string.Join(", ", fields)}");
            Object(text, fields.Count > 0 ? fields.Select(f => KeyValuePair.Create(f, row[f])) : row);
            text.Append('\n');
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map: Object(text, map); break;
            case JsonArray list:
                text.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Write(text, list[i]);
                }
                text.Append(']');
                break;
            case JsonValue value when value.TryGetValue<string>(out string? words): Quote(text, words); break;
            // Numbers, true, false and null are written alike in both; a number keeps the digits it was read with.
            default: text.Append(node?.ToJsonString() ?? "null"); break;
        }
    }

    private static void Object(StringBuilder text, IEnumerable<KeyValuePair<string, JsonNode?>> fields)
    {
        text.Append('{');
        bool first = true;
        foreach (var (name, value) in fields)
        {
            if (!first) text.Append(", ");
            first = false;
            Quote(text, name);
            text.Append(": ");
            Write(text, value);
        }
        text.Append('}');
    }

    private static void Quote(StringBuilder text, string words)
    {
        text.Append('"');
        foreach (char c in words)
        {
            string? short_ = c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\f' => "\\f", '\b' => "\\b", _ => null };
            if (short_ is not null) text.Append(short_);
            else if (c is >= ' ' and <= '~') text.Append(c);
            else text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
        text.Append('"');
    }
}
