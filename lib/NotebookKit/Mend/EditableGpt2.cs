using NotebookKit.Models;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>GPT-2 under edit: question and answer are one text, and the model is asked the answer's tokens.</summary>
public sealed class EditableGpt2 : EditableModel
{
    private readonly Gpt2LMHeadModel _model;
    private readonly bool _answersOnly;

    /// <summary>Wraps a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="weightNames">The weights to edit; null for the paper's choice, <see cref="LastMlps"/> of three blocks.</param>
    /// <param name="answersOnly">
    /// Whether scores are made at the answers' places only, [batch, longest answer, vocabulary]: with a large vocabulary and short answers most of
    /// the work is the scores of the question. The locality loss then looks at the answers (paper §3.3), not at all tokens of the text.
    /// </param>
    /// <exception cref="ArgumentException">There is no such weight, or it is no linear layer's matrix.</exception>
    public EditableGpt2(Gpt2LMHeadModel model, IReadOnlyList<string>? weightNames = null, bool answersOnly = false)
        : base(model, weightNames ?? LastMlps(model.Transformer.Config)) => (_model, _answersOnly) = (model, answersOnly);

    /// <summary>Names of both matrices of the feed-forward layers of the last blocks (paper, App. D: three).</summary>
    public static IReadOnlyList<string> LastMlps(Gpt2Config config, int blocks = 3) =>
        [.. Enumerable.Range(Math.Max(0, config.NumHiddenLayers - blocks), Math.Min(blocks, config.NumHiddenLayers))
            .SelectMany(i => new[] { $"transformer.h.{i}.mlp.c_fc.weight", $"transformer.h.{i}.mlp.c_proj.weight" })];

    /// <inheritdoc/>
    public override EditBatch Batch(IReadOnlyList<EditExample> examples)
    {
        if (examples.Count == 0) throw new ArgumentException("The batch has no example.", nameof(examples));
        (int rows, int time) = (examples.Count, examples.Max(e => e.Input.Count + e.Target.Count));
        int scores = _answersOnly ? examples.Max(e => e.Target.Count) : time;
        long[] ids = new long[rows * time], mask = new long[rows * time], targets = new long[rows * scores], places = new long[rows * scores];
        Array.Fill(ids, _model.Transformer.Config.EosTokenId);
        Array.Fill(targets, TokenLabel.Ignored);
        for (int row = 0; row < rows; row++)
        {
            (EditExample example, int start) = (examples[row], row * time);
            int asked = example.Input.Count;
            for (int t = 0; t < asked; t++) ids[start + t] = example.Input[t];
            for (int t = 0; t < example.Target.Count; t++)
            {
                // The token before one predicts it.
                int score = row * scores + (_answersOnly ? t : asked - 1 + t);
                (ids[start + asked + t], targets[score], places[score]) = (example.Target[t], example.Target[t], asked - 1 + t);
            }
            mask.AsSpan(start, asked + example.Target.Count).Fill(1);
        }
        Tensor Of(long[] values) => tensor(values, [rows, values.Length / rows], device: Device);
        return new(Of(ids), Of(mask), Of(targets)) { Places = _answersOnly ? Of(places) : null, Examples = examples };
    }

    /// <inheritdoc/>
    public override Tensor Logits(EditBatch batch)
    {
        if (batch.Places is null) return _model.call(batch.InputIds, batch.AttentionMask, null);
        using var scope = NewDisposeScope();
        // Padding stands at the end and attention looks back only, so it needs no mask.
        Tensor places = batch.Places + arange(0, batch.InputIds.numel(), batch.InputIds.shape[1], dtype: int64, device: Device).unsqueeze(1);
        Tensor hidden = _model.Transformer.Encode(batch.InputIds, attentionMask: null, positionIds: null, hiddenStates: null, cache: null, places.flatten());
        return _model.Logits(hidden).unflatten(0, [batch.Rows, -1]).MoveToOuterDisposeScope();
    }

    /// <summary>Every token of the text, as in the paper's code; the answers if scores are made there only.</summary>
    public override Tensor? LocalityMask(EditBatch batch) => batch.Places is null ? batch.AttentionMask.alias() : TargetMask(batch);

    /// <inheritdoc/>
    public override IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8)
    {
        using var scope = NewDisposeScope();
        int end = _model.Transformer.Config.EosTokenId;
        (Tensor ids, Tensor mask) = TokenBatch.Of(inputs, end, left: true).IdsAndMask(Device);
        return UntilEnd(_model.Generate(ids, mask, maxNewTokens), (int)ids.shape[1], end);
    }

    /// <summary>The place whose scores predict the first token of the answer.</summary>
    public override long[] QuestionEnds(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        return (batch.Places is { } places ? places.select(1, 0) : TargetMask(batch).argmax(1)).cpu().data<long>().ToArray();
    }

    /// <inheritdoc/>
    public override int? EndToken => _model.Transformer.Config.EosTokenId;

    /// <inheritdoc/>
    public override Tensor Represent(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        // The question ends where the first target is asked for.
        Tensor asked = TargetMask(batch);
        Tensor question = batch.Places is { } places
            ? arange(batch.InputIds.shape[1], dtype: int64, device: Device).unsqueeze(0).le(places.narrow(1, 0, 1)).to(int64)
            : (asked.cumsum(1) - asked).eq(0).to(int64) * batch.AttentionMask;
        return MeanOver(_model.Transformer.call(batch.InputIds, batch.AttentionMask, null), question).MoveToOuterDisposeScope();
    }
}
