using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// ENN (Sinitsin et al. 2020) as MEND's authors built it, in its first-order form: an edit is one plain gradient step, W ← W - alpha G, and what
/// is learned is the model itself, so that such a step does what it should. Every weight is trained, and the edited model is compared with the
/// model before that training, which pays for it.
/// </summary>
/// <remarks>First order: the gradient of the outer loss is taken at the edited weights, and G counts as a constant. Alpha learns all the same.</remarks>
public sealed class EnnEditor : LearnedEditor
{
    private readonly Learned _learned;
    private readonly EditableModel _original;

    /// <summary>An editor whose model is trained by <see cref="MendTraining"/>.</summary>
    /// <param name="model">The model that is trained and edited: a copy of the original. Its weights stay unfrozen while the editor lives.</param>
    /// <param name="original">The model as it was.</param>
    /// <param name="initialAlpha">The rates at the start.</param>
    /// <param name="name">The name in tables.</param>
    public EnnEditor(EditableModel model, EditableModel original, double initialAlpha = 1e-2, string name = "ENN, first order") : base(model, name)
    {
        _original = original;
        foreach (Parameter weight in model.Module.parameters()) weight.requires_grad_(true);
        _learned = new Learned(model, initialAlpha);
        _learned.eval();
    }

    /// <inheritdoc/>
    public override nn.Module Network => _learned;

    /// <summary>The model before it was trained for edits.</summary>
    public override EditableModel Original => _original;

    internal override Parameter Rates => _learned.Alpha;

    internal override LinearFactors[] Updates(EditBatch batch, EditGradient gradient) =>
        [.. gradient.Factors.Select((factors, i) => new LinearFactors(factors.U.clone(), factors.Delta * -_learned.Alpha[i]))];

    /// <summary>c_e L_e + c_loc L_loc, and KL(original ‖ trained) on the same questions, whose weight is 1 in the authors' code whatever its setting says.</summary>
    /// <inheritdoc/>
    public override MendLoss Loss(EditTask task, double editWeight = 0.1, double localityWeight = 1, LocalityPlaces locality = LocalityPlaces.All)
    {
        using var scope = NewDisposeScope();
        MendLoss edit = base.Loss(task, editWeight, localityWeight, locality);
        Tensor original;
        using (no_grad()) original = _original.Logits(task.Locality);
        Tensor stay = EditLosses.Locality(original, Model.Logits(task.Locality), locality == LocalityPlaces.Targets ? EditableModel.TargetMask(task.Locality) : Model.LocalityMask(task.Locality));
        return edit with { Total = (edit.Total + stay).MoveToOuterDisposeScope() };
    }

    /// <summary>Freezes the model's weights again.</summary>
    public override void Dispose()
    {
        foreach (Parameter weight in Model.Module.parameters()) weight.requires_grad_(false);
        base.Dispose();
    }

    /// <summary>The model and the rates.</summary>
    private sealed class Learned : nn.Module
    {
        [ComponentName(Name = "alpha")]
        private readonly Parameter _alpha;

        internal Learned(EditableModel model, double alpha) : base(nameof(Learned))
        {
            register_module("model", model.Module);
            register_parameter("alpha", _alpha = new Parameter(full(model.Weights.Count, alpha, dtype: float32, device: model.Device)));
        }

        internal Parameter Alpha => _alpha;

        protected override void Dispose(bool disposing)
        {
            if (disposing) _alpha.Dispose(); // the model stays the caller's
        }
    }
}
