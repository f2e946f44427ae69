using System.Text.Json.Serialization;

namespace NotebookKit.Models;

/// <summary>The shape of a GPT-2, with the values of its smallest published model; JSON names as in a published <c>config.json</c>.</summary>
public sealed record Gpt2Config
{
    /// <summary>How many tokens there are.</summary>
    public int VocabSize { get; init; } = 50257;

    /// <summary>Width of a token's vector.</summary>
    [JsonPropertyName("n_embd")]
    public int HiddenSize { get; init; } = 768;

    /// <summary>How many layers.</summary>
    [JsonPropertyName("n_layer")]
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>How many attention heads a layer has; they divide <see cref="HiddenSize"/>.</summary>
    [JsonPropertyName("n_head")]
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>The longest sequence.</summary>
    [JsonPropertyName("n_positions")]
    public int MaxPositionEmbeddings { get; init; } = 1024;

    /// <summary>Width of the feed-forward layer; null for four times <see cref="HiddenSize"/>.</summary>
    [JsonPropertyName("n_inner")]
    public int? InnerSize { get; init; }

    /// <summary>The activation of the feed-forward layer: <c>gelu_new</c> is GELU in its tanh approximation.</summary>
    public string ActivationFunction { get; init; } = "gelu_new";

    /// <summary>The small constant under the square root of every layer norm.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Dropout at the end of attention and of feed-forward.</summary>
    public double ResidPdrop { get; init; } = 0.1;

    /// <summary>Dropout after the embeddings.</summary>
    public double EmbdPdrop { get; init; } = 0.1;

    /// <summary>Dropout of attention weights.</summary>
    public double AttnPdrop { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>The token that ends a text.</summary>
    public int EosTokenId { get; init; } = 50256;

    /// <summary>Whether attention scores are divided by √d; models that do otherwise are not built here.</summary>
    public bool ScaleAttnWeights { get; init; } = true;

    /// <summary>Whether scores are divided by the layer's number too; models that do so are not built here.</summary>
    public bool ScaleAttnByInverseLayerIdx { get; init; }

    /// <summary>Whether the head is the word embedding; models with a head of their own are not built here.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    internal bool HasDropout => ResidPdrop > 0 || EmbdPdrop > 0 || AttnPdrop > 0;

    /// <summary>Reads a <c>config.json</c>; fields that say nothing about the shape are passed over.</summary>
    /// <exception cref="InvalidDataException">The file is no such configuration, or of a kind that is not built here.</exception>
    public static Gpt2Config Load(string path) => ModelConfig.Load<Gpt2Config>(path, "gpt2").Checked(path);

    internal Gpt2Config Checked(string source)
    {
        ModelConfig.RequirePositive(source,
            (VocabSize, "vocab_size"), (HiddenSize, "n_embd"), (NumHiddenLayers, "n_layer"), (NumAttentionHeads, "n_head"),
            (MaxPositionEmbeddings, "n_positions"), (InnerSize ?? 1, "n_inner"));
        ModelConfig.Require(source, HiddenSize % NumAttentionHeads == 0, $"n_embd {HiddenSize} is not a multiple of n_head {NumAttentionHeads}");
        ModelConfig.Require(source, ScaleAttnWeights && !ScaleAttnByInverseLayerIdx, "attention is scaled by 1/√d here, and by nothing else");
        ModelConfig.Require(source, TieWordEmbeddings, "tie_word_embeddings is false; a GPT-2 with a head of its own is not built here");
        ModelConfig.RequireProbability(source, (ResidPdrop, "resid_pdrop"), (EmbdPdrop, "embd_pdrop"), (AttnPdrop, "attn_pdrop"));
        return this;
    }
}
