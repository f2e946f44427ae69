using System.Text.Json;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>
/// The weights of a published model: one safetensors file, or several with the index
/// <c>model.safetensors.index.json</c> that says which tensor is in which of them.
/// </summary>
public sealed class PretrainedWeights : IDisposable
{
    private const string SingleFile = "model.safetensors", IndexFile = "model.safetensors.index.json", IndexEnding = ".index.json";

    private readonly Dictionary<string, Safetensors> _fileOf = [];
    private readonly List<Safetensors> _files = [];

    private PretrainedWeights(string path) => Path = path;

    /// <summary>The file or the index that was opened.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IEnumerable<string> Names => _fileOf.Keys;

    /// <summary>Opens a safetensors file, an index, or the folder that holds either.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of the kind at the path, or a file that the index names is missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or the index and the files disagree.</exception>
    public static PretrainedWeights Open(string path)
    {
        if (Directory.Exists(path))
        {
            string[] candidates = [System.IO.Path.Combine(path, SingleFile), System.IO.Path.Combine(path, IndexFile)];
            path = candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
                $"{path} holds neither {SingleFile} nor {IndexFile}{OtherFormats(path)}. Weights in another format must be converted to safetensors first: "
                + "in Python, load them with transformers' from_pretrained and write them with save_pretrained(folder, safe_serialization=True).", candidates[0]);
        }
        if (!File.Exists(path)) throw new FileNotFoundException($"There are no weights at {path}. Give a .safetensors file, its index, or their folder.", path);

        var weights = new PretrainedWeights(path);
        try
        {
            if (path.EndsWith(IndexEnding, StringComparison.OrdinalIgnoreCase)) weights.AddIndexed(path);
            else weights.Add(path);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>What the folder holds instead, for the error.</summary>
    private static string OtherFormats(string folder)
    {
        string[] found = [.. ((string[])["*.bin", "*.h5", "*.msgpack", "*.pt", "*.safetensors"]).SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Select(file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal).Take(3)];
        return found.Length == 0 ? "" : $", but {string.Join(", ", found)}";
    }

    /// <summary>The shape and the number format of a tensor.</summary>
    /// <exception cref="KeyNotFoundException">No file holds it.</exception>
    public TensorEntry this[string name] => FileOf(name)[name];

    /// <summary>Whether one of the files holds the tensor.</summary>
    public bool Contains(string name) => _fileOf.ContainsKey(name);

    /// <summary>Reads one tensor onto the CPU in its stored number format; the caller owns it.</summary>
    /// <exception cref="KeyNotFoundException">No file holds it.</exception>
    public Tensor Read(string name) => FileOf(name).Read(name);

    private Safetensors FileOf(string name) => _fileOf.TryGetValue(name, out var file)
        ? file
        : throw new KeyNotFoundException($"{Path} holds no tensor '{name}'; it has {_fileOf.Count}, listed in Names.");

    private Safetensors Add(string file)
    {
        var opened = Safetensors.Open(file);
        _files.Add(opened);
        foreach (var entry in opened.Entries)
            if (!_fileOf.TryAdd(entry.Name, opened))
                throw new InvalidDataException($"{Path}: tensor '{entry.Name}' is in {_fileOf[entry.Name].Path} and in {file}. Get the files again.");
        return opened;
    }

    private void AddIndexed(string index)
    {
        var fileOf = ReadIndex(index);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index))!;
        foreach (string file in fileOf.Values.Distinct().Order(StringComparer.Ordinal))
        {
            // The index comes from elsewhere: it may name files beside it, and no others.
            if (file != System.IO.Path.GetFileName(file) || file is "." or ".." or "")
                throw new InvalidDataException($"{index} names '{file}', which is not a plain file name. Get the index again.");
            string path = System.IO.Path.Combine(folder, file);
            if (!File.Exists(path)) throw new FileNotFoundException($"{index} names {file}, which is not beside it. Get the missing file.", path);
            Add(path);
        }
        foreach ((string name, string file) in fileOf)
            if (!_fileOf.TryGetValue(name, out var holder) || System.IO.Path.GetFileName(holder.Path) != file)
                throw new InvalidDataException($"{index} says that tensor '{name}' is in {file}, and it is not. Get the files again.");
    }

    private static Dictionary<string, string> ReadIndex(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            var fileOf = new Dictionary<string, string>();
            foreach (var item in json.RootElement.GetProperty("weight_map").EnumerateObject())
                if (!fileOf.TryAdd(item.Name, item.Value.GetString()!))
                    throw new InvalidDataException($"{index} names tensor '{item.Name}' twice. Get the index again.");
            return fileOf;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{index} is not an index of safetensors files: it needs an object 'weight_map' of names ({e.Message}). Get it again.", e);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
