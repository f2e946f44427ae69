using System.Text.RegularExpressions;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Templates;
using NotebookKit.Training;

namespace NotebookKit.Studies.Prompting;

/// <summary>A data set made from the API documentation.</summary>
/// <param name="Name">Its name, which is also that of its prompts.</param>
/// <param name="Family">The task it belongs to.</param>
/// <param name="IsHeldOut">Whether it is for testing only.</param>
/// <param name="Make">Its examples by part; is given the length of a choice, which the wrong ones are matched by, or null to take them as they come.</param>
internal sealed record MatchingSource(string Name, string Family, bool IsHeldOut, Func<ApiDocs, Func<string, int>?, ILookup<Split, PromptExample>> Make);

/// <summary>
/// The rows of the offline tasks, the family of matching: a text, some choices, and the one that belongs to it. All choices stand in the input, so that each question
/// can be answered from what is read. Every example names its <c>type</c> (namespace and outermost type), and all examples of a type lie in one part, in all tasks
/// alike. Wrong choices are drawn from the same namespace and part. Fields: type, text, choices, marks (as many random words, for prompts that mark the list by
/// them), label.
/// </summary>
internal static partial class MatchingExamples
{
    /// <summary>Wrong choices are the nearest in length of so many draws.</summary>
    private const int Draws = 40;

    /// <summary>The most examples of one type, so that no large type is half of a set.</summary>
    private const int MostOfType = 16;

    /// <summary>What lists are marked by: letters and short words, drawn anew for each row, so that no answer can be learnt by heart.</summary>
    public static IReadOnlyList<string> Marks { get; } =
    [
        .. "abcdefghjkmnpqrstuvwxyz".Select(c => c.ToString()),
        "red", "blue", "green", "gold", "oak", "elm", "ash", "fox", "owl", "bee", "sun", "moon", "star", "rain", "snow", "north", "south", "east", "west", "river", "lake", "hill", "iron", "salt",
    ];

    private static readonly string[] ExceptionNames =
        ["ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException", "InvalidOperationException", "ObjectDisposedException", "NotSupportedException", "IOException", "UnauthorizedAccessException"];

    /// <summary>All sets, those to train on first, in the order in which more data sets are added.</summary>
    public static IReadOnlyList<MatchingSource> All { get; } =
    [
        Drawn("member_name", "naming", false, docs => Summaries(docs, MemberKind.Method, MemberKind.Property).Select(m => new Candidate(m, First(m.Summary), Words(m.Name)))),
        Drawn("parameter_name", "naming", false, docs => from m in docs.Members from p in m.Parameters select new Candidate(m, First(p.Text), Words(p.Name))),
        Classes("exception", "condition", docs => ApiDocsTasks.ExceptionTypes(docs, ExceptionNames.Length).Only([.. ApiDocsTasks.ExceptionTypes(docs, ExceptionNames.Length).Labels]), Words),
        Drawn("method_of_return", "naming", false, docs => docs.Members.Where(m => m.Kind == MemberKind.Method).Select(m => new Candidate(m, First(m.Returns), Words(m.Name)))),
        Drawn("field_name", "naming", false, docs => Summaries(docs, MemberKind.Field).Select(m => new Candidate(m, First(m.Summary), Words(m.Name)))),
        Drawn("value_name", "naming", false, docs => docs.Members.Where(m => m.Kind == MemberKind.Property).Select(m => new Candidate(m, First(m.Returns), Words(m.Name)))),
        Drawn("name_of_remark", "naming", false, docs => docs.Members.Where(m => m.Kind is not MemberKind.Type).Select(m => new Candidate(m, FirstSentence(m.Remarks), Words(m.Name)))),
        Classes("namespace", "topic", docs => ApiDocsTasks.Namespaces(docs).Only(ApiDocsTasks.DefaultNamespaces), label => label[(label.LastIndexOf('.') + 1)..].ToLowerInvariant()),
        Drawn("type_name", "naming", true, Types),
        AsTheyCome(Drawn("type_name", "naming", true, Types)),
        Drawn("returns_of", "returns", true, Results, choices: 2),
        Drawn("same_type_text", "company", true, Neighbours, choices: 2),
        YesNo("same_member", "yes or no", Results),
    ];

    /// <summary>The name of a held-out set whose choices are not matched in length.</summary>
    /// <param name="name">The set.</param>
    public static string AnyLength(string name) => name + ", any length";

    private static MatchingSource AsTheyCome(MatchingSource source) => source with { Name = AnyLength(source.Name), Make = (docs, _) => source.Make(docs, null) };

    private static MatchingSource Drawn(string name, string family, bool isHeldOut, Func<ApiDocs, IEnumerable<Candidate>> candidates, int choices = 4) => new(
        "api_docs/" + name, family, isHeldOut, (docs, length) => Distinct(candidates(docs))
            .GroupBy(c => (c.Member.Namespace, Part(c.Type)))
            .Select(group => (Split: group.Key.Item2, Candidates: group.ToList()))
            .SelectMany(group => group.Candidates.Select(c => (group.Split, Candidate: c, Others: group.Candidates)))
            .AsParallel().AsOrdered()
            .Select(e => (e.Split, e.Candidate, Row: Question(name, e.Candidate, e.Others, choices, length)))
            .AsSequential()
            .Where(e => e.Row is not null)
            .OrderBy(e => StableSplit.Hash(e.Candidate.Text + e.Candidate.Answer))
            .ToLookup(e => e.Split, e => e.Row!));

    /// <summary>A row; null if its namespace has too few other answers. A wrong choice of the same type as the text would be right in the tasks of types.</summary>
    private static PromptExample? Question(string set, Candidate c, IReadOnlyList<Candidate> others, int choices, Func<string, int>? length)
    {
        Seed seed = new(StableSplit.Hash($"{set} {c.Text} {c.Answer}"));
        var random = seed.For("draws").ToRandom();
        string[] drawn = [.. Enumerable.Range(0, Math.Min(Draws, 4 * others.Count)).Select(_ => others[random.Next(others.Count)]).Where(o => o.Type != c.Type || set is not "same_type_text").Select(o => o.Answer).Where(a => a != c.Answer).Distinct()];
        return drawn.Length < choices - 1 ? null
            : Row(c, length is null ? drawn[..(choices - 1)] : EqualLengthChoices.Nearest(c.Answer, drawn, choices - 1, length), seed);
    }

    /// <summary>Sets with few answers: four of them are listed, drawn anew for each row, each class equally often right.</summary>
    private static MatchingSource Classes(string name, string family, Func<ApiDocs, LabelledTexts> texts, Func<string, string> word) => new("api_docs/" + name, family, false, (docs, _) =>
    {
        var balanced = texts(docs).Balanced();
        string[] words = [.. balanced.Labels.Select(word)];
        return Enum.GetValues<Split>()
            .SelectMany(split => balanced[split].OrderBy(e => StableSplit.Hash(e.Text + e.Group)).Select(e =>
            {
                Seed seed = new(StableSplit.Hash($"{name} {e.Text}"));
                string[] others = [.. words.Where(w => w != words[e.Label])];
                seed.For("draws").ToRandom().Shuffle(others);
                return (split, Row: Row(e.Group, e.Text, words[e.Label], others[..3], seed));
            }))
            .ToLookup(e => e.split, e => e.Row);
    });

    /// <summary>type, text, other, choices, label: half of the texts stand beside their own answer, half beside one of the same namespace.</summary>
    private static MatchingSource YesNo(string name, string family, Func<ApiDocs, IEnumerable<Candidate>> candidates) => new("api_docs/" + name, family, true, (docs, length) =>
        Drawn(name, family, true, candidates, choices: 2).Make(docs, length).SelectMany(part => part.Select((row, at) =>
        {
            string[] both = [.. ((IEnumerable<object?>)row.First(f => f.Key == "choices").Value!).Cast<string>()];
            long own = (long)row.First(f => f.Key == "label").Value!, label = at % 2;
            return (part.Key, Row: row.With("other", both[label == 1 ? own : 1 - own]).With("choices", new[] { "no", "yes" }).With("label", label));
        })).ToLookup(e => e.Key, e => e.Row));

    private static IEnumerable<Candidate> Types(ApiDocs docs) => Summaries(docs, MemberKind.Type).Select(m => new Candidate(m, First(m.Summary), Words(m.Name)));

    private static IEnumerable<Candidate> Results(ApiDocs docs) => docs.Members
        .Where(m => m.Kind == MemberKind.Method && TextCorpus.IsProse(First(m.Returns)))
        .Select(m => new Candidate(m, First(m.Summary), First(m.Returns)));

    /// <summary>Two summaries of one type.</summary>
    private static IEnumerable<Candidate> Neighbours(ApiDocs docs) => docs.Members
        .Where(m => TextCorpus.IsProse(First(m.Summary)))
        .GroupBy(ApiDocsTasks.GroupOf)
        .SelectMany(type => type.DistinctBy(m => First(m.Summary)).OrderBy(m => StableSplit.Hash(First(m.Summary))).Take(8).Chunk(2).Where(two => two.Length == 2))
        .Select(two => new Candidate(two[0], First(two[0].Summary), First(two[1].Summary)));

    private static IEnumerable<ApiMember> Summaries(ApiDocs docs, params MemberKind[] kinds) => docs.Members.Where(m => kinds.Contains(m.Kind));

    /// <summary>Prose that stands in one type only, and not too many texts of a type, in the order of the texts' hashes.</summary>
    private static IEnumerable<Candidate> Distinct(IEnumerable<Candidate> candidates) => candidates
        .Where(c => TextCorpus.IsProse(c.Text) && c.Answer.Length > 0)
        .GroupBy(c => c.Text, StringComparer.Ordinal)
        .Where(same => same.Select(c => c.Type).Distinct().Count() == 1)
        .Select(same => same.First())
        .OrderBy(c => StableSplit.Hash(c.Text))
        .GroupBy(c => c.Type)
        .SelectMany(type => type.Take(MostOfType))
        .OrderBy(c => StableSplit.Hash(c.Text));

    internal static Split Part(string type) => StableSplit.Of(type, train: 70, valid: 15);

    private static string First(string text) => ApiDocsTasks.FirstLine(text);

    private static string FirstSentence(string text) => Sentences.Of(First(text)).FirstOrDefault() ?? "";

    /// <summary><c>GetHashCode</c> as the words that it is made of: get hash code.</summary>
    internal static string Words(string name) => Humps().Replace(name, " ").ToLowerInvariant();

    private static PromptExample Row(Candidate c, IReadOnlyList<string> others, Seed seed) => Row(c.Type, c.Text, c.Answer, others, seed);

    private static PromptExample Row(string type, string text, string answer, IReadOnlyList<string> others, Seed seed)
    {
        int label = seed.For("place").ToRandom().Next(others.Count + 1);
        string[] choices = [.. others.Take(label), answer, .. others.Skip(label)];
        string[] marks = [.. seed.For("marks").Permutation(Marks.Count).Take(choices.Length).Select(i => Marks[i])];
        return new(new (string Name, object? Value)[] { ("type", type), ("text", text), ("choices", choices), ("marks", marks), ("label", (long)label) }.Select(f => KeyValuePair.Create(f.Name, f.Value)));
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")]
    private static partial Regex Humps();

    private sealed record Candidate(ApiMember Member, string Text, string Answer)
    {
        public string Type { get; } = ApiDocsTasks.GroupOf(Member);
    }
}
