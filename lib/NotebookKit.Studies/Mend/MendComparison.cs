using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Studies.Experiments;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// Teaches a model facts, edits some of them with one editor after another, and asks all of them the same questions. Models and trained
/// editors are kept, so that runs that share them do not train them again; what a run measures follows from its settings and its seed.
/// </summary>
public sealed class MendComparison : IDisposable
{
    private readonly EditingWorld _world;
    private readonly Device _device;
    private readonly Dictionary<string, (Gpt2LMHeadModel Model, EditableGpt2 Editable)> _models = [];
    private readonly Dictionary<string, (MendEditor Editor, IReadOnlyList<MendStep> Steps)> _editors = [];

    /// <summary>Takes what all runs share.</summary>
    /// <param name="world">The facts and the edits.</param>
    /// <param name="device">Where to train.</param>
    public MendComparison(EditingWorld world, Device device) => (_world, _device) = (world, device);

    /// <summary>The model of a study, which has learnt the facts, ready for edits.</summary>
    /// <param name="study">Shape and training.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="progress">Hears how far the training is.</param>
    /// <param name="cancellation">Stops the training.</param>
    public EditableGpt2 Model(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        string key = CanonicalJson.Of(study.Learning) + CanonicalJson.Of(study.Model) + study.Weights + study.EditedBlocks + " " + seed;
        if (_models.TryGetValue(key, out var known)) return known.Editable;

        Seed root = new((ulong)seed);
        Gpt2Config shape = study.Weights.Length > 0 ? Gpt2Config.Load(Path.Combine(study.Weights, "config.json")) : study.Model with { VocabSize = _world.Coder.Count, EosTokenId = _world.Coder.EndId };
        var model = new Gpt2LMHeadModel(shape with { ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0 }, root.For("weights").ToInt64());
        if (study.Weights.Length > 0) model.LoadWeights(study.Weights);
        model.to(_device);
        foreach (TrainingStep step in new FactLearning(_world.Questions, _world.Coder).Train(model, study.Learning, root.For("learning")))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new($"learning the facts, seed {seed}", step.Step, study.Learning.Training.Steps, $"loss {step.Loss:F2}"));
        }
        var editable = new EditableGpt2(model, EditableGpt2.LastMlps(shape, study.EditedBlocks), answersOnly: true);
        _models.Add(key, (model, editable));
        return editable;
    }

    /// <summary>The editor of a study, trained where it learns.</summary>
    /// <inheritdoc cref="Model"/>
    /// <exception cref="ArgumentException">There is no such editor.</exception>
    public IEditor Editor(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        EditableGpt2 model = Model(study, seed, progress, cancellation);
        return study.Editor switch
        {
            "MEND" => Trained(study, seed, progress, cancellation).Editor,
            "FT" => new FineTuningEditor(model, study.FineTuning),
            "cache" => new CacheEditor(model, study.CacheDistance),
            "FT+KL" => new FineTuningEditor(model, study.FineTuning, OtherQuestions(study, model, new Seed((ulong)seed))),
            _ => throw new ArgumentException($"There is no editor '{study.Editor}'. Use {string.Join(", ", MendStudy.Editors)}.", nameof(study)),
        };
    }

    /// <summary>A trained MEND editor, and every <see cref="MendStudy.LookEvery"/>-th step of its training.</summary>
    /// <inheritdoc cref="Model"/>
    public (MendEditor Editor, IReadOnlyList<MendStep> Steps) Trained(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        // What is done after the training does not change it.
        MendStudy trained = study with { Strength = 1, Tested = 0, Asked = 0, Batches = [], Seeds = [], Rates = [], RatesWithKl = [], Distances = [], Strengths = [], Ranks = [], QuickSteps = 0, EditsTogetherTried = 0, FineTuning = new(), CacheDistance = 0 };
        string key = CanonicalJson.Of(trained) + seed;
        if (_editors.TryGetValue(key, out var known)) return known;

        EditableGpt2 model = Model(study, seed, progress, cancellation);
        Seed root = new Seed((ulong)seed).For("editor");
        EditDraws draws = _world.Edits(new Seed((ulong)seed));
        var editor = new MendEditor(model, study.Mend, root);
        if (study.StatisticsEdits > 0)
            editor.FitStatistics(Enumerable.Range(0, (study.StatisticsEdits + 63) / 64).Select(i => Batch(model, Draw(draws, 64, 1, root.For("statistics").At(i)).Select(c => c.Edit))));
        using var training = new MendTraining(editor, study.Training, root);
        List<MendStep> steps = [];
        foreach (MendStep step in training.Train(seed => Task(study, model, draws, seed), cancellation: cancellation))
        {
            if (step.Step == 1 || step.Step % study.LookEvery == 0) steps.Add(step);
            progress?.Report(new($"training the editor, seed {seed}", step.Step, study.Training.Steps, $"edit {step.EditLoss:F2}, locality {step.LocalityLoss:F4}"));
        }
        return _editors[key] = (editor, steps);
    }

    /// <summary>
    /// Single edits, each made and taken back: the metrics of <see cref="EditMetrics"/> on test facts. With "chosen by: " in front on the facts for
    /// choosing, with "unseen relations: " in front where no training was, both with half as many edits. A MEND run also has <c>alpha, weight</c>, <c>loss of the edit</c>
    /// and <c>loss of locality</c> over its steps.
    /// </summary>
    public IEnumerable<Measurement> Compare(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        EditDraws draws = _world.Edits(new Seed((ulong)run.Seed));
        Seed seed = new Seed((ulong)run.Seed).For("judged");
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        List<Measurement> rows = [];
        if (study.Editor == "MEND" && study.Strength == 1)
            foreach (MendStep step in Trained(study, run.Seed).Steps)
            {
                rows.Add(new(step.Step, "loss of the edit", step.EditLoss));
                rows.Add(new(step.Step, "loss of locality", step.LocalityLoss));
                foreach ((EditableLinear weight, double alpha) in editor.Model.Weights.Zip(step.Alphas)) rows.Add(new(step.Step, $"alpha, {ShortName(weight)}", alpha));
            }
        int fewer = (study.Tested + 1) / 2;
        rows.AddRange(Measurements(Single("", study.Tested, draws.Test)));
        rows.AddRange(Main(Measurements(Single("chosen by: ", fewer, draws.Valid), prefix: "chosen by: ")));
        rows.AddRange(Main(Measurements(Single("unseen relations: ", fewer, draws.Unseen), prefix: "unseen relations: ")));
        return rows;

        EditMetrics Single(string what, int count, Func<int, int, Seed, IReadOnlyList<EditCase>> draw)
        {
            run.Progress?.Report(new($"{run.Variant}, seed {run.Seed}: {what}editing", 0, 0));
            return new(Judge(study, editor, draw(count, study.Asked, seed), run.Cancellation));
        }

        static IEnumerable<Measurement> Main(IEnumerable<Measurement> all) => all.Where(m => m.Metric.Contains(": success", StringComparison.Ordinal) || m.Metric.Contains(": drawdown", StringComparison.Ordinal));
    }

    /// <summary>Batched edits: the metrics for tests, at the step that is the number of edits made together.</summary>
    public IEnumerable<Measurement> CompareBatches(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        EditDraws draws = _world.Edits(new Seed((ulong)run.Seed));
        List<Measurement> rows = [];
        foreach (int size in study.Batches)
        {
            Seed seed = new Seed((ulong)run.Seed).For("batches").At(size);
            List<JudgedEdit> judged = [];
            for (int n = 0; n * size < study.Tested; n++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                EditTrial[] trials = [.. draws.Together(size, study.Asked, seed.At(n)).Select(Trial)];
                judged.AddRange(Strengthened(study, editor, () => EditEvaluator.Together(editor, trials)));
            }
            rows.AddRange(Measurements(new EditMetrics(judged), size));
        }
        return rows;
    }

    /// <summary>Edits one after the other, each on top of those before: the metrics over all edits so far, at the step that is their number.</summary>
    public IEnumerable<Measurement> CompareSeries(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        EditTrial[] trials = [.. _world.Edits(new Seed((ulong)run.Seed)).Together(study.Batches.Max(), study.Asked, new Seed((ulong)run.Seed).For("series")).Select(Trial)];
        return [.. Strengthened(study, editor, () => EditEvaluator.InSeries(editor, trials, study.Batches, run.Cancellation)).SelectMany(length => Measurements(new EditMetrics([.. length.Value]), length.Key))];
    }

    /// <summary>Makes each edit alone, asks its questions and takes it back (<see cref="EditEvaluator.Each"/>).</summary>
    /// <param name="study">The strength of the edits.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="cases">The edits.</param>
    /// <param name="cancellation">Stops between two edits.</param>
    public IReadOnlyList<JudgedEdit> Judge(MendStudy study, IEditor editor, IReadOnlyList<EditCase> cases, CancellationToken cancellation = default) =>
        Strengthened(study, editor, () => EditEvaluator.Each(editor, [.. cases.Select(Trial)], cancellation));

    /// <summary>The model's answers to questions, as text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="questions">The questions.</param>
    public IReadOnlyList<string> Answers(EditableModel model, IEnumerable<string> questions) => Texts(model.Answer(Tokens(questions)));

    /// <summary>The answers of a model after an edit, which is taken back.</summary>
    /// <param name="editor">The editor.</param>
    /// <param name="edit">What it is given.</param>
    /// <param name="questions">The questions.</param>
    public IReadOnlyList<string> AnswersAfter(IEditor editor, Question edit, IEnumerable<string> questions)
    {
        using var scope = NewDisposeScope();
        using EditBatch batch = Batch(editor.Model, [edit]);
        using EditedModel edited = editor.Edit(batch);
        return Texts(edited.Answer(Tokens(questions)));
    }

    /// <summary>An edit and its questions as tokens, the questions that must stay in three groups.</summary>
    public EditTrial Trial(EditCase edit) => new(
        edit.Edit.Encode(_world.Coder), Encoded(edit.Rephrasings),
        new Dictionary<string, IReadOnlyList<EditExample>> { ["unrelated"] = Encoded(edit.Unrelated), ["same relation"] = Encoded(edit.SameRelation), ["same subject"] = Encoded(edit.SameSubject) },
        new Question(edit.Edit.Text, edit.OldAnswer).Encode(_world.Coder).Target);

    /// <summary>Questions with their answers as a batch for the model.</summary>
    public EditBatch Batch(EditableModel model, IEnumerable<Question> questions) => model.Batch([.. questions.Select(q => q.Encode(_world.Coder))]);

    /// <summary>Frees models and editors.</summary>
    public void Dispose()
    {
        foreach (var (editor, _) in _editors.Values) editor.Dispose();
        foreach (var (model, editable) in _models.Values)
        {
            editable.Dispose();
            model.Dispose();
        }
    }

    /// <summary>"transformer.h.1.mlp.c_fc.weight" is "1.mlp.c_fc" in figures.</summary>
    private static string ShortName(EditableLinear weight) => weight.Name.Replace("transformer.h.", "", StringComparison.Ordinal).Replace(".weight", "", StringComparison.Ordinal);

    private IReadOnlyList<EditExample> Encoded(IReadOnlyList<Question> questions) => [.. questions.Select(q => q.Encode(_world.Coder))];

    private IReadOnlyList<IReadOnlyList<int>> Tokens(IEnumerable<string> questions) => [.. questions.Select(_world.Coder.Question)];

    private IReadOnlyList<string> Texts(IReadOnlyList<int[]> answers) => [.. answers.Select(tokens => _world.Coder.Text(tokens))];

    /// <summary>Runs something while the learned rates are multiplied by the study's strength.</summary>
    private static T Strengthened<T>(MendStudy study, IEditor editor, Func<T> run)
    {
        if (editor is not MendEditor mend || study.Strength == 1) return run();
        using var noGradient = no_grad();
        using Tensor learned = mend.Network.Alpha.detach().clone();
        mend.Network.Alpha.mul_(study.Strength);
        try
        {
            return run();
        }
        finally
        {
            mend.Network.Alpha.copy_(learned);
        }
    }

    private Func<EditBatch> OtherQuestions(MendStudy study, EditableModel model, Seed seed)
    {
        EditDraws draws = _world.Edits(seed);
        long step = 0;
        return () => Batch(model, Draw(draws, 4, study.LocalityQuestions, seed.For("FT+KL").At(step++)).SelectMany(c => Stay(c, study.LocalityQuestions)));
    }

    private static EditCase[] Draw(EditDraws draws, int count, int asked, Seed seed)
    {
        Random random = seed.ToRandom();
        return [.. Enumerable.Range(0, count).Select(_ => draws.Train(asked, random))];
    }

    /// <summary>As many questions as are wanted, neighbours and others in turn.</summary>
    private static IEnumerable<Question> Stay(EditCase edit, int count)
    {
        Question[] neighbours = [.. edit.SameRelation.Zip(edit.SameSubject, (a, b) => new[] { a, b }).SelectMany(pair => pair), .. edit.SameRelation.Skip(edit.SameSubject.Count), .. edit.SameSubject.Skip(edit.SameRelation.Count)];
        Question[] all = [.. neighbours.Zip(edit.Unrelated, (a, b) => new[] { a, b }).SelectMany(pair => pair), .. edit.Unrelated.Skip(neighbours.Length), .. neighbours.Skip(edit.Unrelated.Count)];
        return Enumerable.Range(0, count).Select(i => all[i % all.Length]);
    }

    private EditTask Task(MendStudy study, EditableModel model, EditDraws draws, Seed seed)
    {
        EditCase[] cases = Draw(draws, study.EditsPerStep, study.LocalityQuestions, seed);
        return new(
            Batch(model, cases.Select(c => c.Edit)), Batch(model, cases.Select(c => c.Rephrasings[0])), Batch(model, cases.SelectMany(c => Stay(c, study.LocalityQuestions))),
            study.EditsPerStep / study.EditsTogether);
    }

    private static IEnumerable<Measurement> Measurements(EditMetrics metrics, long step = 0, string prefix = "") =>
        metrics.Figures().Select(figure => new Measurement(step, prefix + figure.Metric, figure.Value));
}
