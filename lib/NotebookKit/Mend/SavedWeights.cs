using static TorchSharp.torch;

namespace NotebookKit.Mend;

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
