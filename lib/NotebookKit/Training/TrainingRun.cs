using NotebookKit.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>A model on its way from step 0 to the last: its optimizer, its schedule and its place in them.</summary>
/// <remarks>
/// A step draws its random numbers (dropout, and whatever the caller derives from <see cref="StepSeed"/>) from the run's seed and the
/// step's number alone. So neither an evaluation between two steps nor a stop and <see cref="Checkpoint"/> changes what follows.
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private readonly Parameter[] _weights;

    /// <summary>Begins a run at step 0.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">Number of steps, schedule and optimizer.</param>
    /// <param name="seed">Root of the run's random numbers.</param>
    /// <param name="optimizer">Another optimizer than <see cref="TrainingOptions.CreateOptimizer"/>'s; it becomes the run's.</param>
    public TrainingRun(nn.Module model, TrainingOptions options, Seed seed, OptimizerHelper? optimizer = null)
    {
        Model = model;
        Options = options;
        Seed = seed;
        Optimizer = optimizer ?? options.CreateOptimizer(model);
        _weights = [.. model.parameters().Where(p => p.requires_grad)];
    }

    /// <summary>The model that is trained.</summary>
    public nn.Module Model { get; }

    /// <summary>Number of steps, schedule and optimizer settings.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Root of the run's random numbers.</summary>
    public Seed Seed { get; internal set; }

    /// <summary>Updates made so far.</summary>
    public long Step { get; internal set; }

    /// <summary>Whether all steps are done.</summary>
    public bool IsDone => Step >= Options.Steps;

    /// <summary>The seed of the step that comes next.</summary>
    public Seed StepSeed => Seed.For("step").At(Step);

    /// <summary>What part of the schedule's rate each of the optimizer's groups has; null for all of it.</summary>
    internal IReadOnlyList<double>? RateShares { get; init; }

    internal OptimizerHelper Optimizer { get; }

    /// <summary>Rows of a batch that go through the model at once.</summary>
    internal int RowsAtOnce { get; init; } = int.MaxValue;

    /// <summary>Whether two halves of a batch are worked at the same time where there are two threads: see <see cref="Training.SideBySide.Pays"/>.</summary>
    internal bool SideBySide { get; init; }

    /// <summary>The steps that are left, one by one; the caller may stop, evaluate or save between two of them.</summary>
    /// <param name="advance">Makes one step of this run.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public IEnumerable<TrainingStep> Steps(Func<TrainingStep> advance, CancellationToken cancellation = default)
    {
        while (!IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return advance();
        }
    }

    /// <summary>One step: loss, gradients, clipping, update. Every tensor made on the way is freed, the loss included.</summary>
    /// <param name="lossOf">The loss of this step's batch, a scalar; called once, with the model in training mode.</param>
    /// <exception cref="ArithmeticException">The loss is not a number or infinite; the weights are as before the step.</exception>
    public TrainingStep Advance(Func<Tensor> lossOf) => Advance(1, _ => lossOf());

    /// <summary>One step on a batch that the run divides by rows where that is faster or takes less memory; the loss is the whole batch's.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="labelsOf">How many labels a row has.</param>
    /// <param name="meanLossOf">The mean loss of some of the rows over their labels, a scalar; two calls may run at the same time.</param>
    /// <exception cref="ArgumentException">No row has a label.</exception>
    /// <exception cref="ArithmeticException">The loss is not a number or infinite; the weights are as before the step.</exception>
    public TrainingStep Advance<T>(IReadOnlyList<T> rows, Func<T, int> labelsOf, Func<IReadOnlyList<T>, Tensor> meanLossOf)
    {
        bool halves = SideBySide && rows.Count > 1 && rows.Count <= RowsAtOnce && get_num_threads() > 1 && _weights.All(w => w.device_type == TorchSharp.DeviceType.CPU);
        var parts = rows.Chunk(halves ? (rows.Count + 1) / 2 : RowsAtOnce).Select(part => (Rows: part, Labels: part.Sum(labelsOf))).Where(part => part.Labels > 0).ToList();
        double labels = parts.Sum(part => part.Labels);
        if (labels == 0) throw new ArgumentException($"No row of the batch of step {Step} has a label, so there is nothing to learn from it.", nameof(rows));
        // A part's loss is a mean over its own labels: weighted, the parts sum up to the mean over the batch's.
        return Advance(parts.Count, part => meanLossOf(parts[part].Rows).Times(parts[part].Labels / labels), halves && parts.Count == 2);
    }

    /// <summary>One step whose batch is too large for the memory at once: gradients are gathered part by part, and each part is freed before the next.</summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="lossOf">What a part, counted from 0, adds to the batch's loss, a scalar: the parts' mean losses must be weighted to sum up to it.</param>
    /// <exception cref="ArithmeticException">The loss is not a number or infinite; the weights are as before the step.</exception>
    public TrainingStep Advance(int parts, Func<int, Tensor> lossOf) => Advance(parts, lossOf, sideBySide: false);

    private TrainingStep Advance(int parts, Func<int, Tensor> lossOf, bool sideBySide)
    {
        using var scope = NewDisposeScope();
        double rate = Options.RateAt(Step);
        foreach ((var group, double share) in Optimizer.ParamGroups.Zip(RateShares ?? Enumerable.Repeat(1.0, int.MaxValue))) group.LearningRate = rate * share;
        StepSeed.For("dropout").SeedTorch();
        Model.train();
        foreach (var weight in _weights) weight.grad = null; // freed, so that the backward pass writes gradients and does not add to zeros

        double[] losses = new double[parts];
        void Gather(int part)
        {
            using var partScope = NewDisposeScope();
            var loss = lossOf(part);
            losses[part] = loss.item<float>();
            if (!double.IsFinite(losses[part]))
                throw new ArithmeticException($"The loss of step {Step} is {losses[part]}; lower the learning rate (now {rate:g3}) or look at that batch.");
            loss.backward();
        }
        // Of two halves each adds once to a weight's gradient, in whatever order: a + b = b + a, to the last bit.
        if (sideBySide) Training.SideBySide.Run(() => Gather(0), () => Gather(1));
        else for (int part = 0; part < parts; part++) Gather(part);
        return new(++Step, losses.Sum(), rate, ClipAndUpdate());
    }

    /// <summary>The update of the weights; gives the norm of the gradients before they were clipped.</summary>
    private double ClipAndUpdate()
    {
        if (Optimizer is AdamW adam) return adam.Step(Options.MaximumGradientNorm);
        if (Optimizer is Adafactor adafactor) return adafactor.Step(Options.MaximumGradientNorm);
        double norm = nn.utils.clip_grad_norm_(_weights, Options.MaximumGradientNorm);
        Optimizer.step();
        return norm;
    }

    /// <summary>Frees the optimizer's memory; the model stays.</summary>
    public void Dispose() => Optimizer.Dispose();
}

/// <summary>What one step did.</summary>
/// <param name="Step">Updates made, this one included.</param>
/// <param name="Loss">Loss of the batch before the update.</param>
/// <param name="LearningRate">Learning rate of the update.</param>
/// <param name="GradientNorm">Norm of the gradients over all weights, before clipping.</param>
public readonly record struct TrainingStep(long Step, double Loss, double LearningRate, double GradientNorm);
