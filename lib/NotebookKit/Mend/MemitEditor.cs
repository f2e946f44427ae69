using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// MEMIT (Meng et al. 2023) in one layer: ROME's values for many facts, written together by least squares. The paper spreads the change over
/// several layers; a model of three blocks has one that is worth it.
/// </summary>
public sealed class MemitEditor : IEditor, IDisposable
{
    private readonly Tensor _moments;
    private readonly IReadOnlyList<IReadOnlyList<int>> _prefixes;

    /// <summary>An editor that needs no training, only the keys' second moment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="moments">C of the edited layer (<see cref="KeyMoments"/>), float64 [in, in]; it becomes the editor's.</param>
    /// <param name="lambda">Weight of C against one edit's key: how many tokens of ordinary text it stands for. 15,000 or 20,000 in the paper; a small model needs far less.</param>
    /// <param name="options">The search; null for the code's, whose clamp is .75.</param>
    /// <param name="prefixes">Texts before the question. A key is half the bare question's and half the mean of theirs.</param>
    /// <param name="name">The name in tables.</param>
    public MemitEditor(EditableModel model, Tensor moments, double lambda, RomeOptions? options = null, IReadOnlyList<IReadOnlyList<int>>? prefixes = null, string name = "MEMIT") =>
        (Model, _moments, Lambda, Options, _prefixes, Name) = (model, moments, lambda, options ?? new() { Clamp = 0.75 }, prefixes ?? [], name);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>Weight of C against one edit's key.</summary>
    public double Lambda { get; }

    /// <summary>The search.</summary>
    public RomeOptions Options { get; }

    /// <inheritdoc/>
    public int LastSteps { get; private set; }

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        ValueSearch.CheckIsNews(Model, batch);
        using var scope = NewDisposeScope();
        EditableLinear weight = Model.Weights[Options.Weight];
        ValueSearch[] found = [.. batch.Examples.Select(example => ValueSearch.Of(Model, weight, example, _prefixes, Options))];
        LastSteps = found.Sum(f => f.Steps);
        Tensor Key(ValueSearch f) => _prefixes.Count == 0 ? f.Keys[0] : 0.5 * f.Keys[0] + 0.5 * f.Keys.narrow(0, 1, _prefixes.Count).mean([0]);
        LinearFactors change = Update(_moments, Lambda, stack(found.Select(Key).ToList()), stack(found.Select(f => f.Change).ToList()));
        return Model.Edit(ValueSearch.Kept(ValueSearch.At(Model, weight, change)));
    }

    /// <summary>
    /// ΔW = R Kᵀ (lambda C + K Kᵀ)⁻¹, with the edits' keys and residuals as the columns of K and R. For one edit and lambda → 0 it is ROME's.
    /// </summary>
    /// <param name="moments">C, [in, in].</param>
    /// <param name="lambda">Its weight.</param>
    /// <param name="keys">Kᵀ, [edits, in].</param>
    /// <param name="residuals">Rᵀ, [edits, out].</param>
    public static LinearFactors Update(Tensor moments, double lambda, Tensor keys, Tensor residuals)
    {
        using var scope = NewDisposeScope();
        Tensor k = keys.to(moments.dtype).t();
        Tensor adjusted = linalg.solve(lambda * moments + k.mm(k.t()), k).t();
        return new(adjusted.to(residuals.dtype).unsqueeze(0).MoveToOuterDisposeScope(), residuals.clone().unsqueeze(0).MoveToOuterDisposeScope());
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose() => _moments.Dispose();
}
