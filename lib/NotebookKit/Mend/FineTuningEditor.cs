using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// The paper's baseline: steps on the edited weights along the gradient of the edit's loss until the answer is the target. With locality batches
/// it is the variant FT+KL, which needs training data at the time of the edit.
/// </summary>
public sealed class FineTuningEditor : IEditor
{
    private readonly Func<EditBatch>? _nextLocality;

    /// <summary>An editor that needs no training.</summary>
    /// <param name="model">The model to edit.</param>
    /// <param name="options">Rate and number of steps.</param>
    /// <param name="nextLocality">Gives a fresh batch of other questions at every step, freed after it; null for plain fine-tuning.</param>
    /// <param name="name">The name in tables; null for FT or FT+KL.</param>
    public FineTuningEditor(EditableModel model, FineTuningEditOptions? options = null, Func<EditBatch>? nextLocality = null, string? name = null) =>
        (Model, Options, _nextLocality, Name) = (model, options ?? new(), nextLocality, name ?? (nextLocality is null ? "FT" : "FT+KL"));

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>Rate and number of steps.</summary>
    public FineTuningEditOptions Options { get; }

    /// <summary>Steps that the last edit took.</summary>
    public int LastSteps { get; private set; }

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        EditableModel.CheckAsks(batch);
        using (no_grad())
        using (NewDisposeScope()) EditableModel.CheckIsNews(Model.Logits(batch), batch.Targets);

        var before = new SavedWeights(Model);
        Parameter[] weights = [.. Model.Weights.Select(weight => weight.Weight)];
        try
        {
            foreach (Parameter weight in weights) weight.requires_grad_(true);
            using OptimizerHelper optimizer = optim.RMSProp(weights, Options.LearningRate);
            for (LastSteps = 0; LastSteps < Options.MaximumSteps; LastSteps++)
                if (!Step(batch, before, optimizer)) break;
            return new WeightEdit(Model, before);
        }
        catch
        {
            before.Restore();
            before.Dispose();
            throw;
        }
        finally
        {
            foreach (Parameter weight in weights)
            {
                weight.grad = null;
                weight.requires_grad_(false);
            }
        }
    }

    /// <summary>One step, or false if the model answers as it should.</summary>
    private bool Step(EditBatch batch, SavedWeights before, OptimizerHelper optimizer)
    {
        using var withGradient = enable_grad();
        using var scope = NewDisposeScope();
        using EditBatch? rest = _nextLocality?.Invoke();
        Tensor? was = rest is null ? null : before.Under(() => Model.Logits(rest)); // first: it moves the weights, which a graph must not see
        Tensor logits = Model.Logits(batch);
        if (EditLosses.IsRight(logits, batch.Targets).all().item<bool>()) return false;
        Tensor loss = EditLosses.Edit(logits, batch.Targets);
        if (rest is not null) loss = loss * Options.EditWeight + EditLosses.Locality(was!, Model.Logits(rest), Model.LocalityMask(rest));
        if (!float.IsFinite(loss.item<float>()))
            throw new ArithmeticException($"The loss of step {LastSteps} is not finite ({loss.item<float>()}), so the weights were put back. Lower the rate (now {Options.LearningRate:g3}).");
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        if (Model.Weights.Any(weight => !weight.Weight.isfinite().all().item<bool>()))
            throw new ArithmeticException($"Step {LastSteps} made a weight that is not finite, so the weights were put back. Lower the rate (now {Options.LearningRate:g3}).");
        return true;
    }
}

/// <summary>Fine-tuning as an edit; the defaults are the paper's (§4, App. B) for its small models.</summary>
public sealed record FineTuningEditOptions
{
    /// <summary>The rate of RMSprop, whose first step is about ten times the rate in the direction of the gradient's sign.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>The most steps; it stops as soon as the model's greedy answer is the target.</summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>c_edit in c_edit · L_e + L_loc, for the variant that holds the rest in place.</summary>
    public double EditWeight { get; init; } = 1e-2;
}
