using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// What MEND, KE and ENN share: an edit is an update made from the gradient of one example, and what makes the update is learned from edits
/// (the authors' trainer drives all three).
/// </summary>
public abstract class LearnedEditor : IEditor, IDisposable
{
    private protected LearnedEditor(EditableModel model, string name) => (Model, Name) = (model, name);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <inheritdoc cref="IEditor.Original"/>
    public virtual EditableModel Original => Model;

    /// <summary>What is learned.</summary>
    public abstract nn.Module Network { get; }

    /// <summary>The learned rates alpha, one for each weight; null for an editor without.</summary>
    internal virtual Parameter? Rates => null;

    /// <summary>How the losses of several edits become one.</summary>
    internal virtual LossReduction Reduction => LossReduction.SumOfExamples;

    /// <summary>The learned rates, in the order of the weights; none for an editor without.</summary>
    public IReadOnlyList<double> Alphas
    {
        get
        {
            using var scope = NewDisposeScope();
            return Rates is null ? [] : Rates.detach().to(float64).cpu().data<double>().ToArray();
        }
    }

    /// <summary>The update of every weight by its factors; a gradient can flow from it into what is learned.</summary>
    internal abstract LinearFactors[] Updates(EditBatch batch, EditGradient gradient);

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        using var noGradient = no_grad();
        Network.eval();
        using EditGradient gradient = Model.Gradient(batch, reduction: Reduction);
        EditableModel.CheckIsNews(gradient.Logits, batch.Targets);
        LinearFactors[] updates = Updates(batch, gradient);
        foreach (LinearFactors update in updates)
        {
            update.U.DetachFromDisposeScope();
            update.Delta.DetachFromDisposeScope();
        }
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

    /// <summary>
    /// The loss of one training step, c_e L_e + c_loc L_loc (paper §3.3): L_e of the edited model on the other words, summed over the edits in
    /// <see cref="Reduction"/>'s way and divided by their number; L_loc the divergence that the edit causes on the rest.
    /// </summary>
    /// <param name="task">The edits.</param>
    /// <param name="editWeight">c_e.</param>
    /// <param name="localityWeight">c_loc.</param>
    /// <param name="locality">Where L_loc looks.</param>
    public virtual MendLoss Loss(EditTask task, double editWeight = 0.1, double localityWeight = 1, LocalityPlaces locality = LocalityPlaces.All)
    {
        using var scope = NewDisposeScope();
        using EditGradient gradient = Model.Gradient(task.Edit, task.Groups, Reduction);
        LinearFactors[] updates = Updates(task.Edit, gradient);
        Tensor before;
        using (no_grad()) before = Model.Logits(task.Locality);
        Tensor? mask = locality == LocalityPlaces.Targets ? EditableModel.TargetMask(task.Locality) : Model.LocalityMask(task.Locality);
        (Tensor edit, Tensor local) = Model.With(updates, () => (
            EditLosses.Edit(Model.Logits(task.Rephrased), task.Rephrased.Targets, Reduction),
            EditLosses.Locality(before, Model.Logits(task.Locality), mask)));
        if (Reduction == LossReduction.SumOfExamples) edit = edit / task.Rephrased.Rows;
        Tensor total = edit * editWeight + local * localityWeight;
        return new(total.MoveToOuterDisposeScope(), edit.item<float>(), local.item<float>());
    }

    /// <summary>Frees what is learned.</summary>
    public virtual void Dispose()
    {
        Network.Dispose();
        GC.SuppressFinalize(this);
    }
}
