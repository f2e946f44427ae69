using NotebookKit.Training;

namespace NotebookKit.Studies.Mend;

/// <summary>Draws edits from facts: a new answer of the same kind, other words for the question, and questions that must stay as they are.</summary>
public sealed class EditCases
{
    private readonly FactBook _book;
    private readonly IReadOnlyList<Fact> _facts, _others;
    private readonly ILookup<string, Fact> _ofRelation, _ofSubject;

    /// <summary>Takes the facts.</summary>
    /// <param name="book">Relations, their phrasings and all answers.</param>
    /// <param name="facts">The facts that are edited.</param>
    /// <param name="others">Facts that may be asked for beside them; <paramref name="facts"/> when null.</param>
    public EditCases(FactBook book, IReadOnlyList<Fact> facts, IReadOnlyList<Fact>? others = null)
    {
        (_book, _facts, _others) = (book, facts, others ?? facts);
        _ofRelation = _others.ToLookup(f => f.Relation);
        _ofSubject = _others.ToLookup(f => f.Subject);
    }

    /// <summary>Edits of the test: each fact once in a drawn order, asked in held-out phrasings after the edit.</summary>
    /// <param name="count">How many; all facts if there are fewer.</param>
    /// <param name="asked">How many questions of each kind must stay.</param>
    /// <param name="seed">Seed of the draw.</param>
    public IReadOnlyList<EditCase> Test(int count, int asked, Seed seed) =>
        [.. seed.For("order").Permutation(_facts.Count).Take(count).Select((fact, i) => Draw(_facts[fact], _book.Relation(_facts[fact].Relation).HeldOut, asked, seed.For("test").At(i).ToRandom()))];

    /// <summary>Edits of a test that are made together: as <see cref="Test"/>, and no question that must stay asks for a fact that one of them changes.</summary>
    /// <inheritdoc cref="Test"/>
    public IReadOnlyList<EditCase> Together(int count, int asked, Seed seed)
    {
        Fact[] edited = [.. seed.For("order").Permutation(_facts.Count).Take(count).Select(fact => _facts[fact])];
        return new EditCases(_book, edited, [.. _others.Except(edited)]).Test(count, asked, seed);
    }

    /// <summary>One edit for training: one rephrasing among the trained ones.</summary>
    /// <param name="asked">How many questions of each kind must stay.</param>
    /// <param name="random">The draws.</param>
    public EditCase Train(int asked, Random random)
    {
        Fact fact = _facts[random.Next(_facts.Count)];
        return Draw(fact, null, asked, random);
    }

    /// <summary>An edit of one fact to a given answer, asked in held-out phrasings.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="answer">Its new answer.</param>
    /// <param name="asked">How many questions of each kind must stay.</param>
    /// <param name="seed">Seed of the draw.</param>
    public EditCase Of(Fact fact, string answer, int asked, Seed seed)
    {
        FactRelation relation = _book.Relation(fact.Relation);
        return Around(fact, relation.Trained[0], answer, relation.HeldOut, asked, seed.ToRandom());
    }

    private EditCase Draw(Fact fact, IReadOnlyList<string>? rephrasings, int asked, Random random)
    {
        FactRelation relation = _book.Relation(fact.Relation);
        IReadOnlyList<string> answers = _book.OtherAnswers(fact);
        int phrasing = random.Next(relation.Trained.Count);
        rephrasings ??= [relation.Trained[(phrasing + 1 + random.Next(relation.Trained.Count - 1)) % relation.Trained.Count]];
        return Around(fact, relation.Trained[phrasing], answers[random.Next(answers.Count)], rephrasings, asked, random);
    }

    private EditCase Around(Fact fact, string phrasing, string answer, IReadOnlyList<string> rephrasings, int asked, Random random)
    {
        return new(
            new(FactRelation.Ask(phrasing, fact.Subject), answer) { Subject = fact.Subject }, fact.Answer,
            [.. rephrasings.Select(p => new Question(FactRelation.Ask(p, fact.Subject), answer) { Subject = fact.Subject })],
            Some(_others, f => f.Relation != fact.Relation && f.Subject != fact.Subject),
            Some([.. _ofRelation[fact.Relation]], f => f.Subject != fact.Subject),
            Some([.. _ofSubject[fact.Subject]], f => f.Relation != fact.Relation))
        {
            AtRandom = Some(_others, f => f != fact),
        };

        IReadOnlyList<Question> Some(IReadOnlyList<Fact> facts, Func<Fact, bool> allowed)
        {
            List<Question> questions = [];
            // Enough tries to find what is there without sorting all facts for every edit.
            for (int tries = 0; tries < 8 * asked && questions.Count < asked && facts.Count > 0; tries++)
            {
                Fact other = facts[random.Next(facts.Count)];
                IReadOnlyList<string> phrasings = _book.Relation(other.Relation).Trained;
                var question = new Question(FactRelation.Ask(phrasings[random.Next(phrasings.Count)], other.Subject), other.Answer);
                if (allowed(other) && !questions.Contains(question)) questions.Add(question);
            }
            return questions;
        }
    }
}

/// <summary>An edit with all that is asked to judge it.</summary>
/// <param name="Edit">x_e, y_e: what the editor is given.</param>
/// <param name="OldAnswer">What the model said before.</param>
/// <param name="Rephrasings">x'_e: the same question in other words, with the new answer.</param>
/// <param name="Unrelated">Questions about other subjects and other relations; their answers must stay.</param>
/// <param name="SameRelation">The same question about other subjects.</param>
/// <param name="SameSubject">Other questions about the same subject.</param>
public sealed record EditCase(
    Question Edit, string OldAnswer, IReadOnlyList<Question> Rephrasings,
    IReadOnlyList<Question> Unrelated, IReadOnlyList<Question> SameRelation, IReadOnlyList<Question> SameSubject)
{
    /// <summary>Questions about any other facts, as the paper draws them for the training.</summary>
    public IReadOnlyList<Question> AtRandom { get; init; } = [];
}
