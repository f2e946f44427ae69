using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.Data.Analysis;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Templates;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Reads examples from JSON Lines, CSV, Parquet and data frames. The order of the fields is the file's. Every reader can be told which
/// fields must be there; one that is not is an error that names it, the file and the row.
/// </summary>
public static class ExampleReader
{
    /// <summary>Reads a file by its extension: <c>.jsonl</c>, <c>.csv</c> or <c>.parquet</c>.</summary>
    /// <exception cref="PromptFileException">The file cannot be read; the message gives the place.</exception>
    public static async Task<IReadOnlyList<PromptExample>> ReadAsync(string path, IReadOnlyCollection<string>? required = null, CancellationToken cancellation = default)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".jsonl" or ".ndjson" or ".json":
                using (var reader = File.OpenText(path)) return [.. ReadJsonLines(reader, path, required)];
            case ".csv" or ".tsv":
                using (var reader = File.OpenText(path)) return ReadCsv(reader, path, path.EndsWith("tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',', required);
            case ".parquet":
                using (var stream = File.OpenRead(path)) return await ReadParquetAsync(stream, path, required, cancellation);
            default:
                throw new PromptFileException(path, 0, "examples are read from .jsonl, .csv, .tsv or .parquet files");
        }
    }

    /// <summary>
    /// Reads one JSON object a line; empty lines are skipped, and so is a byte order mark. Of a key that occurs twice the last value counts.
    /// Lazy, so a file of any size may be walked.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="required">Fields that every example must have.</param>
    /// <param name="refused">Told of each line that is left out because it cannot be read; if null, the first such line is thrown.</param>
    /// <exception cref="PromptFileException">A line is not a JSON object, or lacks a required field.</exception>
    public static IEnumerable<PromptExample> ReadJsonLines(
        TextReader reader, string source = "examples", IReadOnlyCollection<string>? required = null, Action<PromptFileException>? refused = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            // A mark stands at the start of the file, or where files were joined.
            text = text.TrimStart('\uFEFF');
            if (string.IsNullOrWhiteSpace(text)) continue;
            PromptExample example;
            try
            {
                using var document = PromptExample.ParseJson(text);
                example = PromptExample.FromJson(document.RootElement);
                Require(example, required, source, line);
            }
            catch (JsonException e)
            {
                var error = new PromptFileException(source, line, $"not a JSON object: {e.Message}", e);
                if (refused is null) throw error;
                refused(error);
                continue;
            }
            catch (PromptFileException e) when (refused is not null)
            {
                refused(e);
                continue;
            }
            yield return example;
        }
    }

    /// <summary>
    /// Reads comma-separated values (RFC 4180) with a header. A column of which every non-empty value is an integer (of any size), a number
    /// or a truth value is read as such, as pandas does; an empty value is None; everything else stays text.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="separator">Between values.</param>
    /// <param name="required">Columns that there must be.</param>
    /// <exception cref="PromptFileException">A row has another number of values than the header, a quote is open, or a column is missing.</exception>
    public static IReadOnlyList<PromptExample> ReadCsv(TextReader reader, string source = "examples", char separator = ',', IReadOnlyCollection<string>? required = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var rows = DelimitedText.Read(reader, separator).Select(row => row.Fault is null ? row : throw new PromptFileException(source, row.Line, row.Fault)).ToList();
        if (rows.Count == 0) throw new PromptFileException(source, 1, "the file is empty; the first row must name the columns");
        string[] header = rows[0].Fields;
        if (header.Distinct().Count() < header.Length) throw new PromptFileException(source, 1, $"a column name occurs twice: {string.Join(", ", header)}");
        RequireNames(header, required, source, 1);
        foreach (var (values, line, _) in rows.Skip(1))
        {
            if (values.Length == header.Length) continue;
            throw new PromptFileException(source, line, values.Length < header.Length
                ? $"the row ends before {string.Join(", ", header[values.Length..])} ({values.Length} of {header.Length} values)"
                : $"the row has {values.Length} values for {header.Length} columns");
        }
        object?[][] columns = header.Select((_, c) => TypedColumn([.. rows.Skip(1).Select(r => r.Fields[c])])).ToArray();
        return [.. Enumerable.Range(0, rows.Count - 1).Select(r => new PromptExample(header.Select((name, c) => KeyValuePair.Create(name, columns[c][r]))))];
    }

    /// <summary>Reads a Parquet file; lists, groups and maps become lists and dictionaries, with their nulls; dates, times and decimals become text as Python prints them.</summary>
    /// <param name="stream">The file; it must be seekable.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="required">Columns that there must be.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PromptFileException">The stream is not a Parquet file, is damaged, or lacks a column.</exception>
    public static async Task<IReadOnlyList<PromptExample>> ReadParquetAsync(Stream stream, string source = "examples", IReadOnlyCollection<string>? required = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var (names, rows) = await ParquetRows.ReadAsync(stream, cancellation);
            RequireNames(names, required, source, 0);
            return [.. rows.Select(row => new PromptExample(names.Zip(row, KeyValuePair.Create)))];
        }
        // The library throws plain exceptions for damage.
        catch (Exception e) when (e is not (OperationCanceledException or PromptFileException))
        {
            throw new PromptFileException(source, 0, $"not a Parquet file that can be read: {e.Message}", e);
        }
    }

    /// <summary>The rows of a data frame, with its columns in order.</summary>
    /// <param name="frame">The data frame.</param>
    /// <param name="required">Columns that there must be.</param>
    /// <exception cref="PromptFileException">A column is missing.</exception>
    public static IReadOnlyList<PromptExample> ReadDataFrame(DataFrame frame, IReadOnlyCollection<string>? required = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        RequireNames([.. frame.Columns.Select(c => c.Name)], required, "data frame", 0);
        var examples = new List<PromptExample>((int)frame.Rows.Count);
        for (long row = 0; row < frame.Rows.Count; row++)
            examples.Add(new PromptExample(frame.Columns.Select(column => KeyValuePair.Create(column.Name, (object?)column[row]))));
        return examples;
    }

    private static void Require(PromptExample example, IReadOnlyCollection<string>? required, string source, long line)
    {
        if (required is null || required.All(example.Contains)) return;
        RequireNames([.. example.Names], required, source, line);
    }

    private static void RequireNames(string[] names, IReadOnlyCollection<string>? required, string source, long line)
    {
        string[] missing = required is null ? [] : [.. required.Where(name => !names.Contains(name))];
        if (missing.Length > 0)
            throw new PromptFileException(source, line, $"missing {(missing.Length == 1 ? "field" : "fields")} {string.Join(", ", missing)}; there are: {string.Join(", ", names)}");
    }

    private static object?[] TypedColumn(string[] texts)
    {
        bool All(Func<string, bool> test) => texts.All(text => text.Length == 0 || test(text)) && texts.Any(text => text.Length > 0);
        // A leading zero is part of a code, not of a number.
        bool Plain(string text) => !(text.TrimStart('-') is ['0', >= '0' and <= '9', ..]);
        bool Whole(string text) => text.Length <= PromptExample.LongestInteger && text.AsSpan(text[0] is '-' or '+' ? 1 : 0) is { Length: > 0 } digits && !digits.ContainsAnyExceptInRange('0', '9');
        Func<string, object?> read = text => text;
        if (All(text => Plain(text) && Whole(text))) read = text => BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        else if (All(text => Plain(text) && char.IsAsciiDigit(text[^1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            read = text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        else if (All(text => text is "True" or "False" or "true" or "false")) read = text => text is "True" or "true";
        return [.. texts.Select(text => text.Length == 0 ? null : read(text))];
    }
}
