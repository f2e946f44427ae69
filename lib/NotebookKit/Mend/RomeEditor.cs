using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>How ROME and MEMIT search a value; the defaults are those of ROME's code for GPT-2 XL, which differ from its text (App. E.5).</summary>
public sealed record RomeOptions
{
    /// <summary>Which of the model's <see cref="EditableModel.Weights"/> is edited: the feed-forward layer's out-projection of a block in the middle.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Adam's rate on the change of the value.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>Forward passes at most; the last one is not followed by an update.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The search ends when the loss is below.</summary>
    public double StopBelow { get; init; } = 0.05;

    /// <summary>Weight of the divergence on the subject alone.</summary>
    public double KlWeight { get; init; } = 0.0625;

    /// <summary>Weight of ‖change‖ / ‖value before‖².</summary>
    public double WeightDecay { get; init; } = 0.5;

    /// <summary>The change is never longer than so many times the value before.</summary>
    public double Clamp { get; init; } = 4;
}

/// <summary>
/// ROME (Meng et al. 2022): a feed-forward layer's out-projection is read as a memory from keys to values. An edit finds the value that makes the
/// model give the new answer, and writes it under the subject's key by the one change of rank one that moves other keys least.
/// Several edits are made one after the other. Needs to know where the subject stands (<see cref="EditExample.Subject"/>).
/// </summary>
public sealed class RomeEditor : IEditor, IDisposable
{
    private readonly Tensor _moments;
    private readonly IReadOnlyList<IReadOnlyList<int>> _prefixes;

    /// <summary>An editor that needs no training, only the keys' second moment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="moments">C of the edited layer (<see cref="KeyMoments"/>), float64 [in, in]; it becomes the editor's.</param>
    /// <param name="options">The search.</param>
    /// <param name="prefixes">
    /// Texts that are put before the question while value and key are sought. Then the authors' code has two keys: the mean over all wordings
    /// gives the direction, the bare question the constraint. Without prefixes the two are one, as in the paper's formula.
    /// </param>
    /// <param name="name">The name in tables.</param>
    public RomeEditor(EditableModel model, Tensor moments, RomeOptions? options = null, IReadOnlyList<IReadOnlyList<int>>? prefixes = null, string name = "ROME") =>
        (Model, _moments, Options, _prefixes, Name) = (model, moments, options ?? new(), prefixes ?? [], name);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>The search.</summary>
    public RomeOptions Options { get; }

    /// <inheritdoc/>
    public int LastSteps { get; private set; }

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        ValueSearch.CheckIsNews(Model, batch);
        LastSteps = 0;
        using var scope = NewDisposeScope();
        EditableLinear weight = Model.Weights[Options.Weight];
        LinearFactors change = ValueSearch.None(weight, Model.Device);
        foreach (EditExample example in batch.Examples)
        {
            // on top of the edits before it
            LinearFactors one = Model.With(ValueSearch.At(Model, weight, change), () =>
            {
                ValueSearch found = ValueSearch.Of(Model, weight, example, _prefixes, Options);
                LastSteps += found.Steps;
                return Update(_moments, found.Keys.mean([0]), found.Keys[0], found.Change);
            });
            change = new(cat([change.U, one.U], 1), cat([change.Delta, one.Delta], 1));
        }
        return Model.Edit(ValueSearch.Kept(ValueSearch.At(Model, weight, change)));
    }

    /// <summary>
    /// ΔW = (v* - W k*) uᵀ / (k* · u) with u = C⁻¹ k̄: afterwards W k* is v*. With one key it is the least change in the norm ‖ΔW C^½‖ that does it.
    /// </summary>
    /// <param name="moments">C, [in, in].</param>
    /// <param name="meanKey">k̄, the direction's key, [in].</param>
    /// <param name="key">k*, the key of the constraint, [in].</param>
    /// <param name="residual">v* - W k*, [out].</param>
    public static LinearFactors Update(Tensor moments, Tensor meanKey, Tensor key, Tensor residual)
    {
        using var scope = NewDisposeScope();
        Tensor u = linalg.solve(moments, meanKey.to(moments.dtype));
        Tensor right = residual.to(moments.dtype) / u.dot(key.to(moments.dtype));
        return new(u.to(residual.dtype).view(1, 1, -1).MoveToOuterDisposeScope(), right.to(residual.dtype).view(1, 1, -1).MoveToOuterDisposeScope());
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose() => _moments.Dispose();
}
