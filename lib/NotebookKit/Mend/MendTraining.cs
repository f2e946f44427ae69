using NotebookKit.Training;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// The training of an editor (paper, Algorithm 1): the base model is frozen, the loss of the edited model flows through the update into
/// the networks and the rates alpha. The same steps train KE, and ENN, which learns the model's own weights.
/// </summary>
/// <remarks>What a step reads follows from the seed and the step's number, so a run that is saved and resumed continues bit for bit on the CPU.</remarks>
public sealed class MendTraining : IDisposable
{
    private readonly MendTrainingOptions _options;
    private readonly State _state;
    private readonly TrainingRun _run;

    /// <summary>Begins at step 0.</summary>
    /// <param name="editor">The editor; it stays the caller's.</param>
    /// <param name="options">Rates, number of steps, weights of the losses.</param>
    /// <param name="seed">Root of what each step reads.</param>
    public MendTraining(LearnedEditor editor, MendTrainingOptions? options = null, Seed seed = default)
    {
        (Editor, _options) = (editor, options ?? new());
        _state = new State(editor);
        Parameter[] rates = editor.Rates is { } alpha ? [alpha] : [];
        Parameter[] networks = [.. editor.Network.parameters().Where(p => rates.All(r => !p.Handle.Equals(r.Handle)))];
        const double epsilon = 1e-8;
        TorchSharp.Modules.AdamW.ParamGroup Group(IEnumerable<Parameter> parameters, double rate) => new(parameters, rate, eps: epsilon, weight_decay: 0);
        (Parameter[] Parameters, double Rate)[] groups = [(networks, _options.LearningRate), (rates, _options.AlphaLearningRate)];
        groups = [.. groups.Where(group => group.Parameters.Length > 0)];
        double rate = groups[0].Rate;
        var adam = new Training.AdamW([.. groups.Select(group => Group(group.Parameters, group.Rate))]); // without decay it is Adam
        var schedule = new TrainingOptions
        {
            Steps = _options.Steps,
            WarmUpSteps = _options.WarmUpSteps,
            Schedule = _options.Schedule,
            LearningRate = rate,
            MaximumGradientNorm = _options.MaximumGradientNorm,
        };
        _run = new TrainingRun(_state, schedule, seed, adam) { RateShares = [.. groups.Select(group => group.Rate / rate)] };
    }

    /// <summary>The editor that is trained.</summary>
    public LearnedEditor Editor { get; }

    /// <summary>Updates made so far.</summary>
    public long Step => _run.Step;

    /// <summary>The best validation so far, and the step at which it was; null before the first.</summary>
    public (double Score, long Step)? Best => _state.Best;

    /// <summary>One update from as many tasks as are to be averaged.</summary>
    /// <param name="tasks">The tasks; they stay the caller's.</param>
    /// <exception cref="ArithmeticException">The loss is not finite; the editor's weights are as before the step.</exception>
    public MendStep Advance(IReadOnlyList<EditTask> tasks) => Advance(tasks.Count, i => tasks[i]);

    /// <summary>One update whose tasks are made one after the other; a task is freed when its gradient is there.</summary>
    /// <param name="parts">How many tasks.</param>
    /// <param name="taskOf">The task of a part, called once for each.</param>
    /// <param name="share">What part of each task's gradient counts; null for its share in the mean.</param>
    /// <param name="heard">Hears of every task's loss; its tensor is freed afterwards.</param>
    public MendStep Advance(int parts, Func<int, EditTask> taskOf, double? share = null, Action<MendLoss>? heard = null)
    {
        double edit = 0, local = 0, factor = share ?? 1.0 / parts;
        TrainingStep step = _run.Advance(parts, part =>
        {
            MendLoss loss = Editor.Loss(taskOf(part), _options.EditWeight, _options.LocalityWeight, _options.Locality);
            heard?.Invoke(loss);
            (edit, local) = (edit + loss.Edit / parts, local + loss.Locality / parts);
            return loss.Total * factor;
        });
        Editor.Network.eval();
        return new(step.Step, edit, local, step.GradientNorm, Editor.Alphas);
    }

    /// <summary>All steps that are left, or until validation has not become better for <see cref="MendTrainingOptions.Patience"/> updates.</summary>
    /// <param name="nextTask">Draws a task from a seed, which no other task has.</param>
    /// <param name="validate">Scores the editor, the higher the better; the editor ends as it was at its best. Null to train all steps.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>The steps, one by one; the caller may stop, evaluate or save between two of them.</returns>
    public IEnumerable<MendStep> Train(Func<Seed, EditTask> nextTask, Func<double>? validate = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        while (!_run.IsDone && !(Best is { } best && Step - best.Step >= _options.Patience))
        {
            cancellation.ThrowIfCancellationRequested();
            Seed seed = _run.StepSeed.For("task");
            MendStep step = Advance(_options.Accumulate, part => nextTask(seed.At(part)));
            if (validate is not null && (Step % _options.ValidateEvery == 0 || _run.IsDone)) _state.Note(validate(), Step);
            progress?.Report(new("Training the editor", Step, _options.Steps, $"edit {step.EditLoss:0.000}, locality {step.LocalityLoss:0.0000}"));
            yield return step;
        }
        _state.Recall();
    }

    /// <summary>Writes editor, optimizer, step and the best validation to a file, whole or not at all.</summary>
    public void Save(string path) => Checkpoint.Save(path, _run);

    /// <summary>Sets a training that was begun with the same options to where the saved one stopped.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to another editor; nothing was changed.</exception>
    public void Load(string path) => Checkpoint.Load(path, _run);

    /// <summary>Frees the optimizer's memory; the editor stays.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _state.Dispose();
    }

    /// <summary>What a checkpoint holds: the editor, and the editor as it was at its best with the score and the step.</summary>
    private sealed class State : nn.Module
    {
        private readonly nn.Module _network;
        private readonly List<Tensor> _best = [];
        [ComponentName(Name = "record")]
        private readonly Tensor _record; // score, step; step 0 before the first validation

        internal State(LearnedEditor editor) : base(nameof(State))
        {
            register_module("editor", _network = editor.Network);
            foreach ((string name, Tensor value) in _network.state_dict())
            {
                _best.Add(value.detach().clone());
                register_buffer("best " + name.Replace('.', '#'), _best[^1]);
            }
            register_buffer("record", _record = zeros(2, dtype: float64));
        }

        internal (double Score, long Step)? Best => _record[1].item<double>() is > 0 and var step ? (_record[0].item<double>(), (long)step) : null;

        internal void Note(double score, long step)
        {
            if (Best is { } best && !(score > best.Score)) return;
            Copy(_network.state_dict().Values, _best);
            using var scope = NewDisposeScope();
            _record.copy_(tensor(new[] { score, step }));
        }

        internal void Recall()
        {
            if (Best is not null) Copy(_best, _network.state_dict().Values);
        }

        private static void Copy(IEnumerable<Tensor> from, IEnumerable<Tensor> to)
        {
            using var noGradient = no_grad();
            foreach ((Tensor source, Tensor target) in from.Zip(to)) target.copy_(source);
        }

        protected override void Dispose(bool disposing)
        {
            // The editor stays the caller's.
            if (!disposing) return;
            _record.Dispose();
            foreach (Tensor value in _best) value.Dispose();
        }
    }
}

/// <summary>How a MEND editor is trained; the defaults are the paper's (App. D), with those of the authors' code where it names none.</summary>
public sealed record MendTrainingOptions
{
    /// <summary>The most updates of the editor.</summary>
    public long Steps { get; init; } = 500_000;

    /// <summary>Adam's rate for the networks.</summary>
    public double LearningRate { get; init; } = 1e-6;

    /// <summary>Adam's rate for the learned rates alpha.</summary>
    public double AlphaLearningRate { get; init; } = 1e-4;

    /// <summary>Steps over which both rates rise from 0.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>How both rates go on.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Constant;

    /// <summary>Tasks whose gradients are averaged before an update.</summary>
    public int Accumulate { get; init; } = 10;

    /// <summary>Gradients are scaled down to this norm, taken over everything that is learned.</summary>
    public double MaximumGradientNorm { get; init; } = 100;

    /// <summary>c_e, the weight of the edit's loss.</summary>
    public double EditWeight { get; init; } = 0.1;

    /// <summary>The weight of the locality loss.</summary>
    public double LocalityWeight { get; init; } = 1;

    /// <summary>Where the locality loss looks.</summary>
    public LocalityPlaces Locality { get; init; } = LocalityPlaces.All;

    /// <summary>Updates between two validations.</summary>
    public long ValidateEvery { get; init; } = 1000;

    /// <summary>Training stops when so many updates have brought no better validation.</summary>
    public long Patience { get; init; } = 20_000;
}

/// <summary>What one update of the editor did.</summary>
/// <param name="Step">Updates made, this one included.</param>
/// <param name="EditLoss">Mean L_e of its tasks.</param>
/// <param name="LocalityLoss">Mean L_loc of its tasks.</param>
/// <param name="GradientNorm">Norm of the gradients before clipping.</param>
/// <param name="Alphas">The learned rates after it, in the order of the weights.</param>
public sealed record MendStep(long Step, double EditLoss, double LocalityLoss, double GradientNorm, IReadOnlyList<double> Alphas);
