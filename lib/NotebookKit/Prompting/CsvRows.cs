using System.Text;

namespace NotebookKit.Prompting;

/// <summary>Rows of comma-separated text by RFC 4180: quoted values may hold separators, line ends and doubled quotes.</summary>
internal static class CsvRows
{
    public static IEnumerable<(string[] Values, long Line)> Read(TextReader reader, string source, char separator)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        long line = 1;
        long start = 1;
        bool quoted = false;
        bool wasQuoted = false;
        for (int c = reader.Read(); ; c = reader.Read())
        {
            if (quoted)
            {
                if (c < 0) throw new PromptFileException(source, start, "a quoted value is not closed");
                if (c == '"' && reader.Peek() == '"') value.Append((char)reader.Read());
                else if (c == '"') quoted = false;
                else value.Append((char)c);
                if (c == '\n') line++;
                continue;
            }
            if (c == '"' && value.Length == 0 && !wasQuoted)
            {
                quoted = wasQuoted = true;
            }
            else if (c == separator)
            {
                values.Add(value.ToString());
                value.Clear();
                wasQuoted = false;
            }
            else if (c is '\n' or '\r' or < 0)
            {
                if (c == '\r' && reader.Peek() == '\n') reader.Read();
                bool blank = values.Count == 0 && value.Length == 0 && !wasQuoted;
                if (!blank)
                {
                    values.Add(value.ToString());
                    yield return ([.. values], start);
                }
                if (c < 0) yield break;
                values.Clear();
                value.Clear();
                wasQuoted = false;
                start = ++line;
            }
            else if (wasQuoted) throw new PromptFileException(source, line, "text after a closing quote");
            else value.Append((char)c);
        }
    }
}
