using System.Text.RegularExpressions;
using NotebookKit.Studies.Data;
using NotebookKit.Templates;

namespace NotebookKit.Studies.Prompting;

/// <summary>A data set made from the API documentation.</summary>
/// <param name="Name">Its name, which is also that of its prompts.</param>
/// <param name="Family">The task it belongs to.</param>
/// <param name="IsHeldOut">Whether it is for testing only.</param>
/// <param name="Make">Its examples by part.</param>
internal sealed record ApiDocsExampleSource(string Name, string Family, bool IsHeldOut, Func<ApiDocs, ILookup<Split, PromptExample>> Make);

/// <summary>
/// The rows of the offline tasks. Every example names its <c>type</c> (namespace and outermost type), and all examples of a type lie in
/// one part, in all tasks alike. Classes are balanced, so always giving one answer is right for 1 in as many as there are choices.
/// The families <c>topic</c> and <c>naming</c> hold one data set out, the family <c>pair</c> is held out whole.
/// </summary>
internal static partial class ApiDocsExamples
{
    private static readonly string[] Areas = ["System.Diagnostics", "System.Net", "System.Runtime.InteropServices", "System.Reflection.Emit", "System.Numerics", "System.Text"];
    private static readonly string[] Web = [.. new[] { "Identity", "Http", "Builder", "Components", "Routing" }.Select(n => "Microsoft.AspNetCore." + n)];
    private static readonly string[] Kinds = ["Constructor", "Method", "Property", "Field", "Type"];
    private static readonly string[] ParameterTypes = ["String", "Int32"];
    private static readonly string[] Exceptions = ["ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException", "InvalidOperationException"];

    public static IReadOnlyList<ApiDocsExampleSource> All { get; } =
    [
        new("api_docs/namespace", "topic", false, docs => Classes(ApiDocsTasks.Namespaces(docs).Only(ApiDocsTasks.DefaultNamespaces), "summary")),
        new("api_docs/area", "topic", false, docs => Classes(ApiDocsTasks.Namespaces(docs, Areas).Only(Areas), "summary")),
        new("api_docs/web", "topic", true, docs => Classes(ApiDocsTasks.Namespaces(docs, Web).Only(Web), "summary")),
        new("api_docs/kind", "signature", false, docs => Classes(ApiDocsTasks.MemberKinds(docs).Only(Kinds), "summary")),
        new("api_docs/parameter_type", "signature", false, docs => Classes(ApiDocsTasks.ParameterTypes(docs).Only(ParameterTypes), "description")),
        new("api_docs/returns_truth", "signature", false, docs => Classes(ApiDocsTasks.ReturnsTruth(docs).Only("no", "yes"), "summary")),
        new("api_docs/exception", "condition", false, docs => Classes(ApiDocsTasks.ExceptionTypes(docs).Only(Exceptions), "condition")),
        new("api_docs/member_name", "naming", false, docs => Names(docs.Members.Where(m => m.Kind is MemberKind.Method or MemberKind.Property))),
        new("api_docs/type_name", "naming", true, docs => Names(docs.Members.Where(m => m.Kind == MemberKind.Type))),
        new("api_docs/same_type", "pair", true, SameType),
        new("api_docs/same_member", "pair", true, SameMember),
    ];

    /// <summary>type, a text, label: the position of the class in its fixed list.</summary>
    private static ILookup<Split, PromptExample> Classes(LabelledTexts task, string field)
    {
        var balanced = task.Balanced();
        return Enum.GetValues<Split>()
            // Balancing kept the first texts of each class, so that in their old order a large class would be over early.
            .SelectMany(split => balanced[split].OrderBy(e => StableSplit.Hash(e.Text + e.Group)).Select(e => (split, Row: Row(("type", e.Group), (field, e.Text), ("label", e.Label)))))
            .ToLookup(e => e.split, e => e.Row);
    }

    /// <summary>
    /// type, summary, names, label: which of four names of one namespace has this summary? Each of the four is asked for once, so every
    /// position is right equally often.
    /// </summary>
    private static ILookup<Split, PromptExample> Names(IEnumerable<ApiMember> members) => Fours(
        Distinct(members.Select(m => new Candidate(m, ApiDocsTasks.FirstLine(m.Summary), Words(m.Name)))).DistinctBy(c => (c.Member.Namespace, c.Second)),
        four =>
        {
            string[] names = [.. four.Select(c => c.Second)];
            return four.Select((c, label) => Row(("type", c.Type), ("summary", c.First), ("names", names), ("label", label)));
        });

    /// <summary>type, summary, returns, label: of four methods of one namespace two keep their return values and two exchange them.</summary>
    private static ILookup<Split, PromptExample> SameMember(ApiDocs docs) => Fours(
        Distinct(docs.Members.Where(m => m.Kind == MemberKind.Method && TextCorpus.IsProse(ApiDocsTasks.FirstLine(m.Returns)))
            .Select(m => new Candidate(m, ApiDocsTasks.FirstLine(m.Summary), ApiDocsTasks.FirstLine(m.Returns)))).DistinctBy(c => c.Second),
        four => Pair(four[0], four[0]).Concat(Pair(four[1], four[1])).Concat(Pair(four[2], four[3])).Concat(Pair(four[3], four[2])));

    private static IEnumerable<PromptExample> Pair(Candidate a, Candidate b) =>
        [Row(("type", a.Type), ("summary", a.First), ("returns", b.Second), ("label", a == b ? 1 : 0))];

    /// <summary>
    /// type, first, second, label: of two types of one namespace, two summaries of each make the pairs of the same type, and two more of
    /// each, crosswise, the pairs of different types.
    /// </summary>
    private static ILookup<Split, PromptExample> SameType(ApiDocs docs) => Distinct(docs.Members.Select(m => new Candidate(m, ApiDocsTasks.FirstLine(m.Summary), "")))
        .GroupBy(c => c.Type)
        .Where(type => type.Count() >= 4)
        .GroupBy(type => (type.First().Member.Namespace, Part(type.Key)))
        .SelectMany(types => types.Select(type => type.Take(4).ToArray()).Chunk(2).Where(two => two.Length == 2))
        .SelectMany(two => new[]
        {
            (two[0][0], two[0][1], 1), (two[1][0], two[1][1], 1),
            (two[0][2], two[1][2], 0), (two[1][3], two[0][3], 0),
        })
        // By both texts: the hash of one decided which pairs were made.
        .OrderBy(p => StableSplit.Hash(p.Item1.First + p.Item2.First))
        .ToLookup(p => Part(p.Item1.Type), p => Row(("type", p.Item1.Type), ("first", p.Item1.First), ("second", p.Item2.First), ("label", p.Item3)));

    /// <summary>Candidates of one namespace and one part, four at a time, and what is made of them; in the order of their texts' hashes.</summary>
    private static ILookup<Split, PromptExample> Fours(IEnumerable<Candidate> candidates, Func<Candidate[], IEnumerable<PromptExample>> make) => candidates
        .GroupBy(c => (c.Member.Namespace, Part(c.Type)))
        .SelectMany(group => group.Chunk(4).Where(four => four.Length == 4).SelectMany(four => make(four).Zip(four)))
        // By both texts: in the order of the first alone, the first of the four would come first.
        .OrderBy(e => StableSplit.Hash(e.Second.First + e.Second.Second))
        .ToLookup(e => Part(e.Second.Type), e => e.First);

    /// <summary>Prose that stands in one type only, at most four texts a type, in the order of the texts' hashes.</summary>
    private static IEnumerable<Candidate> Distinct(IEnumerable<Candidate> candidates) => candidates
        .Where(c => TextCorpus.IsProse(c.First))
        .GroupBy(c => c.First, StringComparer.Ordinal)
        .Where(same => same.Select(c => c.Type).Distinct().Count() == 1)
        .Select(same => same.First())
        .OrderBy(c => StableSplit.Hash(c.First))
        .GroupBy(c => c.Type)
        .SelectMany(type => type.Take(4))
        .OrderBy(c => StableSplit.Hash(c.First));

    private static Split Part(string type) => StableSplit.Of(type, train: 70, valid: 15);

    /// <summary><c>GetHashCode</c> as the words that it is made of: get hash code.</summary>
    private static string Words(string name) => Humps().Replace(name, " ").ToLowerInvariant();

    private static PromptExample Row(params IEnumerable<(string Name, object? Value)> fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")]
    private static partial Regex Humps();

    private sealed record Candidate(ApiMember Member, string First, string Second)
    {
        public string Type { get; } = ApiDocsTasks.GroupOf(Member);
    }
}
