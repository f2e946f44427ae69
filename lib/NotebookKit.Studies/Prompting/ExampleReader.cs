using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Analysis;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using Parquet;
using Parquet.Serialization;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Reads examples from JSON Lines, CSV, Parquet and data frames. The order of the fields is the file's. Every reader can be told which
/// fields must be there; one that is not is an error that names it, the file and the row.
/// </summary>
public static class ExampleReader
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64 };

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

    /// <summary>Reads one JSON object a line; empty lines are skipped. Lazy, so a file of any size may be walked.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="required">Fields that every example must have.</param>
    /// <exception cref="PromptFileException">A line is not a JSON object, or lacks a required field.</exception>
    public static IEnumerable<PromptExample> ReadJsonLines(TextReader reader, string source = "examples", IReadOnlyCollection<string>? required = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            PromptExample example;
            try
            {
                using var document = JsonDocument.Parse(text, JsonOptions);
                example = PromptExample.FromJson(document.RootElement);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new PromptFileException(source, line, $"not a JSON object: {e.Message}", e);
            }
            Require(example, required, source, line);
            yield return example;
        }
    }

    /// <summary>
    /// Reads comma-separated values (RFC 4180) with a header. A column of which every non-empty value is an integer, a number or a truth
    /// value is read as such, as pandas does; an empty value is None; everything else stays text.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="separator">Between values.</param>
    /// <param name="required">Columns that there must be.</param>
    /// <exception cref="PromptFileException">A row has another number of values than the header, a quote is open, or a column is missing.</exception>
    public static IReadOnlyList<PromptExample> ReadCsv(TextReader reader, string source = "examples", char separator = ',', IReadOnlyCollection<string>? required = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var rows = CsvRows.Read(reader, source, separator).ToList();
        if (rows.Count == 0) throw new PromptFileException(source, 1, "the file is empty; the first row must name the columns");
        string[] header = rows[0].Values;
        if (header.Distinct().Count() < header.Length) throw new PromptFileException(source, 1, $"a column name occurs twice: {string.Join(", ", header)}");
        RequireNames(header, required, source, 1);
        foreach (var (values, line) in rows.Skip(1))
        {
            if (values.Length == header.Length) continue;
            throw new PromptFileException(source, line, values.Length < header.Length
                ? $"the row ends before {string.Join(", ", header[values.Length..])} ({values.Length} of {header.Length} values)"
                : $"the row has {values.Length} values for {header.Length} columns");
        }
        var columns = header.Select((_, c) => TypedColumn([.. rows.Skip(1).Select(r => r.Values[c])])).ToArray();
        return [.. Enumerable.Range(0, rows.Count - 1).Select(r => new PromptExample(header.Select((name, c) => KeyValuePair.Create(name, columns[c][r]))))];
    }

    /// <summary>Reads a Parquet file; lists and groups become lists and dictionaries.</summary>
    /// <param name="stream">The file; it must be seekable.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="required">Columns that there must be.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PromptFileException">The stream is not a Parquet file, or lacks a column.</exception>
    public static async Task<IReadOnlyList<PromptExample>> ReadParquetAsync(Stream stream, string source = "examples", IReadOnlyCollection<string>? required = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var untyped = await ParquetSerializer.DeserializeUntypedAsync(stream, cancellationToken: cancellation);
            // A row's dictionary promises no order; the schema does.
            string[] names = [.. untyped.Schema.Fields.Select(f => f.Name)];
            RequireNames(names, required, source, 0);
            return [.. untyped.Data.Select(row => new PromptExample(names.Select(name => KeyValuePair.Create(name, row.TryGetValue(name, out object? value) ? value : null))))];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ParquetException or NotSupportedException or ArgumentException)
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
        const NumberStyles integer = NumberStyles.AllowLeadingSign;
        // A leading zero is part of a code, not of a number.
        bool Plain(string text) => !(text.TrimStart('-') is ['0', >= '0' and <= '9', ..]);
        Func<string, object?> read = text => text;
        if (All(text => Plain(text) && long.TryParse(text, integer, CultureInfo.InvariantCulture, out _))) read = text => long.Parse(text, integer, CultureInfo.InvariantCulture);
        else if (All(text => Plain(text) && char.IsAsciiDigit(text[^1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            read = text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        else if (All(text => text is "True" or "False" or "true" or "false")) read = text => text is "True" or "true";
        return [.. texts.Select(text => text.Length == 0 ? null : read(text))];
    }
}
