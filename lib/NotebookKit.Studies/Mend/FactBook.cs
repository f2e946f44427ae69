using System.Globalization;
using System.IO.Hashing;
using System.Text;
using NotebookKit.Studies.Data;
using NotebookKit.Training;

namespace NotebookKit.Studies.Mend;

/// <summary>Facts, the ways to ask for them, and what has changed since.</summary>
public sealed class FactBook
{
    private readonly Dictionary<string, FactRelation> _relations;

    /// <summary>Takes facts and relations.</summary>
    /// <param name="name">Where they are from, in a few words.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="relations">The relations of all facts.</param>
    /// <param name="updates">Newer answers to some of the facts.</param>
    /// <exception cref="InvalidDataException">A field is empty, a fact is told twice or contradicted, a relation has no phrasings or a phrasing no place for the subject.</exception>
    public FactBook(string name, IReadOnlyList<Fact> facts, IReadOnlyList<FactRelation> relations, IReadOnlyList<Fact>? updates = null)
    {
        (Name, Facts, Relations, Updates) = (name, facts, relations, updates ?? []);
        if (Problems().FirstOrDefault() is { } problem) throw new InvalidDataException($"{name}: {problem}");
        _relations = relations.ToDictionary(r => r.Name);
        Checksum = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(string.Join('\n',
            [.. Facts.Concat(Updates).Select(f => $"{f.Relation}\t{f.Subject}\t{f.Answer}\t{f.Year}"), .. relations.SelectMany(r => r.Phrasings)]))))[..12];
    }

    /// <summary>Where the facts are from.</summary>
    public string Name { get; }

    /// <summary>The facts.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>The relations.</summary>
    public IReadOnlyList<FactRelation> Relations { get; }

    /// <summary>Newer answers to some of the facts.</summary>
    public IReadOnlyList<Fact> Updates { get; }

    /// <summary>A checksum of all of it.</summary>
    public string Checksum { get; }

    /// <summary>Reads <c>facts.csv</c>, <c>phrasings.csv</c> and <c>updates.csv</c> of a folder.</summary>
    /// <param name="folder">The folder, such as <c>data/facts</c>.</param>
    /// <exception cref="InvalidDataException">A file is no such table, or the facts contradict each other; the message names the file and the fact.</exception>
    public static FactBook Load(string folder)
    {
        IReadOnlyList<FactRelation> relations =
        [
            .. Rows("phrasings.csv", "relation", "use", "phrasing").GroupBy(r => r["relation"]).Select(relation => new FactRelation(
                relation.Key,
                [.. relation.Where(r => r["use"] == "train").Select(r => r["phrasing"])],
                [.. relation.Where(r => r["use"] == "held-out").Select(r => r["phrasing"])])),
        ];
        return new("general facts", Facts("facts.csv"), relations, Facts("updates.csv"));

        IReadOnlyList<Fact> Facts(string file) =>
        [
            .. Rows(file, "relation", "subject", "answer", "year").Select(r => new Fact(
                r["relation"], r["subject"], r["answer"],
                r["year"] is "" ? null
                    : int.TryParse(r["year"], CultureInfo.InvariantCulture, out int year) ? year
                    : throw new InvalidDataException($"{Path.Combine(folder, file)}: '{r["year"]}' is no year, in {string.Join(',', r.Values)}."))),
        ];

        IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string file, params string[] columns)
        {
            string path = Path.Combine(folder, file);
            try
            {
                IReadOnlyDictionary<string, string>[] rows = [.. DelimitedText.Rows(File.ReadAllText(path))];
                if (rows.Length > 0 && columns.FirstOrDefault(c => !rows[0].ContainsKey(c)) is { } missing)
                    throw new InvalidDataException($"there is no column '{missing}'; the header must be {string.Join(',', columns)}");
                return rows;
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{path}: {error.Message}.", error);
            }
        }
    }

    /// <summary>The relation of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public FactRelation Relation(string name) => _relations.TryGetValue(name, out FactRelation? relation)
        ? relation
        : throw new ArgumentException($"There is no relation '{name}'; there are {string.Join(", ", _relations.Keys)}.", nameof(name));

    /// <summary>Every fact in every phrasing that is trained.</summary>
    public IEnumerable<Question> TrainedQuestions => Facts.SelectMany(f => Relation(f.Relation).Trained.Select(p => new Question(FactRelation.Ask(p, f.Subject), f.Answer)));

    /// <summary>Every fact in some of the phrasings that are trained, drawn once for each fact.</summary>
    /// <param name="phrasings">In how many.</param>
    public IEnumerable<Question> TaughtIn(int phrasings) => Facts.SelectMany(f =>
    {
        IReadOnlyList<string> trained = Relation(f.Relation).Trained;
        return new Seed(0).For($"{f.Relation} {f.Subject}").Permutation(trained.Count).Take(phrasings).Select(i => new Question(FactRelation.Ask(trained[i], f.Subject), f.Answer));
    });

    /// <summary>Every fact in every phrasing that is held out.</summary>
    public IEnumerable<Question> HeldOutQuestions => Facts.SelectMany(f => Relation(f.Relation).HeldOut.Select(p => new Question(FactRelation.Ask(p, f.Subject), f.Answer)));

    /// <summary>The fact of a relation and a subject.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Fact Find(string relation, string subject) =>
        Facts.FirstOrDefault(f => f.Relation == Relation(relation).Name && f.Subject == subject)
        ?? throw new ArgumentException($"Nothing is known about the {relation} of '{subject}'.", nameof(subject));

    /// <summary>What a fact may be changed to: its update first where there is one, then every other answer of its relation.</summary>
    /// <param name="fact">The fact.</param>
    public IReadOnlyList<string> OtherAnswers(Fact fact) =>
    [
        .. Updates.Concat(Facts).Where(f => f.Relation == fact.Relation && (f.Subject == fact.Subject || f.Year is null || !Updates.Contains(f)))
            .Select(f => f.Answer).Distinct().Where(a => a != fact.Answer),
    ];

    /// <summary>Only the facts of some relations.</summary>
    /// <param name="relations">The relations to keep; all when empty.</param>
    /// <exception cref="ArgumentException">There is no such relation.</exception>
    public FactBook Only(params IReadOnlyList<string> relations)
    {
        HashSet<string> kept = [.. (relations.Count > 0 ? relations : [.. _relations.Keys]).Select(name => Relation(name).Name)];
        return new(Name, [.. Facts.Where(f => kept.Contains(f.Relation))], [.. Relations.Where(r => kept.Contains(r.Name))], [.. Updates.Where(u => kept.Contains(u.Relation))]);
    }

    /// <summary>Counts and checksum in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Facts.Count:N0} facts in {Facts.Select(f => f.Relation).Distinct().Count()} relations, {Relations.Sum(r => r.Phrasings.Count())} phrasings, {Updates.Count} updates, checksum {Checksum}");

    private IEnumerable<string> Problems()
    {
        foreach (Fact fact in Facts.Concat(Updates))
            if (new[] { fact.Relation, fact.Subject, fact.Answer }.Any(f => f.Trim() != f || f.Length == 0)) yield return $"a field is empty or padded with spaces in '{fact}'.";
        foreach (var told in Facts.GroupBy(f => (f.Relation, f.Subject)).Where(g => g.Count() > 1))
            yield return told.Select(f => f.Answer).Distinct().Count() == 1 ? $"'{told.First()}' is told twice." : $"'{told.First()}' and '{told.Last()}' contradict each other.";
        foreach (var relation in Relations)
        {
            if (relation.Trained.Count == 0 || relation.HeldOut.Count == 0) yield return $"relation '{relation.Name}' needs phrasings to train with and others to test with.";
            if (relation.Phrasings.FirstOrDefault(p => p.Split("{0}").Length != 2) is { } phrasing) yield return $"'{phrasing}' must have the place {{0}} for the subject once.";
        }
        if (Relations.SelectMany(r => r.Phrasings).GroupBy(p => p).FirstOrDefault(g => g.Count() > 1) is { } twice) yield return $"the phrasing '{twice.Key}' stands twice.";
        if (Facts.Concat(Updates).FirstOrDefault(f => Relations.All(r => r.Name != f.Relation)) is { } orphan) yield return $"there are no phrasings for '{orphan}'.";
        if (Updates.FirstOrDefault(u => !Facts.Any(f => f.Relation == u.Relation && f.Subject == u.Subject && f.Answer != u.Answer && f.Year < u.Year)) is { } update)
            yield return $"'{update}' updates no older fact.";
    }
}

/// <summary>One fact: in a relation, a subject has an answer.</summary>
/// <param name="Relation">The relation, such as "capital".</param>
/// <param name="Subject">What is asked about, written as inside a sentence: "the UK".</param>
/// <param name="Answer">The answer.</param>
/// <param name="Year">A year in which the answer held, where it changes with time.</param>
public sealed record Fact(string Relation, string Subject, string Answer, int? Year = null)
{
    /// <summary>Relation, subject, answer and year in one line.</summary>
    public override string ToString() => $"{Relation} of {Subject}: {Answer}{(Year is null ? "" : $" ({Year})")}";
}

/// <summary>A relation and the ways to ask for it.</summary>
/// <param name="Name">The relation.</param>
/// <param name="Trained">Phrasings that models and editors learn from, with {0} where the subject stands.</param>
/// <param name="HeldOut">Phrasings that are asked in tests only.</param>
public sealed record FactRelation(string Name, IReadOnlyList<string> Trained, IReadOnlyList<string> HeldOut)
{
    /// <summary>All phrasings, the trained ones first.</summary>
    public IEnumerable<string> Phrasings => Trained.Concat(HeldOut);

    /// <summary>The question in one phrasing.</summary>
    /// <param name="phrasing">The phrasing.</param>
    /// <param name="subject">Whom or what it is about.</param>
    public static string Ask(string phrasing, string subject) => phrasing.Replace("{0}", subject, StringComparison.Ordinal);
}
