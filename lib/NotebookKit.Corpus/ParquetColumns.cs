using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;
using ParquetSharp.IO;

namespace NotebookKit.Corpus;

/// <summary>
/// A Parquet file and its columns, whoever wrote it: required, or optional as every column of DuckDB's is. Apache's own reader decodes: it
/// holds the sizes and counts of a damaged file against the file.
/// </summary>
internal sealed class ParquetColumns : IDisposable
{
    /// <summary>The types that a column of text, of whole numbers or of numbers may have, and how SQL calls the type that is sure to do.</summary>
    public static readonly ColumnKind Text = new("text", "VARCHAR", [ArrowTypeId.String, ArrowTypeId.LargeString]),
        Whole = new("whole numbers of 32 or 64 bits", "BIGINT", [ArrowTypeId.Int32, ArrowTypeId.Int64]),
        Real = new("numbers of double precision", "DOUBLE", [ArrowTypeId.Double]);

    private readonly string _name;
    private readonly ManagedRandomAccessFile _file;
    private readonly FileReader _reader;

    private ParquetColumns(string name, ManagedRandomAccessFile file, FileReader reader) => (_name, _file, _reader) = (name, file, reader);

    /// <summary>The number of row groups.</summary>
    public int RowGroupCount => _reader.NumRowGroups;

    /// <summary>The file's own notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Try(() => _reader.ParquetReader.FileMetaData.KeyValueMetadata);

    /// <summary>Opens a file.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="stored">Its bytes, which must be able to seek; they stay open.</param>
    /// <exception cref="InvalidDataException">It is no Parquet, or is damaged.</exception>
    public static ParquetColumns Open(string name, Stream stored)
    {
        // Read ahead, threads of the library would still ask for bytes of a damaged file that is closed already.
        using var how = ArrowReaderProperties.GetDefault();
        how.PreBuffer = false;
        var file = new ManagedRandomAccessFile(stored, leaveOpen: true);
        try
        {
            return new(name, file, new FileReader(file, null, how));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            file.Dispose();
            throw new InvalidDataException($"'{name}' is no Parquet file, or an unfinished one: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>A column at the top level.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or it holds something else.</exception>
    public ParquetColumn Find(string column, ColumnKind kind)
    {
        var fields = Try(() => _reader.Schema.FieldsList);
        int found = Enumerable.Range(0, fields.Count).FirstOrDefault(i => fields[i].Name == column, -1);
        if (found < 0) throw new InvalidDataException($"'{_name}' has no column '{column}', only {string.Join(", ", fields.Select(field => field.Name))}.");
        if (!kind.Types.Contains(fields[found].DataType.TypeId))
            throw new InvalidDataException($"'{_name}': the column '{column}' holds {Describe(fields[found].DataType)}; it must hold {kind.Name} (in SQL: CAST({column} AS {kind.SqlType})).");
        // A column before it that is a list or a group has several leaves; the library counts leaves.
        return new(column, Try(() => _reader.SchemaManifest.SchemaField(found).ColumnIndex));
    }

    /// <summary>The whole numbers of a column in a row group.</summary>
    /// <exception cref="InvalidDataException">A row has none, or the file is damaged.</exception>
    public long[] ReadWhole(int group, ParquetColumn column) => Read(group, column, (array, i) => (array is Int32Array narrow ? narrow.GetValue(i) : ((Int64Array)array).GetValue(i))
        ?? throw new InvalidDataException($"'{_name}': the column '{column.Name}' has a row without a value."));

    /// <summary>The numbers of a column in a row group, null where a row has none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public double?[] ReadReal(int group, ParquetColumn column) => Read(group, column, (array, i) => ((DoubleArray)array).GetValue(i));

    /// <summary>The texts of a column in a row group, null where a row has none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public string?[] ReadTexts(int group, ParquetColumn column) => Read(group, column, (array, i) => array is LargeStringArray large ? large.GetString(i) : ((StringArray)array).GetString(i));

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private T[] Read<T>(int group, ParquetColumn column, Func<IArrowArray, int, T> value) => Try(() =>
    {
        List<T> all = [];
        using var batches = _reader.GetRecordBatchReader([group], [column.Leaf]);
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++) all.Add(value(batch.Column(0), i));
            }
        }
        using var rows = _reader.ParquetReader.RowGroup(group);
        if (all.Count != rows.MetaData.NumRows) throw new InvalidDataException($"'{_name}' is damaged: row group {group} has {rows.MetaData.NumRows} rows, but the column '{column.Name}' {all.Count}.");
        return all.ToArray();
    });

    /// <summary>The library throws plain exceptions for damage.</summary>
    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException or OperationCanceledException))
        {
            throw new InvalidDataException($"'{_name}' cannot be decoded: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static string Describe(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.List or ArrowTypeId.LargeList or ArrowTypeId.FixedSizeList => "a list",
        ArrowTypeId.Struct => "a struct",
        ArrowTypeId.Map => "a map",
        ArrowTypeId.String or ArrowTypeId.LargeString => "text",
        ArrowTypeId.Binary or ArrowTypeId.LargeBinary or ArrowTypeId.FixedSizedBinary => "bytes that are not marked as text",
        _ => type.TypeId.ToString(),
    };
}

/// <summary>A column of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Leaf">Its place among the file's leaves.</param>
internal readonly record struct ParquetColumn(string Name, int Leaf);

/// <summary>What a column is to hold.</summary>
/// <param name="Name">In words.</param>
/// <param name="SqlType">A type of SQL.</param>
/// <param name="Types">The types of Arrow that will do.</param>
internal sealed record ColumnKind(string Name, string SqlType, ArrowTypeId[] Types);
