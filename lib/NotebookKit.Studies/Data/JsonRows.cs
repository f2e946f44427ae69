using System.Text.Json;

namespace NotebookKit.Studies.Data;

/// <summary>Files of public data with one JSON object a line.</summary>
internal static class JsonRows
{
    /// <summary>Reads every line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="of">What the rows are of, for the message.</param>
    /// <param name="rowOf">Makes a row of an object.</param>
    /// <exception cref="InvalidDataException">A line is no such row; the message names file and line.</exception>
    public static IEnumerable<T> Read<T>(string path, string of, Func<JsonElement, T> rowOf) => File.ReadLines(path).Index().Select(line =>
    {
        try
        {
            using var row = JsonDocument.Parse(line.Item);
            return rowOf(row.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"{path}({line.Index + 1}): not a row of {of} ({e.Message}). Get the file again.", e);
        }
    });
}
