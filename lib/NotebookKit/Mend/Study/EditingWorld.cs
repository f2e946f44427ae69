using System.IO.Hashing;
using System.Text;
using NotebookKit.Mend.Facts;
using NotebookKit.Training;

namespace NotebookKit.Mend.Study;

/// <summary>What an experiment on editing takes place in: what the model learns by heart, and the edits for training, choosing and testing.</summary>
public sealed class EditingWorld
{
    private readonly Func<int, Random, EditCase> _draw;
    private readonly Func<int, int, Seed, IReadOnlyList<EditCase>> _valid, _test, _unseen;

    private EditingWorld(
        string name, IReadOnlyList<Question> questions, ITextCoder coder, Func<int, Random, EditCase> draw,
        Func<int, int, Seed, IReadOnlyList<EditCase>> valid, Func<int, int, Seed, IReadOnlyList<EditCase>> test, Func<int, int, Seed, IReadOnlyList<EditCase>> unseen)
    {
        (Name, Questions, Coder, _draw, _valid, _test, _unseen) = (name, questions, coder, draw, valid, test, unseen);
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

    /// <summary>The world of a book of facts, divided by subject and by relation.</summary>
    /// <param name="book">The facts.</param>
    /// <param name="split">Which facts are for what.</param>
    /// <param name="coder">Texts to tokens; null for the words of the book.</param>
    public static EditingWorld Of(FactBook book, FactSplit split, ITextCoder? coder = null)
    {
        var train = new EditCases(book, split.Train);
        var test = new EditCases(book, split.Test);
        return new(
            book.Name, [.. book.TrainedQuestions], coder ?? new WordCoder(book), train.Train,
            new EditCases(book, split.Valid).Test, test.Test, new EditCases(book, split.Unseen, [.. split.Test, .. split.Unseen]).Test);
    }

    /// <summary>
    /// The world of published rows: the model learns all three questions of each, the editor trains on two thirds of the rows. Questions
    /// of other rows that must stay stand in for unrelated ones.
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
        int trained = sound.Length * 55 / 100, chosen = sound.Length * 70 / 100;
        return new(
            name, [.. sound.SelectMany(Known).Distinct()], coder ?? new WordCoder(sound.SelectMany(r => Known(r).Append(r.Edit))),
            (asked, random) => Case(sound[random.Next(trained)], asked, sound[..trained], random),
            (count, asked, seed) => Some(sound[trained..chosen], count, asked, seed), (count, asked, seed) => Some(sound[chosen..], count, asked, seed), (_, _, _) => []);

        static Question[] Known(EditRow row) => [row.Edit with { Answer = row.OldAnswer }, new(row.Rephrased, row.OldAnswer), row.Locality];

        IReadOnlyList<EditCase> Some(EditRow[] from, int count, int asked, Seed seed) =>
            [.. seed.For("order").Permutation(from.Length).Take(count).Select((row, i) => Case(from[row], asked, from, seed.For("test").At(i).ToRandom()))];

        EditCase Case(EditRow row, int asked, EditRow[] others, Random random)
        {
            List<Question> unrelated = localityIsNeighbour ? [] : [row.Locality];
            for (int tries = 0; tries < 8 * asked && unrelated.Count < asked; tries++)
            {
                EditRow other = others[random.Next(others.Length)];
                Question question = localityIsNeighbour ? other.Edit with { Answer = other.OldAnswer } : other.Locality;
                if (question.Text != row.Edit.Text && !unrelated.Contains(question)) unrelated.Add(question);
            }
            return new(row.Edit, row.OldAnswer, [new(row.Rephrased, row.Edit.Answer)], unrelated, localityIsNeighbour ? [row.Locality] : [], []);
        }
    }

    /// <summary>One edit for training.</summary>
    /// <param name="asked">How many questions of each kind must stay.</param>
    /// <param name="random">The draws.</param>
    public EditCase Draw(int asked, Random random) => _draw(asked, random);

    /// <summary>Edits to choose by.</summary>
    /// <param name="count">How many.</param>
    /// <param name="asked">How many questions of each kind must stay.</param>
    /// <param name="seed">Seed of the draw.</param>
    public IReadOnlyList<EditCase> Valid(int count, int asked, Seed seed) => _valid(count, asked, seed.For("valid"));

    /// <summary>Edits of facts that no training touched.</summary>
    /// <inheritdoc cref="Valid"/>
    public IReadOnlyList<EditCase> Test(int count, int asked, Seed seed) => _test(count, asked, seed.For("test"));

    /// <summary>Edits in relations that no training touched; none where there are no relations.</summary>
    /// <inheritdoc cref="Valid"/>
    public IReadOnlyList<EditCase> Unseen(int count, int asked, Seed seed) => _unseen(count, asked, seed.For("unseen"));

    /// <summary>Name, size and checksum in one line.</summary>
    public override string ToString() => $"{Name}: {Questions.Count:N0} questions to know, {Coder.Count:N0} tokens, checksum {Checksum}";
}
