using ParquetSharp;

namespace NotebookKit.Corpus;

/// <summary>Writes a table as Parquet, compressed with Zstandard. Apache's own writer keeps the least and greatest text of a column in the order of bytes, as readers that skip groups expect.</summary>
internal static class ParquetTable
{
    /// <summary>Writes group after group.</summary>
    /// <param name="stream">Where the file goes; stays open.</param>
    /// <param name="columns">Names and types.</param>
    /// <param name="groups">The rows of each group: an array a column.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <exception cref="IOException">The stream could not take the bytes.</exception>
    public static void Write(Stream stream, Column[] columns, IEnumerable<Array[]> groups, IReadOnlyDictionary<string, string>? metadata = null)
    {
        try
        {
            using ParquetFileWriter writer = new(stream, columns, null, Compression.Zstd, metadata, leaveOpen: true);
            foreach (Array[] group in groups)
            {
                using RowGroupWriter rows = writer.AppendRowGroup();
                foreach (Array values in group) Write(rows.NextColumn(), values);
            }
            writer.Close();
        }
        catch (ParquetException e)
        {
            throw new IOException($"The Parquet file cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static void Write(ColumnWriter column, Array values)
    {
        switch (values)
        {
            case int[] numbers: Write(column, numbers); break;
            case long[] numbers: Write(column, numbers); break;
            case double[] numbers: Write(column, numbers); break;
            case string[] texts: Write(column, texts); break;
            default: throw new ArgumentException($"A column of {values.GetType().GetElementType()} has no writer here.");
        }
    }

    private static void Write<T>(ColumnWriter column, T[] values)
    {
        using LogicalColumnWriter<T> writer = column.LogicalWriter<T>();
        writer.WriteBatch(values);
    }
}
