using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>Several examples as tensors: what a model reads, and what its scores are to say. An <see cref="EditableModel"/> makes them.</summary>
/// <param name="InputIds">What the model reads, int64 [batch, time].</param>
/// <param name="AttentionMask">1 for a token, 0 for padding, int64 [batch, time].</param>
/// <param name="Targets">
/// What each place of the model's scores is to predict, or -100 where nothing is asked. Already in step with the scores: [batch, time] for a
/// model that predicts the next token (the target of a place is the token after it), [batch, output time] for an encoder and decoder,
/// [batch] for a classifier, [batch, 1] for a classifier with a single score.
/// </param>
public sealed record EditBatch(Tensor InputIds, Tensor AttentionMask, Tensor Targets) : IDisposable
{
    /// <summary>
    /// Where in the input each target is asked, int64 [batch, output time], for a model whose scores are wanted at the answers only; null if
    /// targets and input are in step.
    /// </summary>
    public Tensor? Places { get; init; }

    /// <summary>What the rows were made from; empty for a batch of bare tensors.</summary>
    public IReadOnlyList<EditExample> Examples { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public long Rows => InputIds.shape[0];

    /// <summary>A batch for a model that predicts the next token.</summary>
    /// <param name="inputIds">Questions and answers, int64 [batch, time], padded at the end.</param>
    /// <param name="attentionMask">1 for a token, 0 for padding.</param>
    /// <param name="labels">The token itself where it is to be predicted, -100 elsewhere: not shifted, [batch, time].</param>
    public static EditBatch NextToken(Tensor inputIds, Tensor attentionMask, Tensor labels)
    {
        ModelInput.CheckLike(inputIds, labels, nameof(labels));
        return new(inputIds, attentionMask, EditLosses.Shifted(labels));
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask.Dispose();
        Targets.Dispose();
        Places?.Dispose();
    }
}

/// <summary>
/// What a MEND editor trains on: edits, the same edits in other words, and questions whose answers must stay (paper §3.3, Algorithm 1).
/// The rows of each batch belong to the edits in their order, the same number to each.
/// </summary>
/// <param name="Edit">x_e and y_e.</param>
/// <param name="Rephrased">x'_e and y'_e.</param>
/// <param name="Locality">x_loc.</param>
/// <param name="Groups">
/// How many edits there are, each of which changes a model of its own: 1 for one update of all rows together (a batched edit).
/// </param>
public sealed record EditTask(EditBatch Edit, EditBatch Rephrased, EditBatch Locality, int Groups = 1);
