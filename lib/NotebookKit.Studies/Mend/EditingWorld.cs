using System.IO.Hashing;
using System.Text;
using NotebookKit.Training;

namespace NotebookKit.Studies.Mend;

/// <summary>What an experiment on editing takes place in: what the model learns by heart, and from where edits are drawn.</summary>
public sealed class EditingWorld
{
    private readonly Func<Seed, int, EditDraws> _draws;

    private EditingWorld(string name, IReadOnlyList<Question> questions, ITextCoder coder, Func<Seed, int, EditDraws> draws)
    {
        (Name, Questions, Coder, _draws) = (name, questions, coder, draws);
        Checksum = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(string.Join('\n', questions))))[..12];
    }

    /// <summary>Where the facts are from.</summary>
    public string Name { get; }

    /// <summary>What the model learns.</summary>
    public IReadOnlyList<Question> Questions { get; }

    /// <summary>Texts to tokens.</summary>
    public ITextCoder Coder { get; }

    /// <summary>A checksum of the questions and answers.</summary>
    public string Checksum { get; }

    /// <summary>The edits of a seed: which facts are for training and which for tests is drawn anew for each.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="trainingFacts">Only so many facts are for training; 0 for all.</param>
    public EditDraws Edits(Seed seed, int trainingFacts = 0) => _draws(seed, trainingFacts);

    /// <summary>The world of a book of facts, divided by subject and by relation (<see cref="FactSplit"/>).</summary>
    /// <param name="book">The facts.</param>
    /// <param name="unseen">Relations that no editor trains on.</param>
    /// <param name="coder">Texts to tokens; null for the words of the book.</param>
    /// <param name="taughtIn">
    /// In how many of its relation's phrasings a fact is taught, drawn for each; 0 for all. With few the model knows a fact in some words
    /// better than in others, as a model that has read it somewhere does.
    /// </param>
    public static EditingWorld Of(FactBook book, IReadOnlyList<string> unseen, ITextCoder? coder = null, int taughtIn = 0) =>
        new(book.Name, taughtIn == 0 ? [.. book.TrainedQuestions] : [.. book.TaughtIn(taughtIn)], coder ?? new WordCoder(book), (seed, trainingFacts) =>
        {
            FactSplit split = FactSplit.Of(book, unseen, seed);
            var test = new EditCases(book, split.Test);
            return new(new EditCases(book, trainingFacts == 0 ? split.Train : [.. split.Train.Take(trainingFacts)]).Train, new EditCases(book, split.Valid).Test, test.Test, test.Together, new EditCases(book, split.Unseen, [.. split.Test, .. split.Unseen]).Test);
        });

    /// <summary>
    /// The world of published rows: the model learns all three questions of each, the editor trains on the first 55 % of the rows and is tested
    /// on the last 30 %. Questions of other rows stand beside a row's own as questions that must stay.
    /// </summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="localityIsNeighbour">Whether a row's third question is of the same relation, as in CounterFact.</param>
    /// <param name="coder">Texts to tokens; null for the words of the rows.</param>
    public static EditingWorld Of(string name, IReadOnlyList<EditRow> rows, bool localityIsNeighbour, ITextCoder? coder = null)
    {
        // A question that two rows answer differently has no answer that a model could keep.
        HashSet<string> contradicted = [.. rows.SelectMany(Known).GroupBy(q => q.Text).Where(g => g.Select(q => q.Answer).Distinct().Count() > 1).Select(g => g.Key)];
        EditRow[] sound = [.. rows.Where(r => r.Edit.Answer != r.OldAnswer && !Known(r).Any(q => contradicted.Contains(q.Text)))];
        EditRow[] train = sound[..(sound.Length * 55 / 100)], valid = sound[train.Length..(sound.Length * 70 / 100)], test = sound[(train.Length + valid.Length)..];
        var draws = new EditDraws(
            (asked, random) => Case(train[random.Next(train.Length)], asked, train, random),
            (count, asked, seed) => Some(valid, count, asked, seed), (count, asked, seed) => Some(test, count, asked, seed), (count, asked, seed) => Some(test, count, asked, seed), (_, _, _) => []);
        return new(name, [.. sound.SelectMany(Known).Distinct()], coder ?? new WordCoder(sound.SelectMany(r => Known(r).Append(r.Edit))), (_, _) => draws);

        static Question[] Known(EditRow row) => [row.Edit with { Answer = row.OldAnswer }, new(row.Rephrased, row.OldAnswer), row.Locality];

        IReadOnlyList<EditCase> Some(EditRow[] from, int count, int asked, Seed seed) =>
            [.. seed.For("order").Permutation(from.Length).Take(count).Select((row, i) => Case(from[row], asked, from, seed.For("test").At(i).ToRandom()))];

        EditCase Case(EditRow row, int asked, EditRow[] others, Random random)
        {
            List<Question> unrelated = localityIsNeighbour ? [] : [row.Locality];
            for (int tries = 0; tries < 8 * asked && unrelated.Count < asked; tries++)
            {
                Question question = others[random.Next(others.Length)].Locality;
                if (question.Text != row.Edit.Text && !unrelated.Contains(question)) unrelated.Add(question);
            }
            return new(row.Edit, row.OldAnswer, [new(row.Rephrased, row.Edit.Answer)], unrelated, localityIsNeighbour ? [row.Locality] : [], [])
            {
                AtRandom = localityIsNeighbour ? [row.Locality, .. unrelated] : unrelated,
            };
        }
    }

    /// <summary>Name, size and checksum in one line.</summary>
    public override string ToString() => $"{Name}: {Questions.Count:N0} questions to know, {Coder.Count:N0} tokens, checksum {Checksum}";
}

/// <summary>Draws edits; for the last four: how many edits, how many questions of each kind must stay, and the seed.</summary>
/// <param name="Train">One edit for training; how many questions of each kind must stay, and the draws.</param>
/// <param name="Valid">Edits to choose by.</param>
/// <param name="Test">Edits of facts that no training touched.</param>
/// <param name="Together">Such edits that are made together.</param>
/// <param name="Unseen">Edits in relations that no training touched; none where there are no relations.</param>
public sealed record EditDraws(
    Func<int, Random, EditCase> Train,
    Func<int, int, Seed, IReadOnlyList<EditCase>> Valid,
    Func<int, int, Seed, IReadOnlyList<EditCase>> Test,
    Func<int, int, Seed, IReadOnlyList<EditCase>> Together,
    Func<int, int, Seed, IReadOnlyList<EditCase>> Unseen);
