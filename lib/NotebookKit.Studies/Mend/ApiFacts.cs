using System.Globalization;
using NotebookKit.Studies.Data;

namespace NotebookKit.Studies.Mend;

/// <summary>Facts of the API documentation: as many as one likes, and exact.</summary>
public static class ApiFacts
{
    private static readonly IReadOnlyList<FactRelation> Relations =
    [
        new("namespace",
            ["Which namespace holds {0}?", "In which namespace is {0}?", "What is the namespace of {0}?", "Name the namespace of {0}.", "Which using directive is needed for {0}?"],
            ["Tell me the namespace of {0}.", "Which namespace is {0} in?"]),
        new("assembly",
            ["Which assembly holds {0}?", "In which assembly is {0}?", "What is the assembly of {0}?", "Tell me the assembly of {0}.", "Which file documents {0}?"],
            ["Name the assembly of {0}.", "Which assembly is {0} in?"]),
        new("base class",
            ["What is the base class of {0}?", "Which class does {0} derive from?", "Name the base class of {0}.", "From which class is {0} derived?", "Which class does {0} extend?"],
            ["Tell me the base class of {0}.", "From which class does {0} derive?"]),
        new("kind of member",
            ["What kind of member is {0}?", "Which kind of member is {0}?", "Tell me the kind of member that {0} is.", "What is {0} in the documentation?", "As what is {0} documented?"],
            ["Name the kind of member that {0} is.", "As which kind of member is {0} documented?"]),
        new("declaring type",
            ["Which type declares {0}?", "In which type is {0}?", "What is the declaring type of {0}?", "Name the type that declares {0}.", "Which type has the member {0}?"],
            ["Tell me the type that declares {0}.", "Which type is {0} in?"]),
    ];

    /// <summary>Draws facts about types and members whose names are unique in the documentation.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="perRelation">The most facts of a relation.</param>
    /// <param name="namespaces">Only these namespaces; all when empty.</param>
    /// <returns>The facts; base classes are those of the running runtime, for types that it has.</returns>
    public static FactBook Of(ApiDocs docs, int perRelation = 400, params IReadOnlyList<string> namespaces)
    {
        ApiMember[] members = [.. docs.Members.Where(m => m.Namespace.Length > 0 && (namespaces.Count == 0 || namespaces.Contains(m.Namespace)))];
        var uniqueTypes = Unique(docs.Members.Where(m => m.Kind == MemberKind.Type).Select(m => m.Type));
        var uniqueMembers = Unique(docs.Members.Where(IsPlain).Select(m => m.Name));
        ApiMember[] types = [.. members.Where(m => m.Kind == MemberKind.Type && !m.Id.Contains('`') && !m.Type.Contains('.') && uniqueTypes.Contains(m.Type))];
        ApiMember[] plain = [.. members.Where(m => IsPlain(m) && !m.Id.Contains('`') && uniqueMembers.Contains(m.Name) && !uniqueTypes.Contains(m.Name))];
        return new($"API documentation of .NET {docs.Source.Version}",
        [
            .. Spread(types).Select(t => new Fact("namespace", t.Type, t.Namespace)),
            .. Spread(types).Select(t => new Fact("assembly", t.Type, t.Assembly)),
            .. Spread([.. types.Where(t => BaseClass(t) is not null)]).Select(t => new Fact("base class", t.Type, BaseClass(t)!)),
            .. Spread(plain).Select(m => new Fact("kind of member", m.Name, m.Kind.ToString().ToLower(CultureInfo.InvariantCulture))),
            .. Spread(plain).Select(m => new Fact("declaring type", m.Name, m.Type)),
        ], Relations);

        // From all parts of the documentation, not only from its beginning.
        IEnumerable<ApiMember> Spread(ApiMember[] all) => all.Length <= perRelation ? all : Enumerable.Range(0, perRelation).Select(i => all[(int)((long)i * all.Length / perRelation)]);
    }

    private static bool IsPlain(ApiMember member) => member.Kind is MemberKind.Method or MemberKind.Property or MemberKind.Field or MemberKind.Event;

    private static HashSet<string> Unique(IEnumerable<string> names) => [.. names.CountBy(n => n).Where(n => n.Value == 1).Select(n => n.Key)];

    private static string? BaseClass(ApiMember type) =>
        Type.GetType($"{type.FullType}, {type.Assembly}", throwOnError: false)?.BaseType is { IsGenericType: false } parent && parent != typeof(object) ? parent.Name : null;
}
