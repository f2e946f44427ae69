namespace NotebookKit.Mend;

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
