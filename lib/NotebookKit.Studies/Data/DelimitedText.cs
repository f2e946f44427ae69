using CsvHelper;

namespace NotebookKit.Studies.Data;

/// <summary>
/// Comma-separated values in the dialect of RFC 4180, read by CsvHelper: a field in double quotes may hold separators, line ends and
/// doubled quotes; a record ends at LF, CR LF or CR. A quote inside an unquoted field stays, as in Python.
/// </summary>
internal static class DelimitedText
{
    /// <summary>The records of a text with the line on which each begins; empty lines are left out.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="separator">Between fields.</param>
    /// <returns>The fields of each record; where the quotes are wrong, what is wrong, and nobody should use the fields.</returns>
    public static IEnumerable<(string[] Fields, long Line, string? Fault)> Read(TextReader reader, char separator = ',')
    {
        string? fault = null;
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record => fault = record.Reason switch
            {
                CsvMalformedReason.UnterminatedQuote => "a quoted field does not end",
                CsvMalformedReason.TextAfterClosingQuote => "text stands behind a closing quote; a quote inside of a quoted field is written twice",
                _ => fault,
            },
        }, leaveOpen: true);
        while (csv.Read())
        {
            yield return (csv.Current.ToArray(), csv.LineNumber, fault);
            fault = null;
        }
    }

    /// <summary>The records of a text; empty lines are left out.</summary>
    /// <exception cref="InvalidDataException">Quotes are wrong; the message names the line on which the record begins.</exception>
    public static IEnumerable<IReadOnlyList<string>> Records(string text) => Read(new StringReader(text))
        .Select(record => record.Fault is null ? record.Fields : throw new InvalidDataException($"the record that begins on line {record.Line}: {record.Fault}"));

    /// <summary>The records under the names that the first one gives.</summary>
    /// <exception cref="InvalidDataException">Quotes are wrong, a name occurs twice, or a record has more or fewer fields than the first.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string text)
    {
        IReadOnlyList<string>? header = null;
        foreach (var record in Records(text))
        {
            if (header is null) header = record.Distinct().Count() == record.Count ? record : throw new InvalidDataException($"a column name occurs twice: {string.Join(", ", record)}");
            else if (record.Count != header.Count) throw new InvalidDataException($"a record has {record.Count} fields, the header {header.Count}: {string.Join(',', record).Replace('\n', ' ')}");
            else yield return header.Zip(record).ToDictionary(p => p.First, p => p.Second);
        }
    }
}
