using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// A BERT classifier under edit. The target of an example is one number: its class, or for a model with a single score 1 (yes) or 0 (no).
/// </summary>
public sealed class EditableBert : EditableModel
{
    private readonly BertForSequenceClassification _model;

    /// <summary>Wraps a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="weightNames">The weights to edit; null for the paper's choice, <see cref="LastMlps"/> of three blocks.</param>
    /// <exception cref="ArgumentException">There is no such weight, or it is no linear layer's matrix.</exception>
    public EditableBert(BertForSequenceClassification model, IReadOnlyList<string>? weightNames = null)
        : base(model, weightNames ?? LastMlps(model.Bert.Config)) => _model = model;

    /// <summary>Names of both matrices of the feed-forward layers of the last blocks (paper, App. D: three).</summary>
    public static IReadOnlyList<string> LastMlps(BertConfig config, int blocks = 3) =>
        [.. Enumerable.Range(Math.Max(0, config.NumHiddenLayers - blocks), Math.Min(blocks, config.NumHiddenLayers))
            .SelectMany(i => new[] { "intermediate", "output" }.Select(part => $"bert.encoder.layer.{i}.{part}.dense.weight"))];

    /// <inheritdoc/>
    public override EditBatch Batch(IReadOnlyList<EditExample> examples)
    {
        if (examples.Count == 0) throw new ArgumentException("The batch has no example.", nameof(examples));
        int classes = _model.Bert.Config.NumLabels;
        for (int row = 0; row < examples.Count; row++)
            if (examples[row].Target is not [var target] || target < 0 || target >= Math.Max(2, classes))
                throw new ArgumentException($"The target of row {row} is [{string.Join(", ", examples[row].Target)}]; it must be one class from 0 to {Math.Max(2, classes) - 1}.", nameof(examples));
        (Tensor ids, Tensor mask) = Padded([.. examples.Select(e => e.Input)], _model.Bert.Config.PadTokenId);
        Tensor targets = tensor(examples.Select(e => (long)e.Target[0]).ToArray(), classes == 1 ? [examples.Count, 1] : [examples.Count], device: Device);
        return new(ids, mask, targets) { Examples = examples };
    }

    /// <inheritdoc/>
    public override Tensor Logits(EditBatch batch) => _model.call(batch.InputIds, batch.AttentionMask, null);

    /// <summary>Every row.</summary>
    public override Tensor? LocalityMask(EditBatch batch) => null;

    /// <summary>The class of each question, as its only token.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor ids, Tensor mask) = Padded(inputs, _model.Bert.Config.PadTokenId);
        return [.. EditLosses.Predictions(_model.call(ids, mask, null)).flatten().cpu().data<long>().ToArray().Select(c => new[] { (int)c })];
    }

    /// <inheritdoc/>
    public override Tensor Represent(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        return MeanOver(_model.Bert.call(batch.InputIds, batch.AttentionMask, null), batch.AttentionMask).MoveToOuterDisposeScope();
    }
}
