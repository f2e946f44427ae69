using NotebookKit.Models;
using NotebookKit.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// A trained model as editors see it: it answers batches, and some of its linear layers can be changed. One small subclass per architecture.
/// While it lives, all the model's weights are frozen; <see cref="Dispose"/> gives them back as they were.
/// </summary>
public abstract class EditableModel : IDisposable
{
    private readonly Parameter[] _unfrozen;
    private readonly List<EditedModel> _edits = [];

    /// <summary>Wraps a model.</summary>
    /// <param name="model">The model; it stays the caller's, and is set to evaluation.</param>
    /// <param name="weightNames">The weights to edit, as in the model's named parameters, in the order of the editor's learned rates.</param>
    /// <exception cref="ArgumentException">There is no such weight, one is named twice, or it is no linear layer's matrix.</exception>
    protected EditableModel(nn.Module model, IReadOnlyList<string> weightNames)
    {
        if (weightNames.Count == 0) throw new ArgumentException("No weight is named. Name at least one linear layer's weight.", nameof(weightNames));
        nn.Module<Tensor, Tensor>[] layers = [.. weightNames.Select((name, i) => weightNames.Take(i).Contains(name)
            ? throw new ArgumentException($"'{name}' is named twice. Name every weight once.", nameof(weightNames))
            : LayerOf(model, name))];
        Module = model;
        Module.eval();
        _unfrozen = [.. model.parameters().Where(p => p.requires_grad)];
        foreach (Parameter weight in _unfrozen) weight.requires_grad_(false);
        Weights = [.. weightNames.Zip(layers, (name, layer) => new EditableLinear(name, layer))];
    }

    /// <summary>The model itself.</summary>
    public nn.Module Module { get; }

    /// <summary>The weights that editors change, in the order in which they were named.</summary>
    public IReadOnlyList<EditableLinear> Weights { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device => Weights[0].Weight.device;

    /// <summary>The edits in effect, the oldest first.</summary>
    public IReadOnlyList<EditedModel> Edits => _edits;

    /// <summary>The examples as tensors on the model's device.</summary>
    /// <exception cref="ArgumentException">There is no example, or one does not fit the model.</exception>
    public abstract EditBatch Batch(IReadOnlyList<EditExample> examples);

    /// <summary>The model's scores with all edits in effect, in step with <see cref="EditBatch.Targets"/>.</summary>
    public abstract Tensor Logits(EditBatch batch);

    /// <summary>The most probable answer to each question, token by token, without the token that ends it.</summary>
    /// <param name="inputs">The questions.</param>
    /// <param name="maxNewTokens">The most tokens of an answer.</param>
    public abstract IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8);

    /// <summary>The token that ends an answer, or null for a classifier.</summary>
    public virtual int? EndToken => null;

    /// <summary>The mean of the last hidden states over a row's question, [batch, width].</summary>
    public abstract Tensor Represent(EditBatch batch);

    /// <summary>The place of the last token of each row's question among the tokens that the layers see.</summary>
    public virtual long[] QuestionEnds(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        return (batch.AttentionMask.sum(1) - 1).cpu().data<long>().ToArray();
    }

    /// <summary>The places at which the paper's code compares the model before and after an edit, [batch, time]; null for every row of a classifier.</summary>
    public virtual Tensor? LocalityMask(EditBatch batch) => TargetMask(batch);

    /// <summary>1 where something is asked, in the shape of the targets.</summary>
    public static Tensor TargetMask(EditBatch batch) => batch.Targets.ne(TokenLabel.Ignored).to(int64);

    /// <summary>
    /// u and delta of every editable weight, for the loss of a batch: the inputs of its layer and the gradients at its outputs,
    /// token by token. No weight's gradient is formed.
    /// </summary>
    /// <param name="batch">The edits.</param>
    /// <param name="groups">Into how many edits the rows are divided, each with the same number of rows.</param>
    /// <param name="reduction">How rows become one loss.</param>
    /// <exception cref="ArgumentException">A row asks nothing, or the rows cannot be shared out.</exception>
    /// <exception cref="ArithmeticException">The loss is not a finite number.</exception>
    public EditGradient Gradient(EditBatch batch, int groups = 1, LossReduction reduction = LossReduction.SumOfExamples)
    {
        if (groups < 1 || batch.Rows % groups != 0) throw new ArgumentException($"{batch.Rows} rows cannot be shared out among {groups} edits.", nameof(groups));
        CheckAsks(batch);
        using var withGradient = enable_grad();
        using var scope = NewDisposeScope();
        try
        {
            foreach (EditableLinear weight in Weights) weight.Watch();
            Tensor logits = Logits(batch);
            Tensor loss = EditLosses.Edit(logits, batch.Targets, reduction);
            float value = loss.item<float>();
            if (!float.IsFinite(value)) throw new ArithmeticException($"The loss of the edit is not finite ({value}). Look at the model's weights and at the edit's tokens.");
            (Tensor Input, Tensor Output)[] seen = [.. Weights.Select(weight => weight.Seen())];
            // allow_unused, because any error in here would end the process
            IList<Tensor> deltas = autograd.grad([loss], [.. seen.Select(s => s.Output)], allow_unused: true);
            LinearFactors Factors(int i)
            {
                if (deltas[i] is null || deltas[i].IsInvalid)
                    throw new InvalidOperationException($"The answer does not depend on '{Weights[i].Name}'. Edit a weight that takes part in it.");
                Tensor Grouped(Tensor t) => t.reshape(groups, -1, t.shape[^1]).DetachFromDisposeScope();
                return new(Grouped(seen[i].Input), Grouped(deltas[i]));
            }
            var factors = Enumerable.Range(0, Weights.Count).Select(Factors).ToArray();
            return new(factors, value, logits.detach().DetachFromDisposeScope());
        }
        finally
        {
            foreach (EditableLinear weight in Weights) weight.Unwatch();
        }
    }

    /// <summary>Runs something under changes that are in effect only for it; a gradient can flow into the changes.</summary>
    /// <param name="changes">One for each weight.</param>
    /// <param name="run">What to run.</param>
    public T With<T>(IReadOnlyList<LinearFactors> changes, Func<T> run)
    {
        CheckFits(changes);
        Attach(changes);
        try
        {
            return run();
        }
        finally
        {
            Detach(changes);
        }
    }

    /// <summary>Puts a change into effect, as factors beside the weights, until it is reverted or applied.</summary>
    /// <param name="changes">One for each weight; they become the result's.</param>
    /// <exception cref="ArgumentException">The changes do not fit the weights.</exception>
    /// <exception cref="ArithmeticException">A change holds a number that is not finite; nothing is changed.</exception>
    public EditedModel Edit(IReadOnlyList<LinearFactors> changes)
    {
        CheckFits(changes);
        CheckFinite(changes);
        return new FactorEdit(this, changes);
    }

    /// <summary>Which rows the model answers as their targets say, greedily and with the right tokens before each: [batch].</summary>
    public bool[] Says(EditBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return EditLosses.IsRight(Logits(batch), batch.Targets).cpu().data<bool>().ToArray();
    }

    /// <summary>Refuses edits that are in the model already.</summary>
    /// <exception cref="ArgumentException">A row's target is what the model says.</exception>
    internal static void CheckIsNews(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        int said = Array.IndexOf(EditLosses.IsRight(logits, targets).cpu().data<bool>().ToArray(), true);
        if (said >= 0) throw new ArgumentException($"The target of row {said} is what the model says already. Leave that edit out.", nameof(targets));
    }

    internal static void CheckAsks(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor asked = TargetMask(batch);
        int silent = Array.IndexOf((asked.dim() == 1 ? asked : asked.sum(-1)).cpu().data<long>().ToArray(), 0);
        if (silent >= 0) throw new ArgumentException($"The target of row {silent} has no token. Give the answer that the model is to learn.", nameof(batch));
    }

    internal void Attach(IReadOnlyList<LinearFactors> changes)
    {
        for (int i = 0; i < changes.Count; i++) Weights[i].Attach(changes[i]);
    }

    internal void Detach(IReadOnlyList<LinearFactors> changes)
    {
        for (int i = 0; i < changes.Count; i++) Weights[i].Detach(changes[i]);
    }

    internal void Began(EditedModel edit) => _edits.Add(edit);

    internal void Ended(EditedModel edit) => _edits.Remove(edit);

    /// <summary>Rows of tokens as a tensor, int64 [rows, longest], filled up at the end, and 1 where there is a token.</summary>
    private protected (Tensor Ids, Tensor Mask) Padded(IReadOnlyList<IReadOnlyList<int>> rows, int padding) => TokenBatch.Of(rows, padding).IdsAndMask(Device);

    /// <summary>The mean of vectors [batch, time, width] over the places where the mask is 1, [batch, width].</summary>
    private protected static Tensor MeanOver(Tensor hidden, Tensor mask)
    {
        using var scope = NewDisposeScope();
        Tensor weights = mask.to(hidden.dtype).unsqueeze(-1);
        return ((hidden * weights).sum(1) / weights.sum(1)).MoveToOuterDisposeScope();
    }

    /// <summary>What stands in each row of token sequences from a place on, up to the token that ends it.</summary>
    private protected static IReadOnlyList<int[]> UntilEnd(Tensor sequences, int from, int end)
    {
        using var scope = NewDisposeScope();
        long[] tokens = sequences.cpu().contiguous().data<long>().ToArray();
        int time = (int)sequences.shape[1];
        return [.. tokens.Chunk(time).Select(row => row.Skip(from).Select(token => (int)token).TakeWhile(token => token != end).ToArray())];
    }

    private void CheckFits(IReadOnlyList<LinearFactors> changes)
    {
        if (changes.Count != Weights.Count) throw new ArgumentException($"There are {changes.Count} changes for {Weights.Count} weights. Give one for each.", nameof(changes));
        foreach ((EditableLinear weight, LinearFactors change) in Weights.Zip(changes))
            if (change.U.dim() != 3 || change.Delta.dim() != 3 || change.U.shape[2] != weight.Inputs || change.Delta.shape[2] != weight.Outputs || change.U.shape[0] != change.Delta.shape[0] || change.U.shape[1] != change.Delta.shape[1])
                throw new ArgumentException(
                    $"The change of '{weight.Name}' has u [{string.Join(", ", change.U.shape)}] and delta [{string.Join(", ", change.Delta.shape)}]; they must be [groups, tokens, {weight.Inputs}] and [groups, tokens, {weight.Outputs}].", nameof(changes));
    }

    private void CheckFinite(IReadOnlyList<LinearFactors> changes)
    {
        using var scope = NewDisposeScope();
        foreach ((EditableLinear weight, LinearFactors change) in Weights.Zip(changes))
            if (!change.U.isfinite().all().item<bool>() || !change.Delta.isfinite().all().item<bool>())
                throw new ArithmeticException($"The update of '{weight.Name}' holds a number that is not finite, so nothing was changed. Train the editor at a lower rate, or look at the edit.");
    }

    private static nn.Module<Tensor, Tensor> LayerOf(nn.Module model, string weightName)
    {
        var layers = model.named_modules().Where(m => m.module is Linear or Conv1D).ToDictionary(m => m.name + ".weight", m => (nn.Module<Tensor, Tensor>)m.module);
        if (layers.TryGetValue(weightName, out var layer)) return layer;
        var other = model.named_parameters().FirstOrDefault(p => p.name == weightName);
        if (other.parameter is not null)
            throw new ArgumentException($"'{weightName}' is [{string.Join(", ", other.parameter.shape)}] and no linear layer's matrix, so no gradient of it splits into u and delta. Name the weight of a linear layer.", nameof(weightName));
        string? near = layers.Keys.OrderByDescending(name => name.Split('.').Intersect(weightName.Split('.')).Count()).FirstOrDefault();
        throw new ArgumentException($"The model has no weight '{weightName}'. One that it has is '{near}'; the others are in its named parameters.", nameof(weightName));
    }

    /// <summary>Takes the hooks off and unfreezes what was not frozen before; an edit in effect that was not applied is reverted.</summary>
    public void Dispose()
    {
        foreach (EditedModel edit in _edits.AsEnumerable().Reverse().ToList()) edit.Dispose();
        foreach (EditableLinear weight in Weights) weight.Dispose();
        foreach (Parameter weight in _unfrozen) weight.requires_grad_(true);
        GC.SuppressFinalize(this);
    }
}
