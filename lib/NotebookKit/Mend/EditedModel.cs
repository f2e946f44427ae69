using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// A model with an edit in effect. <see cref="Apply"/> makes the edit permanent, <see cref="Revert"/> undoes it bit for bit.
/// Disposing frees what undoing needs: an edit that was not applied is reverted, an applied one stays.
/// </summary>
public abstract class EditedModel : IDisposable
{
    private bool _ended;

    internal EditedModel(EditableModel model)
    {
        Model = model;
        model.Began(this);
    }

    /// <summary>The model that was edited.</summary>
    public EditableModel Model { get; }

    /// <summary>Whether the edit was made permanent.</summary>
    public bool IsApplied { get; private set; }

    /// <summary>The edited model's scores, in step with <see cref="EditBatch.Targets"/>.</summary>
    public virtual Tensor Logits(EditBatch batch) => Model.Logits(batch);

    /// <summary>The edited model's answers.</summary>
    /// <inheritdoc cref="EditableModel.Answer"/>
    public virtual IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8) => Model.Answer(inputs, maxNewTokens);

    /// <summary>Makes the edit permanent: from here on it is in the weights.</summary>
    /// <param name="revertible">
    /// Whether the weights as they were are kept beside it, until it is reverted or disposed. Otherwise the factors are added in place,
    /// nothing of a weight's size is ever held, and there is no way back.
    /// </param>
    /// <exception cref="InvalidOperationException">It was applied or reverted before.</exception>
    public void Apply(bool revertible = true)
    {
        if (_ended || IsApplied) throw new InvalidOperationException($"The edit was {(_ended ? "reverted" : "applied")} before.");
        Write(revertible);
        IsApplied = true;
        if (!revertible) End();
    }

    /// <summary>Undoes the edit: the weights are bit for bit what they were.</summary>
    /// <exception cref="InvalidOperationException">A later edit that is in the weights must be reverted first, or what undoing needs is gone.</exception>
    public void Revert()
    {
        if (_ended && IsApplied) throw new InvalidOperationException("The edit was made permanent and what undoing it needs was freed. Revert before disposing, and apply revertibly.");
        if (_ended) return;
        if (IsInWeights && Model.Edits.SkipWhile(edit => edit != this).Skip(1).Any(edit => edit.IsInWeights))
            throw new InvalidOperationException("A later edit was written into the weights. Revert the later one first.");
        Undo();
        IsApplied = false;
        End();
    }

    /// <summary>Whether the weights themselves differ by this edit.</summary>
    internal abstract bool IsInWeights { get; }

    /// <summary>Writes the edit into the weights.</summary>
    protected abstract void Write(bool revertible);

    /// <summary>Takes the edit back.</summary>
    protected abstract void Undo();

    /// <summary>Frees what undoing needs.</summary>
    protected abstract void Free();

    /// <summary>Reverts an edit that was not applied, and frees what undoing needs.</summary>
    public void Dispose()
    {
        if (!_ended && !IsApplied) Revert();
        End();
        GC.SuppressFinalize(this);
    }

    private void End()
    {
        if (_ended) return;
        _ended = true;
        Free();
        Model.Ended(this);
    }
}

/// <summary>An edit by factors: beside the weights until it is applied.</summary>
internal sealed class FactorEdit : EditedModel
{
    private readonly IReadOnlyList<LinearFactors> _changes;
    private SavedWeights? _before;

    internal FactorEdit(EditableModel model, IReadOnlyList<LinearFactors> changes) : base(model)
    {
        _changes = changes;
        model.Attach(changes);
    }

    internal override bool IsInWeights => IsApplied;

    protected override void Write(bool revertible)
    {
        if (revertible) _before = new SavedWeights(Model);
        Model.Detach(_changes);
        for (int i = 0; i < _changes.Count; i++) Model.Weights[i].Add(_changes[i]);
    }

    protected override void Undo()
    {
        if (_before is null) Model.Detach(_changes);
        else _before.Restore();
    }

    protected override void Free()
    {
        foreach (LinearFactors change in _changes) change.Dispose();
        _before?.Dispose();
    }
}

/// <summary>An edit whose editor wrote into the weights itself.</summary>
internal sealed class WeightEdit(EditableModel model, SavedWeights before) : EditedModel(model)
{
    internal override bool IsInWeights => true;

    protected override void Write(bool revertible) { }

    protected override void Undo() => before.Restore();

    protected override void Free() => before.Dispose();
}

/// <summary>The editable weights as they were.</summary>
internal sealed class SavedWeights(EditableModel model) : IDisposable
{
    private readonly Tensor[] _values = [.. model.Weights.Select(weight => weight.Weight.detach().clone().DetachFromDisposeScope())];

    /// <summary>Runs something, without gradients, under the weights as they were.</summary>
    internal T Under<T>(Func<T> run)
    {
        using var noGradient = no_grad();
        using var now = new SavedWeights(model);
        Restore();
        try
        {
            return run();
        }
        finally
        {
            now.Restore();
        }
    }

    internal void Restore()
    {
        using var noGradient = no_grad();
        foreach ((EditableLinear weight, Tensor value) in model.Weights.Zip(_values)) weight.Weight.copy_(value);
    }

    /// <summary>Brings every weight back to within a distance of where it was, entry by entry.</summary>
    internal void Clamp(double bound)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach ((EditableLinear weight, Tensor value) in model.Weights.Zip(_values)) weight.Weight.copy_(weight.Weight.clamp(value - bound, value + bound));
    }

    public void Dispose()
    {
        foreach (Tensor value in _values) value.Dispose();
    }
}
