using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>T5 under edit: the encoder reads the question, the decoder is asked the answer.</summary>
public sealed class EditableT5 : EditableModel
{
    private readonly T5ForConditionalGeneration _model;

    /// <summary>Wraps a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="weightNames">The weights to edit; null for the paper's choice, <see cref="LastMlps"/> of two blocks.</param>
    /// <exception cref="ArgumentException">There is no such weight, or it is no linear layer's matrix.</exception>
    public EditableT5(T5ForConditionalGeneration model, IReadOnlyList<string>? weightNames = null)
        : base(model, weightNames ?? LastMlps(model.Config)) => _model = model;

    /// <summary>
    /// Names of two matrices of the feed-forward layers of the last blocks of encoder and decoder (paper, App. D: two blocks of each):
    /// the one that widens (in version 1.1 the gate) and the one that narrows.
    /// </summary>
    public static IReadOnlyList<string> LastMlps(T5Config config, int blocks = 2)
    {
        string widen = config.IsGated ? "wi_0" : "wi";
        IEnumerable<string> Of(string stack, int layers, int layer) => Enumerable.Range(Math.Max(0, layers - blocks), Math.Min(blocks, layers))
            .SelectMany(i => new[] { widen, "wo" }.Select(name => $"{stack}.block.{i}.layer.{layer}.DenseReluDense.{name}.weight"));
        return [.. Of("encoder", config.NumLayers, 1), .. Of("decoder", config.DecoderLayers, 2)];
    }

    /// <inheritdoc/>
    public override EditBatch Batch(IReadOnlyList<EditExample> examples)
    {
        if (examples.Count == 0) throw new ArgumentException("The batch has no example.", nameof(examples));
        (Tensor ids, Tensor mask) = Padded([.. examples.Select(e => e.Input)], _model.Config.PadTokenId);
        (Tensor targets, Tensor asked) = Padded([.. examples.Select(e => e.Target)], TokenLabel.Ignored);
        asked.Dispose();
        return new(ids, mask, targets) { Examples = examples };
    }

    /// <inheritdoc/>
    public override Tensor Logits(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        return _model.call(batch.InputIds, batch.AttentionMask, _model.ShiftRight(batch.Targets), null).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8)
    {
        using var scope = NewDisposeScope();
        (Tensor ids, Tensor mask) = Padded(inputs, _model.Config.PadTokenId);
        return UntilEnd(_model.Generate(ids, mask, maxNewTokens), from: 1, _model.Config.EosTokenId);
    }

    /// <inheritdoc/>
    public override int? EndToken => _model.Config.EosTokenId;

    /// <inheritdoc/>
    public override Tensor Represent(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        return MeanOver(_model.Encode(batch.InputIds, batch.AttentionMask), batch.AttentionMask).MoveToOuterDisposeScope();
    }
}
