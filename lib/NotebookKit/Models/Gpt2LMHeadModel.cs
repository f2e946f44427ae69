using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>GPT-2 with the head that predicts the next token; the head's matrix is the word embedding.</summary>
public sealed class Gpt2LMHeadModel : Module<Tensor, Tensor?, Tensor?, Tensor>, IPretrained, IChoiceScorer
{
    /// <summary>Builds the model with GPT-2's initial weights.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="InvalidDataException">The configuration contradicts itself.</exception>
    public Gpt2LMHeadModel(Gpt2Config config, long seed = 0) : base(nameof(Gpt2LMHeadModel))
    {
        register_module("transformer", Transformer = new Gpt2Model(config));
        Initialisation.Normal(this, config.InitializerRange, seed);
        using var noGradient = no_grad();
        foreach ((string name, Tensor weight) in named_parameters()) // so that the residual sum does not grow with depth
            if (name.EndsWith("c_proj.weight", StringComparison.Ordinal)) weight.div_(Math.Sqrt(2 * config.NumHiddenLayers));
    }

    /// <summary>The trunk.</summary>
    public Gpt2Model Transformer { get; }

    /// <inheritdoc/>
    public WeightNames WeightNames { get; } = new()
    {
        Tied = new Dictionary<string, string> { ["lm_head.weight"] = "transformer.wte.weight" },
        // The first published files are those of the bare trunk, with its masks among the weights.
        Rename = name => name.StartsWith("transformer.", StringComparison.Ordinal) || name.StartsWith("lm_head.", StringComparison.Ordinal) ? name : "transformer." + name,
        IsConstant = name => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal),
    };

    /// <summary>Scores of the next token after every position, [batch, time, vocabulary].</summary>
    /// <inheritdoc cref="Gpt2Model.forward"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask = null, Tensor? positionIds = null)
    {
        using var scope = NewDisposeScope();
        return Logits(Transformer.call(inputIds, attentionMask, positionIds)).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of the next token for vectors of the trunk, [..., width] → [..., vocabulary].</summary>
    public Tensor Logits(Tensor hidden) => functional.linear(hidden, Transformer.WordEmbeddings);

    /// <summary>Mean cross-entropy of each label under the scores one position before it; labels of -100 do not count.</summary>
    /// <param name="logits">[batch, time, vocabulary].</param>
    /// <param name="labels">The tokens themselves, not shifted, or -100, int64 [batch, time].</param>
    public static Tensor Loss(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        // The labels move, not the scores, of which a part would be a copy.
        var next = cat([labels.narrow(1, 1, labels.shape[1] - 1), full_like(labels.narrow(1, 0, 1), TokenLabel.Ignored)], 1);
        return functional.cross_entropy(logits.flatten(0, 1), next.flatten()).MoveToOuterDisposeScope();
    }

    /// <summary>Positions that count tokens and not padding: 0, 1, 2, … from the first token of a left-padded row, 1 at padding.</summary>
    /// <param name="attentionMask">1 for a token, 0 for padding, [batch, time].</param>
    public static Tensor PositionsOf(Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        return attentionMask.to(int64).cumsum(-1).sub(1).masked_fill(attentionMask.eq(0), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The most probable continuation, token by token; rows are padded on the left.</summary>
    /// <param name="inputIds">Prompts, int64 [batch, time].</param>
    /// <param name="attentionMask">1 for a token, 0 for padding on the left, [batch, time]; null if there is no padding.</param>
    /// <param name="maxNewTokens">The most tokens to add.</param>
    /// <returns>Prompts and continuations, int64 [batch, time + new]; a row is filled with the end token after its end.</returns>
    /// <exception cref="ArgumentException">A row ends in padding, or would grow beyond the model's positions.</exception>
    public Tensor Generate(Tensor inputIds, Tensor? attentionMask = null, int maxNewTokens = 20)
    {
        ModelInput.CheckIds(inputIds, nameof(inputIds), Transformer.Config.VocabSize);
        if (inputIds.shape[1] + maxNewTokens > Transformer.Config.MaxPositionEmbeddings)
            throw new ArgumentException(
                $"{inputIds.shape[1]} tokens and {maxNewTokens} new ones are more than the model's {Transformer.Config.MaxPositionEmbeddings} positions. Ask for fewer or cut the prompt.", nameof(maxNewTokens));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(Transformer.Config.NumHiddenLayers);
        var mask = attentionMask ?? ones_like(inputIds);
        if (mask.select(1, -1).eq(0).any().item<bool>())
            throw new ArgumentException("A prompt ends in padding. Pad prompts on the left, so that they continue where they end.", nameof(attentionMask));
        int end = Transformer.Config.EosTokenId;
        return GreedyDecoding.Continue(inputIds, maxNewTokens, end, end, fresh =>
        {
            if (cache.Length > 0) mask = cat([mask, ones_like(fresh).to(mask.dtype)], 1).MoveToOuterDisposeScope();
            var positions = PositionsOf(mask).narrow(1, cache.Length, fresh.shape[1]);
            var hidden = Transformer.Encode(fresh, mask, positions, hiddenStates: null, cache);
            return Logits(hidden.select(1, -1));
        }).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor AnswerLogProbabilities(Tensor inputIds, Tensor attentionMask, Tensor answerIds, Tensor answerMask, Tensor inputOf)
    {
        ModelInput.CheckAnswers(inputIds, attentionMask, answerIds, answerMask, inputOf, Transformer.Config.VocabSize);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(Transformer.Config.NumHiddenLayers);
        // The inputs once; the last token of each predicts the first token of its answers.
        var lastToken = attentionMask.to(int64).mul(arange(1, inputIds.shape[1] + 1, dtype: int64, device: inputIds.device)).argmax(1);
        var inputHidden = Transformer.Encode(inputIds, attentionMask, PositionsOf(attentionMask), hiddenStates: null, cache);
        var lastHidden = inputHidden[arange(inputIds.shape[0], dtype: int64, device: inputIds.device), lastToken];

        // Then every answer against the cached keys and values of its input.
        cache.SelectRows(inputOf);
        var inputMask = attentionMask.index_select(0, inputOf).to(int64);
        var positions = inputMask.sum(1, keepdim: true) + arange(answerIds.shape[1], dtype: int64, device: answerIds.device);
        var mask = cat([inputMask, answerMask.to(int64)], 1);
        var hidden = Transformer.Encode(answerIds, mask, positions, hiddenStates: null, cache);
        var before = cat([lastHidden.index_select(0, inputOf).unsqueeze(1), hidden.narrow(1, 0, answerIds.shape[1] - 1)], 1);
        return ModelInput.LogProbabilitiesOf(answerIds, answerMask, Logits(before)).MoveToOuterDisposeScope();
    }
}
