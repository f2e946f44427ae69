using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>
/// T5 with its language-model head: version 1.0, and 1.1 with its descendants (LM-adapted T5, T0).
/// Parameters carry the names of the published checkpoints.
/// </summary>
public sealed class T5ForConditionalGeneration : Module<Tensor, Tensor?, Tensor, Tensor?, Tensor>, IPretrained, IChoiceScorer
{
    /// <summary>In files of version 1.0: a bias between decoder and encoder positions that no T5 has ever read.</summary>
    private const string LeftOver = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    private readonly Embedding _shared;
    private readonly Linear? _head;
    private readonly T5Stack _encoder, _decoder;

    /// <summary>Builds the model with T5's initial weights.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="InvalidDataException">The configuration contradicts itself.</exception>
    public T5ForConditionalGeneration(T5Config config, long seed = 0) : base(nameof(T5ForConditionalGeneration))
    {
        Config = config.Checked(nameof(T5Config));
        register_module("shared", _shared = Embedding(config.VocabSize, config.DModel));
        register_module("encoder", _encoder = new T5Stack(config, isDecoder: false));
        register_module("decoder", _decoder = new T5Stack(config, isDecoder: true));
        if (!config.TieWordEmbeddings) register_module("lm_head", _head = Linear(config.DModel, config.VocabSize, hasBias: false));
        WeightNames = new WeightNames { Tied = Tied(config), IsConstant = name => name == LeftOver };
        T5Initialisation.Apply(this, config, seed);
    }

    /// <summary>The shape of this model.</summary>
    public T5Config Config { get; }

    /// <inheritdoc/>
    public WeightNames WeightNames { get; }

    /// <summary>Scores of every token at every position of the output, [batch, output time, vocabulary].</summary>
    /// <param name="inputIds">The input, int64 [batch, input time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, input time]; null if there is no padding.</param>
    /// <param name="decoderInputIds">The output so far, its start token first, int64 [batch, output time]: see <see cref="ShiftRight"/>.</param>
    /// <param name="decoderAttentionMask">1 for a token, 0 for padding, [batch, output time]; null to look at all earlier positions.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor decoderInputIds, Tensor? decoderAttentionMask = null)
    {
        using var scope = NewDisposeScope();
        var memory = Encode(inputIds, attentionMask);
        return Logits(Decode(decoderInputIds, memory, attentionMask, decoderAttentionMask)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoder's vectors, [batch, input time, d_model].</summary>
    /// <inheritdoc cref="forward"/>
    /// <param name="inputIds"/>
    /// <param name="attentionMask"/>
    /// <param name="hiddenStates">Takes the embeddings and every layer's output, the last after the norm; null if they are not wanted.</param>
    public Tensor Encode(Tensor inputIds, Tensor? attentionMask = null, IList<Tensor>? hiddenStates = null)
    {
        ModelInput.CheckIds(inputIds, nameof(inputIds), Config.VocabSize);
        ModelInput.CheckLike(inputIds, attentionMask, nameof(attentionMask));
        using var scope = NewDisposeScope();
        var maskBias = attentionMask is null ? null : ModelInput.MaskBias(attentionMask, _shared.weight!.dtype);
        var states = hiddenStates is null ? null : new List<Tensor>();
        var memory = _encoder.Run(_shared.call(inputIds), maskBias, hiddenStates: states);
        MoveOut(states, hiddenStates);
        return memory.MoveToOuterDisposeScope();
    }

    /// <summary>The decoder's vectors, [batch, output time, d_model].</summary>
    /// <inheritdoc cref="forward"/>
    /// <param name="decoderInputIds"/>
    /// <param name="memory">What <see cref="Encode"/> gave, [batch, input time, d_model].</param>
    /// <param name="attentionMask"/>
    /// <param name="decoderAttentionMask"/>
    /// <param name="hiddenStates">Takes the embeddings and every layer's output, the last after the norm; null if they are not wanted.</param>
    public Tensor Decode(Tensor decoderInputIds, Tensor memory, Tensor? attentionMask = null, Tensor? decoderAttentionMask = null, IList<Tensor>? hiddenStates = null)
    {
        ModelInput.CheckIds(decoderInputIds, nameof(decoderInputIds), Config.VocabSize);
        ModelInput.CheckLike(decoderInputIds, decoderAttentionMask, nameof(decoderAttentionMask));
        ModelInput.CheckShape(memory, nameof(memory), decoderInputIds.shape[0], memory.dim() > 1 ? memory.shape[1] : 0, Config.DModel);
        ModelInput.CheckShape(attentionMask, nameof(attentionMask), memory.shape[0], memory.shape[1]);
        using var scope = NewDisposeScope();
        var maskBias = ModelInput.CausalBias(decoderInputIds.shape[1], past: 0, decoderAttentionMask, _shared.weight!);
        var attended = new T5Memory(memory, attentionMask is null ? null : ModelInput.MaskBias(attentionMask, _shared.weight!.dtype));
        var states = hiddenStates is null ? null : new List<Tensor>();
        var hidden = _decoder.Run(_shared.call(decoderInputIds), maskBias, attended, states);
        MoveOut(states, hiddenStates);
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Scores of every token for vectors of the decoder, [..., d_model] → [..., vocabulary].</summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = _head is not null
            ? _head.call(hidden)
            : functional.linear(hidden.Times(Math.Pow(Config.DModel, -0.5)), _shared.weight!);
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Mean cross-entropy of the labels; labels of -100 do not count.</summary>
    /// <param name="logits">[batch, output time, vocabulary].</param>
    /// <param name="labels">The wanted tokens or -100, int64 [batch, output time].</param>
    public static Tensor Loss(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return functional.cross_entropy(logits.flatten(0, 1), labels.flatten()).MoveToOuterDisposeScope();
    }

    /// <summary>The decoder's input for labels: the start token in front, the last label dropped, -100 replaced by padding.</summary>
    public Tensor ShiftRight(Tensor labels)
    {
        if (labels.dim() != 2) throw new ArgumentException($"labels must be [batch, time] and are [{string.Join(", ", labels.shape)}].", nameof(labels));
        using var scope = NewDisposeScope();
        var start = zeros(labels.shape[0], 1, dtype: int64, device: labels.device).Plus(StartToken);
        var shifted = cat([start, labels.narrow(1, 0, labels.shape[1] - 1)], 1);
        return shifted.With(Config.PadTokenId, shifted.Is(TokenLabel.Ignored)).MoveToOuterDisposeScope();
    }

    /// <summary>The most probable output, token by token, with cached keys and values.</summary>
    /// <param name="inputIds">The inputs, int64 [batch, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, time]; null if there is no padding.</param>
    /// <param name="maxNewTokens">The most tokens to produce.</param>
    /// <returns>Start token and output, int64 [batch, 1 + new]; a row is filled with padding after its end.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor Generate(Tensor inputIds, Tensor? attentionMask = null, int maxNewTokens = 20)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var memory = Encode(inputIds, attentionMask);
        using KeyValueCache cross = _decoder.CrossKeysAndValues(memory), past = new(Config.DecoderLayers);
        var attended = new T5Memory(memory, attentionMask is null ? null : ModelInput.MaskBias(attentionMask, _shared.weight!.dtype), cross);
        var start = full([inputIds.shape[0], 1], StartToken, dtype: int64, device: inputIds.device);
        return GreedyDecoding.Continue(start, maxNewTokens, Config.EosTokenId, Config.PadTokenId, fresh =>
            Logits(_decoder.Run(_shared.call(fresh), maskBias: null, attended, cache: past).select(1, -1))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor AnswerLogProbabilities(Tensor inputIds, Tensor attentionMask, Tensor answerIds, Tensor answerMask, Tensor inputOf)
    {
        ModelInput.CheckAnswers(inputIds, attentionMask, answerIds, answerMask, inputOf, Config.VocabSize);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // The encoder reads each input once; its keys and values are then handed to every answer.
        var memory = Encode(inputIds, attentionMask);
        using var cross = _decoder.CrossKeysAndValues(memory);
        cross.SelectRows(inputOf);
        var attended = new T5Memory(memory, ModelInput.MaskBias(attentionMask, _shared.weight!.dtype).index_select(0, inputOf), cross);
        var maskBias = ModelInput.CausalBias(answerIds.shape[1], past: 0, attentionMask: null, _shared.weight!);
        var hidden = _decoder.Run(_shared.call(ShiftRight(answerIds)), maskBias, attended);
        return ModelInput.LogProbabilitiesOf(answerIds, answerMask, Logits(hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>The biases of the encoder's or the decoder's self-attention, [1, heads, time, time].</summary>
    internal Tensor PositionBias(bool decoder, long time) => (decoder ? _decoder : _encoder).PositionBias(time);

    private int StartToken => Config.DecoderStartTokenId ?? Config.PadTokenId;

    private static Dictionary<string, string> Tied(T5Config config)
    {
        var tied = new Dictionary<string, string> { ["encoder.embed_tokens.weight"] = "shared.weight", ["decoder.embed_tokens.weight"] = "shared.weight" };
        if (config.TieWordEmbeddings) tied["lm_head.weight"] = "shared.weight";
        return tied;
    }

    private static void MoveOut(List<Tensor>? states, IList<Tensor>? wanted)
    {
        foreach (var state in states ?? []) wanted!.Add(state.MoveToOuterDisposeScope());
    }
}
