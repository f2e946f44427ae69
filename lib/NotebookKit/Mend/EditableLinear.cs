using NotebookKit.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// One weight that editors change. A hook on its layer hands out the input u and the output, whose gradient is delta, and adds the
/// changes that are in effect to the output, by their factors.
/// </summary>
public sealed class EditableLinear : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _layer;
    private readonly IDisposable _hook;
    private readonly List<LinearFactors> _changes = [];
    private readonly List<Func<Tensor, Tensor, Tensor>> _rewrites = [];
    private bool _watching;
    private Tensor? _input, _output;

    internal EditableLinear(string name, nn.Module<Tensor, Tensor> layer)
    {
        (Name, _layer) = (name, layer);
        (Weight, IsTransposed) = layer is Conv1D conv ? (conv.Weight, true) : (((Linear)layer).weight!, false);
        var remover = layer.register_forward_hook(AfterForward);
        _hook = new Removal(remover.remove);
    }

    /// <summary>The weight's name in the model.</summary>
    public string Name { get; }

    /// <summary>The matrix: [out, in], or [in, out] in GPT-2's layers.</summary>
    public Parameter Weight { get; }

    /// <summary>Whether the matrix is stored [in, out].</summary>
    public bool IsTransposed { get; }

    /// <summary>Width of u.</summary>
    public long Inputs => Weight.shape[IsTransposed ? 0 : 1];

    /// <summary>Width of delta.</summary>
    public long Outputs => Weight.shape[IsTransposed ? 1 : 0];

    internal void Watch() => _watching = true;

    /// <summary>The layer's input and output since <see cref="Watch"/>; the caller frees them.</summary>
    /// <exception cref="InvalidOperationException">The model did not use the layer.</exception>
    internal (Tensor Input, Tensor Output) Seen()
    {
        if (_input is null || _output is null) throw new InvalidOperationException($"The model did not use '{Name}' on this batch. Edit a weight that takes part in its answers.");
        return (_input, _output);
    }

    internal void Unwatch()
    {
        _watching = false;
        _input?.Dispose();
        _output?.Dispose();
        (_input, _output) = (null, null);
    }

    internal void Attach(LinearFactors change) => _changes.Add(change);

    internal void Detach(LinearFactors change) => _changes.Remove(change);

    /// <summary>Lets something see the layer's input and output, [rows, time, width], and put another output in its place, until the result is disposed.</summary>
    internal IDisposable Rewrite(Func<Tensor, Tensor, Tensor> rewrite)
    {
        _rewrites.Add(rewrite);
        return new Removal(() => _rewrites.Remove(rewrite));
    }

    /// <summary>W ← W + Σ delta uᵀ, in place.</summary>
    internal void Add(LinearFactors change)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (Tensor u, Tensor delta) = (change.U.flatten(0, 1), change.Delta.flatten(0, 1));
        if (IsTransposed) Weight.addmm_(u.t(), delta, beta: 1, alpha: 1);
        else Weight.addmm_(delta.t(), u, beta: 1, alpha: 1);
    }

    private Tensor AfterForward(nn.Module<Tensor, Tensor> layer, Tensor input, Tensor output)
    {
        foreach (LinearFactors change in _changes) output = output + change.Times(input);
        foreach (Func<Tensor, Tensor, Tensor> rewrite in _rewrites) output = rewrite(input, output);
        if (!_watching) return output;
        // The graph may begin here: nothing below the lowest edited layer needs a gradient.
        if (!output.requires_grad) output = output.detach().requires_grad_(true);
        _input?.Dispose();
        _input = input.detach().DetachFromDisposeScope(); // the model's own scope ends before we look
        return _output = output.DetachFromDisposeScope();
    }

    /// <summary>Takes the hook off the layer.</summary>
    public void Dispose()
    {
        Unwatch();
        _hook.Dispose();
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
