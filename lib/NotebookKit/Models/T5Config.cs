namespace NotebookKit.Models;

/// <summary>The shape of a T5, with the values of T5-small; names as in a published <c>config.json</c>.</summary>
public sealed record T5Config
{
    /// <summary>How many tokens there are.</summary>
    public int VocabSize { get; init; } = 32128;

    /// <summary>Width of a token's vector.</summary>
    public int DModel { get; init; } = 512;

    /// <summary>Width of one head's queries, keys and values; heads times this need not be <see cref="DModel"/>.</summary>
    public int DKv { get; init; } = 64;

    /// <summary>Width of the feed-forward layer.</summary>
    public int DFf { get; init; } = 2048;

    /// <summary>How many layers the encoder has.</summary>
    public int NumLayers { get; init; } = 6;

    /// <summary>How many layers the decoder has; null for as many as the encoder.</summary>
    public int? NumDecoderLayers { get; init; }

    /// <summary>How many attention heads a layer has.</summary>
    public int NumHeads { get; init; } = 8;

    /// <summary>How many classes of distance have a bias of their own.</summary>
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The distance from which all are in the last class.</summary>
    public int RelativeAttentionMaxDistance { get; init; } = 128;

    /// <summary>Dropout after embeddings, attention, feed-forward, and of attention weights.</summary>
    public double DropoutRate { get; init; } = 0.1;

    /// <summary>The small constant under the square root of every norm.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-6;

    /// <summary><c>relu</c> for version 1.0; <c>gated-gelu</c> for version 1.1, the LM-adapted models and T0.</summary>
    public string FeedForwardProj { get; init; } = "relu";

    /// <summary>Whether the head is the word embedding (version 1.0), its input then scaled by d_model^-½.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>A factor of all initial spreads.</summary>
    public double InitializerFactor { get; init; } = 1;

    /// <summary>The padding token.</summary>
    public int PadTokenId { get; init; }

    /// <summary>The token that ends a text.</summary>
    public int EosTokenId { get; init; } = 1;

    /// <summary>The token that every output begins with; null for the padding token.</summary>
    public int? DecoderStartTokenId { get; init; }

    internal bool IsGated => FeedForwardProj.StartsWith("gated-", StringComparison.Ordinal);

    /// <summary>The activation's name; "gated-gelu" has always meant the tanh approximation.</summary>
    internal string ActivationName => FeedForwardProj == "gated-gelu" ? "gelu_new" : IsGated ? FeedForwardProj["gated-".Length..] : FeedForwardProj;

    internal int DecoderLayers => NumDecoderLayers ?? NumLayers;

    /// <summary>Reads a <c>config.json</c>; fields that say nothing about the shape are passed over.</summary>
    /// <exception cref="InvalidDataException">The file is no such configuration, or of a kind that is not built here.</exception>
    public static T5Config Load(string path) => ModelConfig.Load<T5Config>(path, "t5").Checked(path);

    internal T5Config Checked(string source)
    {
        ModelConfig.RequirePositive(source,
            (VocabSize, "vocab_size"), (DModel, "d_model"), (DKv, "d_kv"), (DFf, "d_ff"), (NumLayers, "num_layers"), (DecoderLayers, "num_decoder_layers"),
            (NumHeads, "num_heads"));
        ModelConfig.Require(source, RelativeAttentionNumBuckets >= 4 && RelativeAttentionNumBuckets % 2 == 0,
            $"relative_attention_num_buckets is {RelativeAttentionNumBuckets}; it must be even and at least 4");
        ModelConfig.Require(source, RelativeAttentionMaxDistance > RelativeAttentionNumBuckets / 2,
            $"relative_attention_max_distance {RelativeAttentionMaxDistance} is not above half of the {RelativeAttentionNumBuckets} buckets");
        ModelConfig.RequireProbability(source, (DropoutRate, "dropout_rate"));
        _ = Activation.Named(ActivationName, source);
        return this;
    }
}
