using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// MEND (Mitchell et al. 2022): an edit is one step along a gradient that a learned network has transformed, W ← W - alpha Σ delta~ u~ᵀ.
/// </summary>
public sealed class MendEditor : IEditor, IDisposable
{
    /// <summary>A new editor, which <see cref="MendTraining"/> then trains.</summary>
    /// <param name="model">The model to edit.</param>
    /// <param name="options">The variant.</param>
    /// <param name="seed">Root of the network's initial weights.</param>
    /// <param name="name">The name in tables.</param>
    public MendEditor(EditableModel model, MendOptions? options = null, Seed seed = default, string name = "MEND")
    {
        (Model, Options, Name) = (model, (options ?? new()).Checked(), name);
        Network = new MendNetwork(model.Weights, Options, seed.For("editor").ToInt64());
        Network.eval();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>The variant.</summary>
    public MendOptions Options { get; }

    /// <summary>What is learned.</summary>
    public MendNetwork Network { get; }

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        using var noGradient = no_grad();
        Network.eval();
        using EditGradient gradient = Model.Gradient(batch, reduction: Options.Reduction);
        EditableModel.CheckIsNews(gradient.Logits, batch.Targets);
        LinearFactors[] updates = Detached(Network.Updates(gradient.Factors));
        try
        {
            return Model.Edit(updates);
        }
        catch
        {
            foreach (LinearFactors update in updates) update.Dispose();
            throw;
        }
    }

    /// <summary>Gathers the statistics of u and delta on edits, before training and once; after it they stay as they are.</summary>
    /// <param name="edits">Edits like those of the training.</param>
    public void FitStatistics(IEnumerable<EditBatch> edits)
    {
        foreach (EditBatch batch in edits)
        {
            using EditGradient gradient = Model.Gradient(batch, reduction: Options.Reduction);
            Network.Observe(gradient.Factors);
        }
        Network.StatisticsFrozen = true;
    }

    /// <summary>
    /// The loss of one training step, c_e L_e + c_loc L_loc (paper §3.3): L_e of the edited model on the other words, summed over the edits in
    /// <see cref="MendOptions.Reduction"/>'s way and divided by their number; L_loc the divergence that the edit causes on the rest.
    /// </summary>
    /// <param name="task">The edits.</param>
    /// <param name="editWeight">c_e.</param>
    /// <param name="localityWeight">c_loc.</param>
    /// <param name="locality">Where L_loc looks.</param>
    public MendLoss Loss(EditTask task, double editWeight = 0.1, double localityWeight = 1, LocalityPlaces locality = LocalityPlaces.All)
    {
        using var scope = NewDisposeScope();
        using EditGradient gradient = Model.Gradient(task.Edit, task.Groups, Options.Reduction);
        LinearFactors[] updates = Network.Updates(gradient.Factors);
        Tensor before;
        using (no_grad()) before = Model.Logits(task.Locality);
        Tensor? mask = locality == LocalityPlaces.Targets ? EditableModel.TargetMask(task.Locality) : Model.LocalityMask(task.Locality);
        (Tensor edit, Tensor local) = Model.With(updates, () => (
            EditLosses.Edit(Model.Logits(task.Rephrased), task.Rephrased.Targets, Options.Reduction),
            EditLosses.Locality(before, Model.Logits(task.Locality), mask)));
        if (Options.Reduction == LossReduction.SumOfExamples) edit = edit / task.Rephrased.Rows;
        Tensor total = edit * editWeight + local * localityWeight;
        return new(total.MoveToOuterDisposeScope(), edit.item<float>(), local.item<float>());
    }

    private static LinearFactors[] Detached(LinearFactors[] updates)
    {
        foreach (LinearFactors update in updates)
        {
            update.U.DetachFromDisposeScope();
            update.Delta.DetachFromDisposeScope();
        }
        return updates;
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}

/// <summary>The loss of one training step.</summary>
/// <param name="Total">c_e L_e + c_loc L_loc, a scalar that a gradient can flow from.</param>
/// <param name="Edit">L_e.</param>
/// <param name="Locality">L_loc.</param>
public sealed record MendLoss(Tensor Total, double Edit, double Locality);
