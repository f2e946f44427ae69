using System.Text.Json;

namespace NotebookKit.Models;

/// <summary>The shape of a BERT, with the values of BERT-base; names as in a published <c>config.json</c>.</summary>
public sealed record BertConfig
{
    /// <summary>How many word pieces there are.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary>Width of a token's vector.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>How many attention heads a layer has; they divide <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width of the feed-forward layer.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The activation of the feed-forward layer; <c>gelu</c> is the exact one, with erf.</summary>
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>The longest sequence.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>How many kinds of segment there are.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>The small constant under the square root of every layer norm.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Dropout after embeddings, attention and feed-forward.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout of attention weights.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>How positions enter: <c>absolute</c>, by an embedding, is the only way known here.</summary>
    public string PositionEmbeddingType { get; init; } = "absolute";

    /// <summary>The padding token.</summary>
    public int PadTokenId { get; init; }

    /// <summary>How many classes the classifier tells apart.</summary>
    public int NumLabels { get; init; } = 2;

    internal bool HasDropout => HiddenDropoutProb > 0 || AttentionProbsDropoutProb > 0;

    /// <summary>Reads a <c>config.json</c>; fields that say nothing about the shape are passed over.</summary>
    /// <exception cref="InvalidDataException">The file is no such configuration, or of a kind that is not built here.</exception>
    public static BertConfig Load(string path) => ModelConfig.Load<BertConfig>(path, "bert", CountLabels).Checked(path);

    /// <summary>Files of today name their classes and do not count them; where both stand, the names count, as everywhere.</summary>
    private static BertConfig CountLabels(BertConfig config, JsonElement file) =>
        file.TryGetProperty("id2label", out var names) && names.ValueKind == JsonValueKind.Object ? config with { NumLabels = names.EnumerateObject().Count() } : config;

    internal BertConfig Checked(string source)
    {
        ModelConfig.RequirePositive(source,
            (VocabSize, "vocab_size"), (HiddenSize, "hidden_size"), (NumHiddenLayers, "num_hidden_layers"), (NumAttentionHeads, "num_attention_heads"),
            (IntermediateSize, "intermediate_size"), (MaxPositionEmbeddings, "max_position_embeddings"), (TypeVocabSize, "type_vocab_size"), (NumLabels, "num_labels"));
        ModelConfig.Require(source, HiddenSize % NumAttentionHeads == 0, $"hidden_size {HiddenSize} is not a multiple of num_attention_heads {NumAttentionHeads}");
        ModelConfig.Require(source, PositionEmbeddingType == "absolute", $"position_embedding_type '{PositionEmbeddingType}' is not built here; 'absolute' is");
        ModelConfig.RequireProbability(source, (HiddenDropoutProb, "hidden_dropout_prob"), (AttentionProbsDropoutProb, "attention_probs_dropout_prob"));
        return this;
    }
}
