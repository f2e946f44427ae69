using System.Text;

namespace NotebookKit.Studies.Data;

/// <summary>
/// Comma-separated values in the dialect of RFC 4180: a field in double quotes may hold commas, line ends and doubled quotes;
/// a record ends at LF or CR LF.
/// </summary>
internal static class DelimitedText
{
    /// <summary>The records of a text; empty lines are left out.</summary>
    /// <exception cref="InvalidDataException">A quoted field does not end; the message names the line on which it begins.</exception>
    public static IEnumerable<IReadOnlyList<string>> Records(string text)
    {
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var record = new List<string>();
            while (true)
            {
                record.Add(Field(text, ref at, ref line));
                if (at >= text.Length || text[at] != ',') break;
                at++;
            }
            if (at < text.Length && text[at] == '\r') at++;
            if (at < text.Length && text[at] == '\n') (at, line) = (at + 1, line + 1);
            if (record is not [""]) yield return record;
        }
    }

    /// <summary>The records under the names that the first one gives.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string text)
    {
        IReadOnlyList<string>? header = null;
        foreach (var record in Records(text))
        {
            if (header is null) header = record;
            else if (record.Count != header.Count) throw new InvalidDataException($"a record has {record.Count} fields, the header {header.Count}: {string.Join(',', record).Replace('\n', ' ')}");
            else yield return header.Zip(record).ToDictionary(p => p.First, p => p.Second);
        }
    }

    private static string Field(string text, ref int at, ref int line)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] is not (',' or '\n' or '\r')) at++;
            return text[start..at];
        }
        var begun = line;
        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') line++;
            if (text[at] != '"') field.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[at++]);
            else
            {
                at++;
                return field.ToString();
            }
        }
        throw new InvalidDataException($"the quoted field that begins on line {begun} does not end");
    }
}
