using System.Text;
using Parquet;
using Parquet.Schema;

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
        ParquetReader reader = ParquetColumns.OpenReader(name, stored);
        DataField field = ParquetColumns.Find(name, reader, column, ParquetColumns.Text);
        return new ChunkStream(Lines(name, reader, field), stored);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string name, ParquetReader reader, DataField field)
    {
        byte[] lines = new byte[ChunkBytes];
        int length = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            foreach (string? text in ReadGroup(name, reader, field, group))
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

    private static string?[] ReadGroup(string name, ParquetReader reader, DataField field, int index)
    {
        try
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(index);
            return ParquetColumns.ReadTexts(group, field);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException($"row group {index} of '{name}' cannot be decoded: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
