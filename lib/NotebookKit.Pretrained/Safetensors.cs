using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>
/// One safetensors file (https://github.com/huggingface/safetensors). Opening reads and checks the header only;
/// each tensor is read when it is asked for. Files come from strangers, so every number in them is checked.
/// </summary>
public sealed class Safetensors : IDisposable
{
    private const int ChunkElements = 1 << 26; // a span cannot hold more than 2 GiB

    private readonly FileStream _file;
    private readonly Dictionary<string, TensorEntry> _byName;

    private Safetensors(string path, FileStream file, List<TensorEntry> entries, Dictionary<string, string> metadata)
    {
        Path = path;
        _file = file;
        Entries = entries;
        Metadata = metadata;
        _byName = entries.ToDictionary(e => e.Name);
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>The file's own notes, such as <c>format</c>; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The header is too long, cut short or no JSON; a name stands twice; a dtype, shape and byte range disagree;
    /// tensors overlap or leave holes. The message names the file, the tensor and what to do.
    /// </exception>
    public static Safetensors Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            (var entries, var metadata) = SafetensorsHeader.Read(stream, path);
            return new Safetensors(path, stream, entries, metadata);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file holds a tensor of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The entry of a tensor.</summary>
    /// <exception cref="KeyNotFoundException">The file holds no such tensor.</exception>
    public TensorEntry this[string name] => _byName.TryGetValue(name, out var entry)
        ? entry
        : throw new KeyNotFoundException($"{Path} holds no tensor '{name}'; its {Entries.Count} names are in Entries.");

    /// <summary>Reads one tensor onto the CPU in its stored number format; the caller owns it.</summary>
    /// <exception cref="KeyNotFoundException">The file holds no such tensor.</exception>
    /// <exception cref="InvalidDataException">The number format cannot be read here, or the file changed since it was opened.</exception>
    public Tensor Read(string name)
    {
        var entry = this[name];
        if (SafetensorsHeader.Types.GetValueOrDefault(entry.Type).Torch is not { } type)
            throw new InvalidDataException($"{Path}: tensor '{name}' is stored as {entry.Type}, which cannot be read here. Convert it to F32 or BF16.");
        var tensor = empty(entry.Shape.ToArray(), dtype: type);
        try
        {
            using var scope = NewDisposeScope();
            var flat = tensor.view(-1);
            for (long done = 0; done < flat.numel(); done += ChunkElements)
            {
                var bytes = flat.narrow(0, done, Math.Min(ChunkElements, flat.numel() - done)).bytes;
                ReadExactly(bytes, entry.Start + done * tensor.ElementSize, name);
            }
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private void ReadExactly(Span<byte> bytes, long start, string name)
    {
        while (bytes.Length > 0)
        {
            int got = RandomAccess.Read(_file.SafeFileHandle, bytes, start);
            if (got == 0) throw new InvalidDataException($"{Path} ended inside tensor '{name}': it was changed while it was open. Get the file again.");
            bytes = bytes[got..];
            start += got;
        }
    }

    /// <summary>
    /// Writes tensors to a file, in the order given, which appears under its name only when it is complete.
    /// The header is padded with spaces to a multiple of eight bytes, as other writers do.
    /// </summary>
    /// <exception cref="ArgumentException">A name is given twice, or the format has no name for a tensor's number type.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        byte[] header = HeaderFor(list, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach ((_, var value) in list) WriteData(stream, value);
        });
    }

    private static byte[] HeaderFor(List<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var names = new HashSet<string> { "__metadata__" };
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, text);
                json.WriteEndObject();
            }
            long start = 0;
            foreach ((string name, var value) in tensors)
            {
                if (!names.Add(name)) throw new ArgumentException($"'{name}' cannot be written: the name is given twice or reserved.", nameof(tensors));
                string type = SafetensorsHeader.Types.FirstOrDefault(t => t.Value.Torch == value.dtype).Key
                    ?? throw new ArgumentException($"'{name}' is {value.dtype}, which safetensors cannot hold. Convert it first.", nameof(tensors));
                long end = start + value.numel() * value.ElementSize;
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long size in value.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(start);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                start = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % SafetensorsHeader.LengthBytes != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteData(Stream stream, Tensor value)
    {
        using var scope = NewDisposeScope();
        var flat = value.detach().cpu().contiguous().view(-1);
        for (long done = 0; done < flat.numel(); done += ChunkElements)
            stream.Write(flat.narrow(0, done, Math.Min(ChunkElements, flat.numel() - done)).bytes);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
