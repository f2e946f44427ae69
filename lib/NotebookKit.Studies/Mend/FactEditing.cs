using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>Questions with short answers, asked of a language model (the paper's zsRE task).</summary>
public sealed class FactEditing : EditingRegime
{
    private readonly EditingWorld _world;

    /// <summary>Takes the facts.</summary>
    public FactEditing(EditingWorld world) => _world = world;

    /// <inheritdoc/>
    public override string Name => _world.Name;

    /// <inheritdoc/>
    public override string Checksum => _world.Checksum;

    /// <inheritdoc/>
    public override string Damage => "drawdown, same relation";

    /// <inheritdoc/>
    public override EditableModel Build(MendStudy study, Seed seed, Device device)
    {
        var shape = study.Weights.Length > 0 ? Gpt2Config.Load(Path.Combine(study.Weights, "config.json")) : study.Model with { VocabSize = _world.Coder.Count, EosTokenId = _world.Coder.EndId };
        var model = new Gpt2LMHeadModel(shape with { ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0 }, seed.ToInt64());
        if (study.Weights.Length > 0) model.LoadWeights(study.Weights);
        model.to(device);
        return Editable(model, study);
    }

    /// <summary>The model as it is edited: the feed-forward layers of the last blocks, scored where an answer is asked.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="study">How many blocks.</param>
    public static EditableGpt2 Editable(Gpt2LMHeadModel model, MendStudy study) => new(model, EditableGpt2.LastMlps(model.Transformer.Config, study.EditedBlocks), answersOnly: true);

    /// <inheritdoc/>
    public override IEnumerable<TrainingStep> Teach(nn.Module model, MendStudy study, Seed seed) =>
        new FactLearning(_world.Questions, _world.Coder).Train((Gpt2LMHeadModel)model, study.Learning, seed);

    /// <inheritdoc/>
    public override IReadOnlyList<EditTrial> Trials(EditableModel model, MendStudy study, EditPart part, int count, Seed seed) => [.. Cases(study, part, count, seed).Select(Trial)];

    /// <inheritdoc/>
    public override IReadOnlyList<EditTrial> Together(EditableModel model, MendStudy study, int count, Seed seed, int index) =>
        [.. _world.Edits(seed).Together(count, study.Asked, seed.For("batches").At(count).At(index)).Select(Trial)];

    /// <inheritdoc/>
    public override EditTask Task(EditableModel model, MendStudy study, Seed seed, Seed step)
    {
        var draws = _world.Edits(seed, study.TrainingFacts);
        Random random = step.ToRandom();
        EditCase[] cases = [.. Enumerable.Range(0, study.EditsPerStep).Select(_ => draws.Train(study.LocalityQuestions, random))];
        return new(
            Batch(model, cases.Select(c => c.Edit)), Batch(model, cases.Select(c => c.Rephrasings[0])), Batch(model, cases.SelectMany(c => Stay(c, study))),
            study.EditsPerStep / study.EditsTogether);
    }

    /// <inheritdoc/>
    public override IEnumerable<EditBatch> Texts(EditableModel model, MendStudy study, Seed seed) =>
        _world.Questions.Chunk(256).Select(part => Batch(model, part));

    /// <summary>An edit and its questions as tokens, the questions that must stay in three groups.</summary>
    public EditTrial Trial(EditCase edit) => new(
        Encoded(edit.Edit), Encoded(edit.Rephrasings),
        new Dictionary<string, IReadOnlyList<EditExample>> { ["unrelated"] = Encoded(edit.Unrelated), ["same relation"] = Encoded(edit.SameRelation), ["same subject"] = Encoded(edit.SameSubject) },
        Encoded(edit.Edit with { Answer = edit.OldAnswer }).Target);

    /// <summary>Questions with their answers as a batch for the model.</summary>
    public EditBatch Batch(EditableModel model, IEnumerable<Question> questions) => model.Batch([.. questions.Select(Encoded)]);

    /// <summary>Share of questions that the model answers rightly, word for word.</summary>
    /// <param name="model">The model.</param>
    /// <param name="questions">The questions.</param>
    public double Known(EditableModel model, IEnumerable<Question> questions) =>
        questions.Chunk(256).SelectMany(part =>
        {
            using var batch = Batch(model, part);
            return model.Says(batch);
        }).Average(right => right ? 1.0 : 0);

    /// <summary>The edits of a part as text, for looking at them.</summary>
    /// <param name="study">How many questions stand beside an edit.</param>
    /// <param name="part">Which edits.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The run's seed.</param>
    public IReadOnlyList<EditCase> Cases(MendStudy study, EditPart part, int count, Seed seed)
    {
        var draws = _world.Edits(seed);
        return (part switch { EditPart.Valid => draws.Valid, EditPart.Test => draws.Test, _ => draws.Unseen })(count, study.Asked, seed.For("judged"));
    }

    /// <summary>The model's answers to questions, as text.</summary>
    public IReadOnlyList<string> Answers(EditableModel model, IEnumerable<string> questions) => Texts(model.Answer(Tokens(questions)));

    /// <summary>The answers of a model after an edit, which is taken back.</summary>
    /// <param name="editor">The editor.</param>
    /// <param name="edit">What it is given.</param>
    /// <param name="questions">The questions.</param>
    public IReadOnlyList<string> AnswersAfter(IEditor editor, Question edit, IEnumerable<string> questions)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(editor.Model, [edit]);
        using var edited = editor.Edit(batch);
        return Texts(edited.Answer(Tokens(questions)));
    }

    /// <summary>
    /// Questions that must stay beside an edit: drawn from all training facts, as the paper draws them; or neighbours and others in turn.
    /// </summary>
    private static IEnumerable<Question> Stay(EditCase edit, MendStudy study)
    {
        Question[] near = [.. edit.SameRelation.Zip(edit.SameSubject, (a, b) => new[] { a, b }).SelectMany(pair => pair), .. edit.SameRelation.Skip(edit.SameSubject.Count), .. edit.SameSubject.Skip(edit.SameRelation.Count)];
        Question[] all = study.Neighbours
            ? [.. near.Zip(edit.Unrelated, (a, b) => new[] { a, b }).SelectMany(pair => pair), .. edit.Unrelated.Skip(near.Length), .. near.Skip(edit.Unrelated.Count)]
            : [.. edit.AtRandom];
        return Enumerable.Range(0, study.LocalityQuestions).Select(i => all[i % all.Length]);
    }

    private EditExample Encoded(Question question)
    {
        var example = question.Encode(_world.Coder);
        if (question.Subject is null) return example;
        // Where the subject's tokens stand among the question's.
        int[] subject = [.. _world.Coder.Question(question.Subject)];
        int start = Enumerable.Range(0, example.Input.Count - subject.Length + 1).FirstOrDefault(i => example.Input.Skip(i).Take(subject.Length).SequenceEqual(subject), -1);
        return start < 0 ? example : new(example.Input, example.Target) { Subject = (start, subject.Length) };
    }

    private IReadOnlyList<EditExample> Encoded(IReadOnlyList<Question> questions) => [.. questions.Select(Encoded)];

    private IReadOnlyList<IReadOnlyList<int>> Tokens(IEnumerable<string> questions) => [.. questions.Select(_world.Coder.Question)];

    private IReadOnlyList<string> Texts(IReadOnlyList<int[]> answers) => [.. answers.Select(tokens => _world.Coder.Text(tokens))];
}
