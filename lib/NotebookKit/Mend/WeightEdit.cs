namespace NotebookKit.Mend;

/// <summary>An edit whose editor wrote into the weights itself.</summary>
internal sealed class WeightEdit(EditableModel model, SavedWeights before) : EditedModel(model)
{
    internal override bool IsInWeights => true;

    protected override void Write(bool revertible) { }

    protected override void Undo() => before.Restore();

    protected override void Free() => before.Dispose();
}
