using System.Text.Json;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

/// <summary>
/// One fixture: NAME.json (configuration, inputs, expected scalars and integers), NAME.safetensors (weights or raw inputs)
/// and NAME.expected.safetensors (expected tensors). Sizes, seeds and names are the fixture's own.
/// </summary>
internal sealed class GoldenFixture : IDisposable
{
    private readonly JsonDocument _json;
    private readonly Safetensors? _expected;
    private readonly string _stem;

    public GoldenFixture(string jsonPath)
    {
        _json = JsonDocument.Parse(File.ReadAllBytes(jsonPath));
        _stem = jsonPath[..^".json".Length];
        string expected = _stem + ".expected.safetensors";
        if (File.Exists(expected)) _expected = Safetensors.Open(expected);
    }

    public JsonElement Root => _json.RootElement;
    public JsonElement Config => Root.GetProperty("config");
    public JsonElement Inputs => Root.GetProperty("inputs");
    public string Folder => Path.GetDirectoryName(_stem)!;

    /// <summary>The file of weights or raw inputs.</summary>
    public string WeightsPath => _stem + ".safetensors";

    /// <summary>A file beside the fixture that one of its fields names, such as <c>base_model</c>.</summary>
    public string Beside(string field) => Path.Combine(Folder, Root.GetProperty(field).GetString()!);

    /// <summary>Names of everything that is expected, tensors and JSON values alike.</summary>
    public IEnumerable<string> ExpectedNames =>
        Root.GetProperty("expected").EnumerateObject().Select(p => p.Name).Union(_expected?.Entries.Select(e => e.Name) ?? []);

    /// <summary>An expected tensor: from the expected file, or a float from the JSON.</summary>
    public Tensor Expected(string name) =>
        _expected?.Contains(name) == true ? _expected.Read(name) : Floats(ExpectedJson(name));

    /// <summary>An expected value as the JSON has it: integers, flags, lists.</summary>
    public JsonElement ExpectedJson(string name) => Root.GetProperty("expected").TryGetProperty(name, out JsonElement value)
        ? value
        : throw new InvalidDataException($"{_stem}.json expects no '{name}'.");

    /// <summary>An integer input, int64, of the shape that its nesting shows.</summary>
    public Tensor Input(params string[] path) => Integers(path.Aggregate(Inputs, (element, key) => element.GetProperty(key)));

    public static Tensor Integers(JsonElement value) => tensor(Flat(value).Select(e => e.GetInt64()).ToArray(), Shape(value), dtype: int64);

    public static Tensor Floats(JsonElement value) => tensor(Flat(value).Select(e => (float)e.GetDouble()).ToArray(), Shape(value), dtype: float32);

    /// <summary>Rows of unequal length.</summary>
    public static long[][] Rows(JsonElement value) =>
        value.EnumerateArray().Select(row => row.EnumerateArray().Select(e => e.GetInt64()).ToArray()).ToArray();

    public static long[][] Rows(Tensor sequences) =>
        Enumerable.Range(0, (int)sequences.shape[0]).Select(i => sequences[i].data<long>().ToArray()).ToArray();

    private static IEnumerable<JsonElement> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];

    private static long[] Shape(JsonElement value) =>
        value.ValueKind != JsonValueKind.Array ? []
        : value.GetArrayLength() == 0 ? [0]
        : [value.GetArrayLength(), .. Shape(value[0])];

    public void Dispose()
    {
        _json.Dispose();
        _expected?.Dispose();
    }
}
