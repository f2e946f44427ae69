using Parquet;
using Parquet.Schema;

namespace NotebookKit.Corpus;

/// <summary>Columns of Parquet files whoever wrote them: required, or optional as every column of DuckDB's is.</summary>
internal static class ParquetColumns
{
    /// <summary>The types that a column of text, of whole numbers or of numbers may have, and how SQL calls the type that is sure to do.</summary>
    public static readonly ColumnKind Text = new("text", "VARCHAR", [typeof(ReadOnlyMemory<char>)]),
        Whole = new("whole numbers of 32 or 64 bits", "BIGINT", [typeof(int), typeof(long)]),
        Real = new("numbers of double precision", "DOUBLE", [typeof(double)]);

    /// <summary>Opens a Parquet file.</summary>
    /// <exception cref="InvalidDataException">It is none, or is damaged.</exception>
    public static ParquetReader OpenReader(string name, Stream stored)
    {
        try
        {
            return ParquetReader.CreateAsync(stored).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"'{name}' is no Parquet file, or an unfinished one: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>A column at the top level.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or it holds something else.</exception>
    public static DataField Find(string name, ParquetReader reader, string column, ColumnKind kind)
    {
        Field field = reader.Schema.Fields.FirstOrDefault(field => field.Name == column)
            ?? throw new InvalidDataException($"'{name}' has no column '{column}', only {string.Join(", ", reader.Schema.Fields.Select(field => field.Name))}.");
        return field is DataField { IsArray: false } data && kind.Types.Contains(data.ClrType) ? data
            : throw new InvalidDataException($"'{name}': the column '{column}' holds {Describe(field)}; it must hold {kind.Name} (in SQL: CAST({column} AS {kind.SqlType})).");
    }

    /// <summary>The whole numbers of a column.</summary>
    /// <exception cref="InvalidDataException">A row has none.</exception>
    public static long[] ReadWhole(string name, ParquetRowGroupReader group, DataField field) =>
        field.ClrType == typeof(int) ? [.. Read<int>(group, field).Select(value => (long)Present(name, field, value))] : [.. Read<long>(group, field).Select(value => Present(name, field, value))];

    /// <summary>The numbers of a column, null where a row has none.</summary>
    public static double?[] ReadReal(ParquetRowGroupReader group, DataField field) => Read<double>(group, field);

    /// <summary>The texts of a column, null where a row has none.</summary>
    public static string?[] ReadTexts(ParquetRowGroupReader group, DataField field)
    {
        string?[] texts = new string?[group.RowCount];
        group.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
        return texts;
    }

    private static T?[] Read<T>(ParquetRowGroupReader group, DataField field) where T : struct
    {
        // The library refuses to read an optional column as a required one, and the other way round.
        if (field.IsNullable)
        {
            T?[] optional = new T?[group.RowCount];
            group.ReadAsync<T>(field, optional.AsMemory()).AsTask().GetAwaiter().GetResult();
            return optional;
        }
        T[] required = new T[group.RowCount];
        group.ReadAsync<T>(field, required.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(required, value => (T?)value);
    }

    private static T Present<T>(string name, DataField field, T? value) where T : struct =>
        value ?? throw new InvalidDataException($"'{name}': the column '{field.Name}' has a row without a value.");

    private static string Describe(Field field) => field is not DataField data ? $"a {field.SchemaType.ToString().ToLowerInvariant()}"
        : data.IsArray ? "a list"
        : data.ClrType == typeof(ReadOnlyMemory<char>) ? "text"
        : data.ClrType == typeof(ReadOnlyMemory<byte>) ? "bytes that are not marked as text"
        : data.ClrType.Name;
}

/// <summary>What a column is to hold.</summary>
/// <param name="Name">In words.</param>
/// <param name="SqlType">A type of SQL.</param>
/// <param name="Types">The types of .NET that will do.</param>
internal sealed record ColumnKind(string Name, string SqlType, Type[] Types);
