using NotebookKit.Mend;
using NotebookKit.Studies.Experiments;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// Teaches a model, edits it with one editor after another, and asks all of them the same questions. Models and trained editors are kept, so
/// that runs that share them do not train them again; what a run measures follows from its settings and its seed.
/// </summary>
public sealed class MendComparison : IDisposable
{
    /// <summary>The name of the experiment that compares editors on facts.</summary>
    public const string FactsName = "mend-facts";

    private readonly EditingRegime _regime;
    private readonly Device _device;
    private readonly RunCache? _cache;
    private readonly Dictionary<string, EditableModel> _models = [];
    private readonly Dictionary<string, (LearnedEditor Editor, IReadOnlyList<MendStep> Steps)> _editors = [];

    /// <summary>Takes what all runs share.</summary>
    /// <param name="regime">What is edited.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="cache">Where finished runs and the models that have learnt are kept; null to make all of them now.</param>
    public MendComparison(EditingRegime regime, Device device, RunCache? cache = null) => (_regime, _device, _cache) = (regime, device, cache);

    /// <summary>What is edited.</summary>
    public EditingRegime Regime => _regime;

    /// <summary>Makes every run that the cache does not hold.</summary>
    /// <param name="name">The experiment's name.</param>
    /// <param name="variants">The settings that are compared.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="measure">What is measured; null for <see cref="Compare"/>.</param>
    public AblationResult Execute(
        string name, IReadOnlyList<Variant<MendStudy>> variants, IReadOnlyList<int> seeds, IProgress<ProgressReport>? progress = null,
        Func<Run<MendStudy>, IEnumerable<Measurement>>? measure = null) =>
        new Ablation<MendStudy>(name, variants, seeds, _regime.Checksum, _device.ToString()).Execute(measure ?? Compare, _cache, progress);

    /// <summary>The model of a study, which has learnt what it is to know, ready for edits.</summary>
    /// <param name="study">Shape and training.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="progress">Hears how far the training is.</param>
    /// <param name="cancellation">Stops the training.</param>
    public EditableModel Model(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        string key = ModelKey(study, seed);
        if (_models.TryGetValue(key, out var known)) return known;

        Seed root = new((ulong)seed);
        // Weights under edit are frozen, so the model is wrapped anew when it has learnt.
        var bare = _regime.Build(study, root.For("weights"), _device);
        var module = bare.Module;
        bare.Dispose();
        // All that the model depends on, and nothing that an editor may change.
        MendStudy settings = new() { Learning = study.Learning, Model = study.Model, Bert = study.Bert, Weights = study.Weights, Pieces = study.Pieces, Context = study.Context };
        CommonStart.Obtain(module, RunKey.Of("mend-model", settings, seed, $"{_regime.Name} {_regime.Checksum}", _device.ToString()), _cache, _ =>
        {
            foreach (var step in _regime.Teach(module, study, root.For("learning")))
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new($"teaching the model, seed {seed}", step.Step, study.Learning.Training.Steps, $"loss {step.Loss:F2}"));
            }
        });
        module.eval();
        _models[key] = Copy(module, study, root);
        module.Dispose();
        return _models[key];
    }

    /// <summary>The editor of a study, trained where it learns.</summary>
    /// <inheritdoc cref="Model"/>
    /// <exception cref="ArgumentException">There is no such editor.</exception>
    public IEditor Editor(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var model = Model(study, seed, progress, cancellation);
        return study.Editor switch
        {
            "MEND" or "ENN" or "KE" => Trained(study, seed, progress, cancellation).Editor,
            "FT" => new FineTuningEditor(model, study.FineTuning),
            "FT+KL" => new FineTuningEditor(model, study.FineTuning, OtherQuestions(study, model, new Seed((ulong)seed))),
            "cache" => new CacheEditor(model, study.Distance),
            "GRACE" => new GraceEditor(model, new() { Weight = study.OneWeight, Radius = study.Distance }),
            "ROME" => new RomeEditor(model, _regime.Moments(model, study, new Seed((ulong)seed)), study.Rome),
            "MEMIT" => new MemitEditor(model, _regime.Moments(model, study, new Seed((ulong)seed)), study.Lambda, study.Rome),
            _ => throw new ArgumentException($"There is no editor '{study.Editor}'. Use {string.Join(", ", MendStudy.Editors)}.", nameof(study)),
        };
    }

    /// <summary>A trained editor, and every <see cref="MendStudy.LookEvery"/>-th step of its training.</summary>
    /// <inheritdoc cref="Model"/>
    public (LearnedEditor Editor, IReadOnlyList<MendStep> Steps) Trained(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        string key = ModelKey(study, seed) + CanonicalJson.Of(study.Mend) + CanonicalJson.Of(study.Training) + CanonicalJson.Of(study.Ke)
            + $"{study.Editor} {study.EnnRate} {study.EnnAlpha} {study.StatisticsEdits} {study.EditsPerStep} {study.EditsTogether} {study.LocalityQuestions} {study.Neighbours} {study.TrainingFacts} {study.Pool} {study.LookEvery}";
        if (_editors.TryGetValue(key, out var known)) return known;

        var model = Model(study, seed, progress, cancellation);
        Seed split = new((ulong)seed), root = split.For("editor");
        var options = study.Training;
        LearnedEditor editor;
        switch (study.Editor)
        {
            case "ENN":
                // It learns the model itself, so it has one of its own.
                editor = new EnnEditor(Copy(model.Module, study, split), model, study.EnnAlpha);
                options = options with { LearningRate = study.EnnRate };
                break;
            case "KE":
                editor = new KeEditor(model, study.Ke, root);
                break;
            default:
                var mend = new MendEditor(model, study.Mend, root);
                if (study.StatisticsEdits > 0)
                    mend.FitStatistics(Enumerable.Range(0, (study.StatisticsEdits + study.EditsPerStep - 1) / study.EditsPerStep).Select(i => _regime.Task(model, study, split, root.For("statistics").At(i)).Edit));
                editor = mend;
                break;
        }
        using var training = new MendTraining(editor, options, root);
        List<MendStep> steps = [];
        foreach (var step in training.Train(seed => _regime.Task(editor.Model, study, split, seed), cancellation: cancellation))
        {
            if (step.Step == 1 || step.Step % study.LookEvery == 0) steps.Add(step);
            progress?.Report(new($"training {editor.Name}, seed {seed}", step.Step, options.Steps, $"edit {step.EditLoss:F2}, locality {step.LocalityLoss:F4}"));
        }
        return _editors[key] = (editor, steps);
    }

    /// <summary>
    /// Single edits, each made and taken back: the metrics of <see cref="EditMetrics"/> on test edits. In front of the same on the edits to choose
    /// by stands "chosen by: ", where training never was "unseen relations: ", both with half as many edits. <c>gain</c> is success less
    /// <see cref="EditingRegime.Cost"/>. A learned editor also has <c>alpha, weight</c>, <c>loss of the edit</c> and <c>loss of locality</c> over its steps.
    /// </summary>
    public IEnumerable<Measurement> Compare(Run<MendStudy> run)
    {
        var study = run.Settings;
        Seed seed = new((ulong)run.Seed);
        var editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        List<Measurement> rows = [];
        if (editor is LearnedEditor && study.Strength == 1)
            foreach (var step in Trained(study, run.Seed).Steps)
            {
                rows.Add(new(step.Step, "loss of the edit", step.EditLoss));
                rows.Add(new(step.Step, "loss of locality", step.LocalityLoss));
                foreach ((var weight, double alpha) in editor.Model.Weights.Zip(step.Alphas)) rows.Add(new(step.Step, $"alpha, {ShortName(weight)}", alpha));
            }
        int fewer = (study.Tested + 1) / 2;
        rows.AddRange(Single("", EditPart.Test, study.Tested));
        rows.AddRange(Main("chosen by: ", Single("chosen by: ", EditPart.Valid, fewer)));
        rows.AddRange(Main("unseen relations: ", Single("unseen relations: ", EditPart.Unseen, fewer)));
        if (editor is MendEditor learnt) run.Keep(learnt.Network);
        if (editor is IDisposable end and not LearnedEditor) end.Dispose();
        return rows;

        IEnumerable<Measurement> Single(string what, EditPart part, int count)
        {
            run.Progress?.Report(new($"{run.Variant}, seed {run.Seed}: {what}editing", 0, 0));
            var trials = _regime.Trials(Model(study, run.Seed), study, part, count, seed);
            if (trials.Count == 0) return [];
            var metrics = new EditMetrics(Judge(study, editor, trials, run.Cancellation));
            return metrics.Edits == 0 ? [] : [.. Measurements(metrics, prefix: what), new(0, what + "gain", metrics.Success - _regime.Cost(metrics)), new(0, what + "edits", metrics.Edits)];
        }

        static IEnumerable<Measurement> Main(string prefix, IEnumerable<Measurement> all) =>
            all.Where(m => m.Metric == prefix + "gain" || m.Metric == prefix + "success" || m.Metric.StartsWith(prefix + "drawdown", StringComparison.Ordinal) || m.Metric.StartsWith(prefix + "perplexity drawdown", StringComparison.Ordinal));
    }

    /// <summary>Batched edits: the metrics for tests, at the step that is the number of edits made together.</summary>
    public IEnumerable<Measurement> CompareBatches(Run<MendStudy> run)
    {
        var study = run.Settings;
        var editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        List<Measurement> rows = [];
        foreach (int size in study.Batches)
        {
            List<JudgedEdit> judged = [];
            for (int n = 0; n * size < study.Tested; n++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                var trials = _regime.Together(Model(study, run.Seed), study, size, new Seed((ulong)run.Seed), n);
                judged.AddRange(Strengthened(study, editor, () => EditEvaluator.Together(editor, trials)));
            }
            rows.AddRange(Measurements(new EditMetrics(judged), size));
        }
        return rows;
    }

    /// <summary>
    /// Edits one after the other, each on top of those before: the metrics over all edits so far, at the step that is their number, averaged over
    /// <see cref="MendStudy.Orders"/> series of different edits.
    /// </summary>
    public IEnumerable<Measurement> CompareSeries(Run<MendStudy> run)
    {
        var study = run.Settings;
        var judged = new Dictionary<int, List<JudgedEdit>>();
        for (int n = 0; n < study.Orders; n++)
        {
            var editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
            var trials = _regime.Together(Model(study, run.Seed), study, study.Batches.Max(), new Seed((ulong)run.Seed), n);
            foreach ((int length, var edits) in Strengthened(study, editor, () => EditEvaluator.InSeries(editor, trials, study.Batches, run.Cancellation)))
                (judged.TryGetValue(length, out var all) ? all : judged[length] = []).AddRange(edits);
            if (editor is IDisposable end and not LearnedEditor) end.Dispose();
        }
        return [.. judged.SelectMany(length => Measurements(new EditMetrics(length.Value), length.Key))];
    }

    /// <summary>Makes each edit alone, asks its questions and takes it back (<see cref="EditEvaluator.Each"/>).</summary>
    /// <param name="study">The strength of the edits.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="trials">The edits.</param>
    /// <param name="cancellation">Stops between two edits.</param>
    public static IReadOnlyList<JudgedEdit> Judge(MendStudy study, IEditor editor, IReadOnlyList<EditTrial> trials, CancellationToken cancellation = default) =>
        Strengthened(study, editor, () => EditEvaluator.Each(editor, trials, cancellation));

    /// <summary>Frees models and editors.</summary>
    public void Dispose()
    {
        foreach (var (editor, _) in _editors.Values)
        {
            var own = editor is EnnEditor ? editor.Model.Module : null;
            editor.Dispose();
            if (own is null) continue;
            editor.Model.Dispose();
            own.Dispose();
        }
        foreach (var model in _models.Values)
        {
            var module = model.Module;
            model.Dispose();
            module.Dispose();
        }
    }

    private static string ModelKey(MendStudy study, int seed) =>
        CanonicalJson.Of(study.Learning) + CanonicalJson.Of(study.Model) + CanonicalJson.Of(study.Bert) + $"{study.Weights} {study.EditedBlocks} {study.Context} {study.SecondModelSteps} {seed} ";

    /// <summary>A model with the same weights, wrapped for edits.</summary>
    private EditableModel Copy(nn.Module module, MendStudy study, Seed root)
    {
        var copy = _regime.Build(study, root.For("weights"), _device);
        CommonStart.Copy(module, copy.Module);
        return copy;
    }

    /// <summary>"transformer.h.1.mlp.c_fc.weight" is "1.mlp.c_fc" in figures.</summary>
    private static string ShortName(EditableLinear weight) => string.Join('.', weight.Name.Split('.').SkipWhile(part => !int.TryParse(part, out _)).SkipLast(1));

    /// <summary>Runs something while the learned rates are multiplied by the study's strength.</summary>
    private static T Strengthened<T>(MendStudy study, IEditor editor, Func<T> run)
    {
        if (editor is not LearnedEditor { Rates: { } rates } || study.Strength == 1) return run();
        using var noGradient = no_grad();
        using var learned = rates.detach().clone();
        rates.mul_(study.Strength);
        try
        {
            return run();
        }
        finally
        {
            rates.copy_(learned);
        }
    }

    /// <summary>One fresh question of the training at every step, as the paper's FT+KL has it.</summary>
    private Func<EditBatch> OtherQuestions(MendStudy study, EditableModel model, Seed seed)
    {
        long step = 0;
        return () =>
        {
            var task = _regime.Task(model, study with { EditsPerStep = 1, EditsTogether = 1, LocalityQuestions = 1 }, seed, seed.For("FT+KL").At(step++));
            task.Edit.Dispose();
            task.Rephrased.Dispose();
            return task.Locality;
        };
    }

    private static IEnumerable<Measurement> Measurements(EditMetrics metrics, long step = 0, string prefix = "") =>
        metrics.Figures().Select(figure => new Measurement(step, prefix + figure.Metric, figure.Value));
}
