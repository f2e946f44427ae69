using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using NotebookKit.Templates.Language;
using ParquetSharp.Arrow;
using ParquetSharp.IO;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// The rows of a Parquet file as Python's datasets give them: a null stays a null and an empty list an empty list, at every depth; dates,
/// times and decimals are the text that Python prints. Apache's own reader decodes: it holds sizes and counts of a damaged file against the file.
/// </summary>
internal static class ParquetRows
{
    /// <summary>The names of the columns, in the file's order, and the rows: a value for each column.</summary>
    /// <param name="stream">The file; seekable.</param>
    /// <param name="cancellation">Ends the reading between two batches.</param>
    /// <exception cref="Exception">The file is damaged, or has a type that examples do not have. The library throws plain exceptions.</exception>
    public static async Task<(string[] Names, List<object?[]> Rows)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        // Read ahead, threads of the library would still ask for bytes of a damaged file that is closed already.
        using var how = ArrowReaderProperties.GetDefault();
        how.PreBuffer = false;
        using var file = new ManagedRandomAccessFile(stream, leaveOpen: true);
        using var reader = new FileReader(file, null, how);
        string[] names = [.. reader.Schema.FieldsList.Select(f => f.Name)];
        var rows = new List<object?[]>();
        using var batches = reader.GetRecordBatchReader();
        while (await batches.ReadNextRecordBatchAsync(cancellation) is { } batch)
        {
            using (batch)
            {
                var columns = names.Select((name, c) => Column(name, batch.Column(c))).ToArray();
                for (int row = 0; row < batch.Length; row++) rows.Add([.. columns.Select(value => value(row))]);
            }
        }
        return (names, rows);
    }

    /// <summary>Reads values of an array by their index.</summary>
    private static Func<int, object?> Column(string name, IArrowArray array)
    {
        var read = Known(name, array);
        return i => array.IsNull(i) ? null : read(i);
    }

    private static Func<int, object?> Known(string name, IArrowArray array)
    {
        switch (array)
        {
            case NullArray: return _ => null;
            case BooleanArray values: return i => values.GetValue(i);
            case StringArray values: return i => values.GetString(i);
            case LargeStringArray values: return i => values.GetString(i);
            case StringViewArray values: return i => values.GetString(i);
            case Date32Array values: return i => Date(name, values.GetValue(i)!.Value);
            case Date64Array values: return i => Date(name, values.GetValue(i)!.Value / MillisecondsPerDay);
            case Time32Array values: return i => TimeOfDay(name, values.GetValue(i)!.Value, ((Time32Type)values.Data.DataType).Unit);
            case Time64Array values: return i => TimeOfDay(name, values.GetValue(i)!.Value, ((Time64Type)values.Data.DataType).Unit);
            case TimestampArray values: return i => Timestamp(name, values.GetValue(i)!.Value, (TimestampType)values.Data.DataType);
            case DurationArray values: return i => Duration(name, values.GetValue(i)!.Value, ((DurationType)values.Data.DataType).Unit);
            case Decimal128Array values: return i => values.GetString(i);
            case Decimal256Array values: return i => values.GetString(i);
            case FixedSizeBinaryArray values: return i => Bytes(values.GetBytes(i));
            case BinaryArray values: return i => Bytes(values.GetBytes(i));
            case LargeBinaryArray values: return i => Bytes(values.GetBytes(i));
            case DictionaryArray values:
                var (keys, known) = (Column(name, values.Indices), Column(name, values.Dictionary));
                return i => known(Convert.ToInt32(keys(i), CultureInfo.InvariantCulture));
            case MapArray values: // before ListArray, which it is too
                var (mapKeys, mapValues) = (Column(name, values.Keys), Column(name, values.Values));
                return i => Range(values.ValueOffsets[i], values.ValueOffsets[i + 1], k => KeyValuePair.Create(Convert.ToString(mapKeys(k), CultureInfo.InvariantCulture)!, mapValues(k)));
            case ListArray values:
                var item = Column(name, values.Values);
                return i => Range(values.ValueOffsets[i], values.ValueOffsets[i + 1], item);
            case LargeListArray values:
                var element = Column(name, values.Values);
                return i => Range((int)values.ValueOffsets[i], (int)values.ValueOffsets[i + 1], element);
            case FixedSizeListArray values:
                var (member, size) = (Column(name, values.Values), ((FixedSizeListType)values.Data.DataType).ListSize);
                return i => Range((values.Offset + i) * size, (values.Offset + i + 1) * size, member);
            case StructArray values:
                var fields = ((StructType)values.Data.DataType).Fields.Select((f, c) => (f.Name, Value: Column($"{name}.{f.Name}", values.Fields[c]))).ToArray();
                return i => fields.Select(f => KeyValuePair.Create(f.Name, f.Value(i))).ToArray();
            case Int64Array values: return i => values.GetValue(i);
            case Int32Array values: return i => values.GetValue(i);
            case Int16Array values: return i => values.GetValue(i);
            case Int8Array values: return i => values.GetValue(i);
            case UInt64Array values: return i => values.GetValue(i);
            case UInt32Array values: return i => values.GetValue(i);
            case UInt16Array values: return i => values.GetValue(i);
            case UInt8Array values: return i => values.GetValue(i);
            case DoubleArray values: return i => values.GetValue(i);
            case FloatArray values: return i => values.GetValue(i);
            case HalfFloatArray values: return i => values.GetValue(i);
            default: throw new NotSupportedException($"the column '{name}' has the type {array.Data.DataType.Name}, which examples do not have");
        }
    }

    private static T[] Range<T>(int start, int end, Func<int, T> value)
    {
        var items = new T[end - start];
        for (int k = 0; k < items.Length; k++) items[k] = value(start + k);
        return items;
    }

    private const long MillisecondsPerDay = 86_400_000;

    private static string Date(string name, long day) =>
        day >= -DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber && day <= DateOnly.MaxValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber
            ? PythonMoment.Text(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)day))
            : throw OutOfCalendar(name);

    private static string TimeOfDay(string name, long value, TimeUnit unit)
    {
        var (seconds, fraction) = Split(value, unit);
        return seconds is >= 0 and < 86_400 ? $"{PythonMoment.Text(TimeOnly.MinValue.Add(TimeSpan.FromSeconds(seconds)))}{fraction}" : throw OutOfCalendar(name);
    }

    private static string Timestamp(string name, long value, TimestampType type)
    {
        var (seconds, fraction) = Split(value, type.Unit);
        long first = DateTimeOffset.MinValue.ToUnixTimeSeconds(), last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        if (seconds < first || seconds > last) throw OutOfCalendar(name);
        var moment = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (string.IsNullOrEmpty(type.Timezone)) return PythonMoment.Text(moment.DateTime) + fraction;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(type.Timezone, out var zone)) moment = TimeZoneInfo.ConvertTime(moment, zone);
        string text = PythonMoment.Text(moment);
        return text[..^6] + fraction + text[^6..]; // the zone, as +00:00, comes last
    }

    private static string Duration(string name, long value, TimeUnit unit)
    {
        var (seconds, fraction) = Split(value, unit);
        return Math.Abs(seconds) <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond - 1 ? PythonMoment.Text(TimeSpan.FromSeconds(seconds)) + fraction : throw OutOfCalendar(name);
    }

    /// <summary>Whole seconds, downwards, and what is left as Python prints it: nothing, six digits, or pandas' nine.</summary>
    private static (long Seconds, string Fraction) Split(long value, TimeUnit unit)
    {
        long units = unit switch { TimeUnit.Second => 1, TimeUnit.Millisecond => 1_000, TimeUnit.Microsecond => 1_000_000, _ => 1_000_000_000 };
        long seconds = value >= 0 ? value / units : -((-(value + 1)) / units) - 1;
        long nanoseconds = (value - seconds * units) * (1_000_000_000 / units);
        return (seconds, nanoseconds == 0 ? "" : nanoseconds % 1000 == 0 ? $".{nanoseconds / 1000:000000}" : $".{nanoseconds:000000000}");
    }

    private static InvalidDataException OutOfCalendar(string name) => new($"the column '{name}' holds a time outside of the years 1 to 9999");

    /// <summary>Bytes as Python prints them: <c>b'a\x00'</c>.</summary>
    private static string Bytes(ReadOnlySpan<byte> bytes)
    {
        char quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        var text = new StringBuilder(bytes.Length + 3).Append('b').Append(quote);
        foreach (byte b in bytes)
        {
            if (b == quote || b == '\\') text.Append('\\').Append((char)b);
            else if (b is >= 32 and < 127) text.Append((char)b);
            else text.Append(b switch { (byte)'\n' => "\\n", (byte)'\r' => "\\r", (byte)'\t' => "\\t", _ => $"\\x{b:x2}" });
        }
        return text.Append(quote).ToString();
    }
}
