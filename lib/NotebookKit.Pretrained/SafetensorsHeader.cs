using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>
/// Reads and checks the header of a safetensors file: eight bytes of length (little endian), that many bytes of JSON
/// (name → dtype, shape, data_offsets), then the tensors, back to back without a hole.
/// </summary>
internal static class SafetensorsHeader
{
    internal const int LengthBytes = 8;
    internal const long LongestHeader = 100_000_000;
    private const int MostDimensions = 64;

    internal static readonly IReadOnlyDictionary<string, (int Size, ScalarType? Torch)> Types = new Dictionary<string, (int, ScalarType?)>
    {
        ["BOOL"] = (1, ScalarType.Bool),
        ["U8"] = (1, ScalarType.Byte),
        ["I8"] = (1, ScalarType.Int8),
        ["I16"] = (2, ScalarType.Int16),
        ["I32"] = (4, ScalarType.Int32),
        ["I64"] = (8, ScalarType.Int64),
        ["F16"] = (2, ScalarType.Float16),
        ["BF16"] = (2, ScalarType.BFloat16),
        ["F32"] = (4, ScalarType.Float32),
        ["F64"] = (8, ScalarType.Float64),
        ["U16"] = (2, null),
        ["U32"] = (4, null),
        ["U64"] = (8, null),
        ["F8_E4M3"] = (1, null),
        ["F8_E5M2"] = (1, null),
    };

    /// <summary>Whether a stored number format holds real numbers that can be read.</summary>
    internal static bool IsReal(string type) =>
        Types.GetValueOrDefault(type).Torch is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    internal static (List<TensorEntry> Entries, Dictionary<string, string> Metadata) Read(Stream stream, string path)
    {
        long fileBytes = stream.Length;
        Span<byte> lengthField = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(lengthField, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
            throw Broken(path, $"it has {fileBytes} bytes, fewer than the {LengthBytes} of its length field");
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(lengthField);
        if (headerBytes > LongestHeader)
            throw Broken(path, $"its header claims {headerBytes} bytes, more than the {LongestHeader} that the format allows");
        if ((long)headerBytes > fileBytes - LengthBytes)
            throw Broken(path, $"its header claims {headerBytes} bytes and the file ends after {fileBytes - LengthBytes}");

        byte[] header = new byte[headerBytes];
        stream.ReadExactly(header);
        long dataStart = LengthBytes + (long)headerBytes;
        try
        {
            using var json = JsonDocument.Parse(header);
            if (header[0] != '{') throw Broken(path, "its header does not begin with '{'");
            return Read(json.RootElement, path, dataStart, fileBytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not a safetensors file: its header is not the JSON of one ({e.Message}). {Cure}", e);
        }
    }

    private static (List<TensorEntry>, Dictionary<string, string>) Read(JsonElement root, string path, long dataStart, long fileBytes)
    {
        var entries = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>();
        var seen = new HashSet<string>();
        foreach (var item in root.EnumerateObject())
        {
            if (!seen.Add(item.Name)) throw Broken(path, $"the name '{item.Name}' stands twice in its header");
            if (item.Name == "__metadata__") ReadMetadata(item.Value, metadata, path);
            else entries.Add(ReadEntry(item.Name, item.Value, path, dataStart, fileBytes));
        }

        entries.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Bytes.CompareTo(b.Bytes));
        long end = dataStart;
        string before = "the header";
        foreach (var entry in entries)
        {
            if (entry.Start < end) throw Broken(path, $"tensor '{entry.Name}' overlaps {before} by {end - entry.Start} bytes");
            if (entry.Start > end) throw Broken(path, $"{entry.Start - end} bytes between {before} and tensor '{entry.Name}' belong to nothing");
            end = entry.Start + entry.Bytes;
            before = $"tensor '{entry.Name}'";
        }
        if (end != fileBytes) throw Broken(path, $"{fileBytes - end} bytes after {before} belong to nothing");
        return (entries, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Broken(path, "__metadata__ is not an object");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String) throw Broken(path, $"__metadata__ holds '{item.Name}', which is not text");
            if (!metadata.TryAdd(item.Name, item.Value.GetString()!)) throw Broken(path, $"__metadata__ holds '{item.Name}' twice");
        }
    }

    private static TensorEntry ReadEntry(string name, JsonElement value, string path, long dataStart, long fileBytes)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Broken(path, $"the entry of tensor '{name}' is not an object");
        string? type = null;
        long[]? shape = null, offsets = null;
        foreach (var field in value.EnumerateObject())
        {
            bool again = field.Name switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (again) throw Broken(path, $"tensor '{name}' has two fields '{field.Name}'");
            switch (field.Name)
            {
                case "dtype" when field.Value.ValueKind == JsonValueKind.String: type = field.Value.GetString(); break;
                case "shape": shape = Counts(field.Value, name, "shape", path); break;
                case "data_offsets": offsets = Counts(field.Value, name, "data_offsets", path); break;
                default: throw Broken(path, $"tensor '{name}' has a field '{field.Name}' that the format does not know");
            }
        }
        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Broken(path, $"tensor '{name}' lacks its dtype, its shape or its two data_offsets");
        if (shape.Length > MostDimensions)
            throw Broken(path, $"tensor '{name}' has {shape.Length} dimensions");

        // The format grows new types (C64, F8_E8M0, F4, ...): a tensor of a type that is not known has a place, which is checked, and no known size.
        bool isKnown = Types.TryGetValue(type, out var format);
        Int128 extent = isKnown ? format.Size : 1; // empty dimensions count as one, because strides are computed from the others all the same
        foreach (long size in shape)
            if ((extent *= Math.Max(size, 1)) > long.MaxValue) throw Broken(path, $"tensor '{name}' has the absurd shape [{string.Join(", ", shape)}]");
        var claimed = shape.Contains(0) ? 0 : extent;
        if (offsets[0] > offsets[1] || offsets[1] > fileBytes - dataStart)
            throw Broken(path, $"tensor '{name}' claims the bytes {offsets[0]} to {offsets[1]} of {fileBytes - dataStart}; the file may be cut short");
        if (isKnown && claimed != offsets[1] - offsets[0])
            throw Broken(path, $"tensor '{name}', {type} [{string.Join(", ", shape)}], needs {claimed} bytes and has {offsets[1] - offsets[0]}");
        return new TensorEntry(name, type, shape, dataStart + offsets[0], offsets[1] - offsets[0]);
    }

    private static long[] Counts(JsonElement value, string name, string field, string path)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Broken(path, $"tensor '{name}': {field} is not a list");
        long[] counts = new long[value.GetArrayLength()];
        for (int i = 0; i < counts.Length; i++)
            if (value[i].ValueKind != JsonValueKind.Number || !value[i].TryGetInt64(out counts[i]) || counts[i] < 0)
                throw Broken(path, $"tensor '{name}': {field} holds {value[i]}, which is not a count");
        return counts;
    }

    private const string Cure = "Get the file again and compare its size and checksum with the publisher's.";

    private static InvalidDataException Broken(string path, string what) => new($"{path} is not a sound safetensors file: {what}. {Cure}");
}

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">The parameter's name, such as <c>bert.encoder.layer.0.output.dense.weight</c>.</param>
/// <param name="Type">The stored number format, as the format spells it: <c>F32</c>, <c>BF16</c>, <c>I64</c>.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Start">The first byte of the tensor, counted from the start of the file.</param>
/// <param name="Bytes">How many bytes the tensor takes.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long Bytes)
{
    /// <summary>The shape for a reader's eye, as in <c>F32 [768, 3072]</c>.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
