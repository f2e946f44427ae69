using System.Text;

namespace NotebookKit.Corpus;

/// <summary>A text column of a Parquet file as lines: one document a row, its line feeds made spaces; a row without a text is none.</summary>
internal static class ParquetText
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Opens the column.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="stored">The file as stored, which must be able to seek.</param>
    /// <param name="column">The column's name.</param>
    /// <exception cref="InvalidDataException">The file is no Parquet, or has no such column, or the column holds no text.</exception>
    public static Stream Open(string name, Stream stored, string column)
    {
        var file = ParquetColumns.Open(name, stored);
        try
        {
            return new ChunkStream(Lines(file, file.Find(column, ParquetColumns.Text)), stored);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ParquetColumns file, ParquetColumn column)
    {
        using ParquetColumns opened = file;
        byte[] lines = new byte[ChunkBytes];
        int length = 0;
        for (int group = 0; group < file.RowGroupCount; group++)
        {
            foreach (string? text in file.ReadTexts(group, column))
            {
                if (text == null) continue;
                int room = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
                if (lines.Length - length < room)
                {
                    yield return lines.AsMemory(0, length);
                    length = 0;
                    if (lines.Length < room) lines = new byte[room];
                }
                int written = Encoding.UTF8.GetBytes(text, lines.AsSpan(length));
                lines.AsSpan(length, written).Replace((byte)'\n', (byte)' ');
                length += written;
                lines[length++] = (byte)'\n';
            }
        }
        yield return lines.AsMemory(0, length);
    }
}
