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

    /// <inheritdoc/>
    public int LastSteps { get; private set; }

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        EditableModel.CheckAsks(batch);
        using (no_grad())
        using (NewDisposeScope()) EditableModel.CheckIsNews(Model.Logits(batch), batch.Targets);

        var before = new SavedWeights(Model);
        EditableLinear[] trained = Options.Weight is { } only ? [Model.Weights[only]] : [.. Model.Weights];
        Parameter[] weights = [.. trained.Select(weight => weight.Weight)];
        try
        {
            foreach (Parameter weight in weights) weight.requires_grad_(true);
            using OptimizerHelper optimizer = Options.Step == FineTuningStep.Adam ? optim.Adam(weights, Options.LearningRate) : optim.RMSProp(weights, Options.LearningRate);
            for (LastSteps = 0; LastSteps < Options.MaximumSteps; LastSteps++)
            {
                if (!Step(batch, before, optimizer)) break;
                if (Options.Bound is { } bound) before.Clamp(bound);
            }
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
        Tensor loss = Options.AtPromptEnd ? EditLosses.AtPromptEnd(logits, batch.Targets) : EditLosses.Edit(logits, batch.Targets);
        if (Options.StopBelow is { } low ? loss.item<float>() < low : IsSure(logits, batch.Targets)) return false;
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

    /// <summary>Whether every token of the answers is the most probable one, and as probable as the margin asks.</summary>
    private bool IsSure(Tensor logits, Tensor targets) =>
        EditLosses.IsRight(logits, targets).all().item<bool>()
        && (Options.Margin == 0 || EditLosses.LogProbabilities(logits, targets).min().item<float>() > Math.Log(Options.Margin));
}

/// <summary>Fine-tuning as an edit; the defaults are the paper's (§4, App. B) for its small models.</summary>
public sealed record FineTuningEditOptions
{
    /// <summary>The rate of RMSprop, whose first step is about ten times the rate in the direction of the gradient's sign.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>The optimizer: RMSprop in MEND's baseline, Adam in ROME's.</summary>
    public FineTuningStep Step { get; init; } = FineTuningStep.RmsProp;

    /// <summary>The one of the model's <see cref="EditableModel.Weights"/> that is trained; null for all.</summary>
    public int? Weight { get; init; }

    /// <summary>How far a weight may go from where it was (L∞): the wall of FT+L (Zhu et al. 2020). Null for none.</summary>
    public double? Bound { get; init; }

    /// <summary>
    /// Whether all tokens of an answer are read off the scores after the question's last token, as in ROME's code ("FT-L" in EasyEdit): for an
    /// answer of several tokens the loss cannot fall below the entropy of their counts.
    /// </summary>
    public bool AtPromptEnd { get; init; }

    /// <summary>The loss below which it stops; null to stop at the right answer.</summary>
    public double? StopBelow { get; init; }

    /// <summary>FT+L as in ROME's code: Adam on one weight, at most 25 steps, within a wall. (There the layer's bias is trained too.)</summary>
    /// <param name="weight">The weight, an out-projection.</param>
    /// <param name="bound">The wall: 5e-4 for GPT-2 XL, 2e-3 for the medium size.</param>
    public static FineTuningEditOptions WithinBound(int weight, double bound) =>
        new() { Step = FineTuningStep.Adam, LearningRate = 5e-4, MaximumSteps = 25, Weight = weight, Bound = bound, AtPromptEnd = true, StopBelow = 1e-2 };

    /// <summary>The most steps; it stops as soon as the model's greedy answer is the target.</summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>
    /// The probability that every token of the answer must have before it stops; 0 for the paper's stop, as soon as each is the most probable one.
    /// Tokens that only just win are what other words lose again.
    /// </summary>
    public double Margin { get; init; }

    /// <summary>c_edit in c_edit · L_e + L_loc, for the variant that holds the rest in place.</summary>
    public double EditWeight { get; init; } = 1e-2;
}

/// <summary>The optimizer of fine-tuning.</summary>
public enum FineTuningStep
{
    /// <summary>RMSprop; its first step is 10 · rate · sign of the gradient.</summary>
    RmsProp,

    /// <summary>Adam; its first step is rate · sign of the gradient.</summary>
    Adam,
}
