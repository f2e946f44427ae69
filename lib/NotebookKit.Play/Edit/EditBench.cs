using System.Diagnostics;
using NotebookKit.Mend;
using NotebookKit.Studies.Mend;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Play.Edit;

/// <summary>
/// The bench of MEND: facts that a small language model has learnt, four ways to edit them, and what else the edits change. Every question
/// brings all edits with it: they are made one after the other, the model is asked, and is bit for bit as before.
/// </summary>
public sealed class EditBench : IBench
{
    /// <summary>Characters of an answer or a question that are read.</summary>
    public const int LongestText = 200;

    /// <summary>Edits that are made on top of each other at most.</summary>
    public const int MostEdits = 8;

    /// <summary>Questions of a reader at most.</summary>
    public const int MostOwn = 5;

    /// <summary>What one can edit with.</summary>
    public static IReadOnlyList<string> Editors { get; } = ["fine-tuning", "rates only", "MEND", "ROME"];

    private const int Asked = 3;
    private const int PanelSize = 100;

    private readonly FactBook _book;
    private readonly ITextCoder _coder;
    private readonly FactEditing _facts;
    private readonly EditableModel _model, _lastBlocks;
    private readonly MendStudy _study;
    private readonly EditCases _cases;
    private readonly Dictionary<string, IEditor> _editors;
    private readonly (Fact Fact, Question Question)[] _panel;
    private readonly Tensor[] _taught;

    /// <summary>A bench over a taught model.</summary>
    /// <param name="book">The facts.</param>
    /// <param name="coder">The words that the model knows.</param>
    /// <param name="facts">The facts as the model knows them.</param>
    /// <param name="model">The taught model; it becomes the bench's, its module too.</param>
    /// <param name="lastBlocks">The same module as fine-tuning edits it; it becomes the bench's.</param>
    /// <param name="study">The settings of fine-tuning.</param>
    /// <param name="editors">The editors but fine-tuning by their names in <see cref="Editors"/>; they become the bench's.</param>
    /// <param name="about">What model and editors are.</param>
    public EditBench(FactBook book, ITextCoder coder, FactEditing facts, EditableModel model, EditableModel lastBlocks, MendStudy study, IReadOnlyDictionary<string, IEditor> editors, string about)
    {
        (_book, _coder, _facts, _model, _lastBlocks, _study, About) = (book, coder, facts, model, lastBlocks, study, about);
        _editors = new(editors);
        _cases = new(book, book.Facts);
        _taught = Weights();
        // Only what the model knows can be lost.
        (Fact Fact, Question Question)[] drawn = [.. new Seed(0).For("panel").Permutation(book.Facts.Count).Take(2 * PanelSize)
            .Select(i => (book.Facts[i], Ask(book.Facts[i], book.Facts[i].Answer)))];
        _panel = [.. drawn.Zip(Says(drawn.Select(p => p.Question))).Where(p => p.Second).Select(p => p.First).Take(PanelSize)];
    }

    /// <inheritdoc/>
    public string About { get; }

    /// <summary>What can be edited.</summary>
    public FactChoices Choices() => new(
        [.. _book.Relations.Where(r => _book.Facts.Any(f => f.Relation == r.Name)).Select(r => new RelationChoices(
            r.Name, r.Trained[0],
            [.. _book.Facts.Where(f => f.Relation == r.Name).Select(f => new FactChoice(
                f.Subject, f.Answer, _book.Updates.FirstOrDefault(u => u.Relation == f.Relation && u.Subject == f.Subject)?.Answer ?? ""))],
            [.. _book.Facts.Concat(_book.Updates).Where(f => f.Relation == r.Name).Select(f => f.Answer).Distinct().Order(StringComparer.Ordinal)]))],
        1e-5, 1e-2, _study.Rates[^1]);

    /// <summary>Makes the edits, asks, and takes them back.</summary>
    /// <exception cref="InputException">A fact, an answer, an editor or a question cannot be used.</exception>
    public EditAnswer Answer(EditQuestion question)
    {
        FactEdit[] edits = [.. question.Edits ?? []];
        if (edits.Length > MostEdits) throw new InputException("edits", $"This bench makes {MostEdits} edits on top of each other. Undo one first.");
        (Fact Fact, string Answer)[] wanted = [.. edits.Select(edit => (Find(edit.Relation, edit.Subject), NewAnswer(edit)))];
        var asked = edits.Length > 0 ? wanted[^1].Fact : Find(question.Relation, question.Subject);
        string answer = edits.Length > 0 ? wanted[^1].Answer : asked.Answer;
        string[] own = [.. (question.Own ?? []).Where(q => !string.IsNullOrWhiteSpace(q)).Take(MostOwn).Select(q => Known("own", TypedText.Cut(q.Trim(), LongestText, out _), _coder.Question))];

        var groups = Groups(asked, answer);
        Question[] all = [.. groups.SelectMany(g => g.Questions)];
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (string[] before, string[] ownBefore, double[] sureBefore) = (Answers(all), Answers(own), Probabilities(all));
        List<SeriesPoint> series = [];
        try
        {
            for (int k = 0; k < edits.Length; k++)
            {
                long began = Stopwatch.GetTimestamp();
                Make(edits[k], wanted[k]);
                double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                bool[] hold = Says(wanted[..(k + 1)].Select(w => Ask(w.Fact, w.Answer)));
                Question[] untouched = [.. _panel.Where(p => !wanted.Any(w => w.Fact == p.Fact)).Select(p => p.Question)];
                series.Add(new(k + 1, hold[^1], hold.Count(h => h), Says(untouched).Count(right => !right), untouched.Length, took));
            }
            (string[] after, string[] ownAfter, double[] sureAfter) = edits.Length == 0 ? (before, ownBefore, sureBefore) : (Answers(all), Answers(own), Probabilities(all));
            int at = 0;
            return new(
                Ask(asked, answer).Text,
                [.. groups.Select(g => new AskedGroup(g.Name, g.Changes, [.. g.Questions.Select(q =>
                {
                    AskedQuestion row = new(q.Text, q.Answer, before[at], after[at], sureBefore[at], sureAfter[at]);
                    at++;
                    return row;
                })]))],
                [.. own.Select((q, i) => new AskedQuestion(q, "", ownBefore[i], ownAfter[i], null, null))],
                series, _panel.Length);
        }
        finally
        {
            Restore(_taught);
        }
    }

    /// <summary>Frees editors and model.</summary>
    public void Dispose()
    {
        foreach (var editor in _editors.Values.OfType<IDisposable>()) editor.Dispose();
        foreach (var weight in _taught) weight.Dispose();
        var module = _model.Module;
        _lastBlocks.Dispose();
        _model.Dispose();
        module.Dispose();
    }

    private IReadOnlyList<(string Name, bool Changes, IReadOnlyList<Question> Questions)> Groups(Fact fact, string answer)
    {
        var asked = _cases.Of(fact, answer, Asked, new Seed(0).For($"{fact.Relation} {fact.Subject}"));
        var relation = _book.Relation(fact.Relation);
        return
        [
            ("the edited question", true, [asked.Edit]),
            ("in other words", true, [.. asked.Rephrasings, .. relation.Trained.Skip(1).Take(1).Select(p => new Question(FactRelation.Ask(p, fact.Subject), answer))]),
            ("neighbours: the same question of others", false, asked.SameRelation),
            ("neighbours: other questions of the same", false, asked.SameSubject),
            ("unrelated", false, asked.Unrelated),
        ];
    }

    private void Make(FactEdit edit, (Fact Fact, string Answer) wanted)
    {
        using var scope = NewDisposeScope();
        var editor = edit.Editor == Editors[0] ? new FineTuningEditor(_lastBlocks, _study.FineTuning with { LearningRate = edit.Rate }) : _editors[edit.Editor!];
        var before = edit.Strength == 1 ? [] : Weights();
        using var batch = _facts.Batch(_model, [Ask(wanted.Fact, wanted.Answer)]);
        try
        {
            using var edited = editor.Edit(batch);
            edited.Apply(revertible: false);
        }
        catch (ArgumentException) when (_model.Says(batch)[0])
        {
            throw new InputException("answer", $"The model says '{wanted.Answer}' already. Choose another answer.");
        }
        catch (ArithmeticException)
        {
            throw new InputException("rate", "This edit made a number that is not finite. Lower the rate or the strength.");
        }
        // W ← W₀ + strength · (W - W₀); of MEND's update that is its learned rates times the strength.
        foreach ((var weight, var was) in _model.Weights.Zip(before)) weight.Weight.copy_(was.lerp(weight.Weight, edit.Strength));
        foreach (var was in before) was.Dispose();
    }

    private Tensor[] Weights()
    {
        using var noGradient = no_grad();
        return [.. _model.Weights.Select(weight => weight.Weight.detach().clone().DetachFromDisposeScope())];
    }

    private void Restore(Tensor[] weights)
    {
        foreach ((var weight, var value) in _model.Weights.Zip(weights)) weight.Weight.copy_(value);
    }

    private Question Ask(Fact fact, string answer) => new(FactRelation.Ask(_book.Relation(fact.Relation).Trained[0], fact.Subject), answer) { Subject = fact.Subject };

    private string[] Answers(IReadOnlyList<Question> questions) => Answers([.. questions.Select(q => q.Text)]);

    private string[] Answers(IReadOnlyList<string> questions) => questions.Count == 0 ? [] : [.. _facts.Answers(_model, questions)];

    private bool[] Says(IEnumerable<Question> questions)
    {
        Question[] asked = [.. questions];
        if (asked.Length == 0) return [];
        using var batch = _facts.Batch(_model, asked);
        return _model.Says(batch);
    }

    /// <summary>The probability of the answer of each question, its end included.</summary>
    private double[] Probabilities(IReadOnlyList<Question> questions)
    {
        if (questions.Count == 0) return [];
        using var scope = NewDisposeScope();
        using var batch = _facts.Batch(_model, questions);
        var asked = batch.Targets.ne(TokenLabel.Ignored);
        // p(answer) = Π p(token | question, earlier tokens)
        var logP = _model.Logits(batch).log_softmax(-1).gather(-1, batch.Targets.clamp(0).unsqueeze(-1)).squeeze(-1);
        return [.. logP.masked_fill(asked.logical_not(), 0).sum(-1).exp().to(float64).data<double>()];
    }

    private Fact Find(string? relation, string? subject)
    {
        if (_book.Relations.All(r => r.Name != relation)) throw new InputException("relation", $"The model knows no relation '{relation}'. Choose one of the list.");
        return _book.Facts.FirstOrDefault(f => f.Relation == relation && f.Subject == subject)
            ?? throw new InputException("subject", $"The model knows nothing of the {relation} of '{subject}'. Choose one of the list.");
    }

    private string NewAnswer(FactEdit edit)
    {
        if (!Editors.Contains(edit.Editor)) throw new InputException("editor", $"There is no editor '{edit.Editor}'. Use {string.Join(", ", Editors)}.");
        if (!(edit.Rate is >= 1e-6 and <= 1e-1)) throw new InputException("rate", "The rate lies between 0.000001 and 0.1.");
        if (!(edit.Strength is >= 0 and <= 3)) throw new InputException("strength", "The strength lies between 0 and 3.");
        string answer = TypedText.Cut(edit.Answer?.Trim(), LongestText, out _);
        if (answer.Length == 0) throw new InputException("answer", "Give the answer that the model is to learn.");
        return Known("answer", answer, _coder.Answer);
    }

    /// <summary>A text of the reader's, if the model has a token for each of its words.</summary>
    private static string Known(string field, string text, Func<string, IReadOnlyList<int>> encode)
    {
        try
        {
            return encode(text).Count > 0 ? text : throw new InputException(field, $"'{text}' comes to no token. Use words that the model knows.");
        }
        catch (ArgumentException error)
        {
            throw new InputException(field, FirstSentence(error));
        }
    }

    /// <summary>The message without the name of a parameter, which .NET adds.</summary>
    private static string FirstSentence(ArgumentException error) =>
        error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
