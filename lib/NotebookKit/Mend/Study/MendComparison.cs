using NotebookKit.Experiments;
using NotebookKit.Mend.Facts;
using NotebookKit.Models;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Mend.Study;

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
            "FT+KL" => new FineTuningEditor(model, study.FineTuning, OtherQuestions(study, model, new Seed((ulong)seed))),
            _ => throw new ArgumentException($"There is no editor '{study.Editor}'. Use {string.Join(", ", MendStudy.Editors)}.", nameof(study)),
        };
    }

    /// <summary>A trained MEND editor, and every <see cref="MendStudy.LookEvery"/>-th step of its training.</summary>
    /// <inheritdoc cref="Model"/>
    public (MendEditor Editor, IReadOnlyList<MendStep> Steps) Trained(MendStudy study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        // What is done after the training does not change it.
        MendStudy trained = study with { Strength = 1, Tested = 0, Asked = 0, Batches = [], Seeds = [], Rates = [], FineTuning = new(), CacheDistance = 0 };
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
    /// Single edits, each made and taken back. <c>success</c> is on held-out rephrasings; <c>drawdown, …</c> is the loss of accuracy on questions
    /// that must stay. With "chosen by: " in front on the facts for choosing, with "unseen relations: " in front where no training was. A MEND
    /// run also has <c>alpha, weight</c>, <c>loss of the edit</c> and <c>loss of locality</c> over its steps.
    /// </summary>
    public IEnumerable<Measurement> Compare(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        EditDraws draws = _world.Edits(new Seed((ulong)run.Seed));
        Seed seed = new Seed((ulong)run.Seed).For("judged");
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        List<Measurement> rows = [];
        if (study.Editor == "MEND")
            foreach (MendStep step in Trained(study, run.Seed).Steps)
            {
                rows.Add(new(step.Step, "loss of the edit", step.EditLoss));
                rows.Add(new(step.Step, "loss of locality", step.LocalityLoss));
                foreach ((EditableLinear weight, double alpha) in editor.Model.Weights.Zip(step.Alphas)) rows.Add(new(step.Step, $"alpha, {ShortName(weight)}", alpha));
            }
        foreach (var (name, cases) in new[]
        {
            ("", draws.Test(study.Tested, study.Asked, seed)), ("chosen by: ", draws.Valid(study.Tested, study.Asked, seed)), ("unseen relations: ", draws.Unseen(study.Tested, study.Asked, seed)),
        })
        {
            if (cases.Count > 0) rows.AddRange(Rows(0, name, EditScores.Of(Judge(study, editor, cases, run.Cancellation))));
        }
        return rows;
    }

    /// <summary>Batched edits: the metrics of <see cref="Compare"/> for tests, at the step that is the number of edits made together.</summary>
    public IEnumerable<Measurement> CompareBatches(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        EditDraws draws = _world.Edits(new Seed((ulong)run.Seed));
        List<Measurement> rows = [];
        foreach (int size in study.Batches)
        {
            Seed seed = new Seed((ulong)run.Seed).For("batches").At(size);
            List<EditOutcome> outcomes = [];
            for (int n = 0; n * size < study.Tested; n++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                outcomes.AddRange(JudgeTogether(study, editor, draws.Together(size, study.Asked, seed.At(n))));
            }
            rows.AddRange(Rows(size, "", EditScores.Of(outcomes)));
        }
        return rows;
    }

    /// <summary>Edits one after the other, each on top of those before: the metrics of <see cref="Compare"/> over all edits so far, at the step that is their number.</summary>
    public IEnumerable<Measurement> CompareSeries(Run<MendStudy> run)
    {
        MendStudy study = run.Settings;
        IEditor editor = Editor(study, run.Seed, run.Progress, run.Cancellation);
        EditableModel model = editor.Model;
        IReadOnlyList<EditCase> cases = News(model, _world.Edits(new Seed((ulong)run.Seed)).Together(study.Batches.Max(), study.Asked, new Seed((ulong)run.Seed).For("series")));
        IReadOnlyList<bool> before = Says(model, [.. cases.SelectMany(Questions).Select(q => q.Question)]);
        List<Measurement> rows = [];
        using var weights = new SavedWeights(model);
        try
        {
            for (int n = 1; n <= cases.Count; n++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                using (var scope = NewDisposeScope())
                using (EditBatch batch = Batch(model, [cases[n - 1].Edit]))
                {
                    // An earlier edit may have brought this answer along.
                    if (!model.Says(batch)[0])
                    {
                        using EditedModel edited = Strengthened(study, editor, () => editor.Edit(batch));
                        edited.Apply();
                    }
                }
                if (study.Batches.Contains(n)) rows.AddRange(Rows(n, "", EditScores.Of(Outcomes(model, [.. cases.Take(n)], before))));
            }
        }
        finally
        {
            weights.Restore();
        }
        return rows;
    }

    /// <summary>Makes each edit alone, asks its questions and takes it back. Edits that are no news to the model are left out.</summary>
    /// <param name="study">The strength of the edits.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="cases">The edits.</param>
    /// <param name="cancellation">Stops between two edits.</param>
    public IReadOnlyList<EditOutcome> Judge(MendStudy study, IEditor editor, IReadOnlyList<EditCase> cases, CancellationToken cancellation = default)
    {
        IReadOnlyList<EditCase> news = News(editor.Model, cases);
        IReadOnlyList<bool> before = Says(editor.Model, [.. news.SelectMany(Questions).Select(q => q.Question)]);
        List<EditOutcome> outcomes = [];
        int asked = 0;
        foreach (EditCase edit in news)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using EditBatch batch = Batch(editor.Model, [edit.Edit]);
            using EditedModel edited = Strengthened(study, editor, () => editor.Edit(batch));
            int count = Questions(edit).Count();
            outcomes.AddRange(Outcomes(edited, [edit], [.. before.Skip(asked).Take(count)]));
            asked += count;
        }
        return outcomes;
    }

    /// <summary>As <see cref="Judge"/>, for edits that are made by one update.</summary>
    public IReadOnlyList<EditOutcome> JudgeTogether(MendStudy study, IEditor editor, IReadOnlyList<EditCase> cases)
    {
        IReadOnlyList<EditCase> news = News(editor.Model, cases);
        IReadOnlyList<bool> before = Says(editor.Model, [.. news.SelectMany(Questions).Select(q => q.Question)]);
        using var scope = NewDisposeScope();
        using EditBatch batch = Batch(editor.Model, news.Select(c => c.Edit));
        using EditedModel edited = Strengthened(study, editor, () => editor.Edit(batch));
        return Outcomes(edited, news, before);
    }

    /// <summary>The model's answers to questions, as text.</summary>
    /// <param name="model">The model, with its edits in effect.</param>
    /// <param name="questions">The questions.</param>
    public IReadOnlyList<string> Answers(EditableModel model, IEnumerable<string> questions) =>
        [.. model.Answer([.. questions.Select(q => _world.Coder.Question(q))]).Select(tokens => _world.Coder.Text(tokens))];

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

    private static IEnumerable<Measurement> Rows(long step, string prefix, EditScores scores)
    {
        (string Name, double Value)[] values =
        [
            ("success", scores.Success), ("success on the prompt", scores.OnPrompt), ("ES of Eq. 1", scores.Union),
            ("drawdown, unrelated", scores.Unrelated), ("drawdown, same relation", scores.SameRelation), ("drawdown, same subject", scores.SameSubject),
        ];
        return values.Where(v => !double.IsNaN(v.Value)).Select(v => new Measurement(step, prefix + v.Name, v.Value));
    }

    /// <summary>"transformer.h.1.mlp.c_fc.weight" is "1.mlp.c_fc" in figures.</summary>
    private static string ShortName(EditableLinear weight) => weight.Name.Replace("transformer.h.", "", StringComparison.Ordinal).Replace(".weight", "", StringComparison.Ordinal);

    private static IEnumerable<(QuestionKind Kind, Question Question)> Questions(EditCase edit) =>
    [
        (QuestionKind.Edit, edit.Edit), .. edit.Rephrasings.Select(q => (QuestionKind.Rephrasing, q)), .. edit.Unrelated.Select(q => (QuestionKind.Unrelated, q)),
        .. edit.SameRelation.Select(q => (QuestionKind.SameRelation, q)), .. edit.SameSubject.Select(q => (QuestionKind.SameSubject, q)),
    ];

    private IReadOnlyList<EditCase> News(EditableModel model, IReadOnlyList<EditCase> cases)
    {
        IReadOnlyList<bool> known = Says(model, [.. cases.Select(c => c.Edit)]);
        return [.. cases.Where((_, i) => !known[i])];
    }

    private IReadOnlyList<bool> Says(EditableModel model, IReadOnlyList<Question> questions)
    {
        List<bool> right = [];
        foreach (Question[] part in questions.Chunk(256))
        {
            using EditBatch batch = Batch(model, part);
            right.AddRange(model.Says(batch));
        }
        return right;
    }

    private IReadOnlyList<EditOutcome> Outcomes(EditableModel model, IReadOnlyList<EditCase> cases, IReadOnlyList<bool> before)
    {
        IReadOnlyList<bool> after = Says(model, [.. cases.SelectMany(Questions).Select(q => q.Question)]);
        int next = 0;
        return [.. cases.Select(edit => new EditOutcome(edit, [.. Questions(edit).Select(q => new AskedQuestion(q.Kind, q.Question, before[next], after[next++]))]))];
    }

    private IReadOnlyList<EditOutcome> Outcomes(EditedModel edited, IReadOnlyList<EditCase> cases, IReadOnlyList<bool> before) => Outcomes(edited.Model, cases, before);

    /// <summary>Makes an edit with the learned rates multiplied by the study's strength.</summary>
    private static EditedModel Strengthened(MendStudy study, IEditor editor, Func<EditedModel> edit)
    {
        if (editor is not MendEditor mend || study.Strength == 1) return edit();
        using var noGradient = no_grad();
        using Tensor learned = mend.Network.Alpha.detach().clone();
        mend.Network.Alpha.mul_(study.Strength);
        try
        {
            return edit();
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
}
