namespace NotebookKit.Studies.Data;

/// <summary>
/// Classification tasks that the documentation's structure labels for free. All members of a type lie in the same part.
/// A text that names a class outright (the word "XML" where <c>System.Xml</c> is a class) is left out. What opening
/// formulas alone give away is measured by <see cref="LabelledTexts.Baselines"/>; <see cref="MemberKinds"/> is there to show
/// a task that they decide.
/// </summary>
public static class ApiDocsTasks
{
    /// <summary>The namespaces that are asked for when none are named: large ones on different subjects.</summary>
    public static IReadOnlyList<string> DefaultNamespaces { get; } =
    [
        "System.Security.Cryptography", "System.ComponentModel", "System.Xml", "System.Data",
        "System.IO", "System.Reflection", "System.Globalization", "System.Threading",
    ];

    /// <summary>Which namespace does a member with this summary belong to?</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="namespaces">The classes; <see cref="DefaultNamespaces"/> when empty.</param>
    public static LabelledTexts Namespaces(ApiDocs docs, params IReadOnlyList<string> namespaces)
    {
        var wanted = (namespaces.Count > 0 ? namespaces : DefaultNamespaces).ToHashSet(StringComparer.Ordinal);
        return LabelledTexts.From(
            "namespace", "Which namespace does a member with this summary belong to?",
            docs.Members.Where(m => wanted.Contains(m.Namespace)).Select(m => (FirstLine(m.Summary), m.Namespace, GroupOf(m))),
            wanted.Count,
            label => [label[(label.LastIndexOf('.') + 1)..]]);
    }

    /// <summary>
    /// What kind of member has this summary? The convention for summaries gives the answer away ("Gets or sets …",
    /// "Initializes a new instance …"): an easy task, kept to show what that looks like.
    /// </summary>
    /// <param name="docs">The documentation.</param>
    public static LabelledTexts MemberKinds(ApiDocs docs) => LabelledTexts.From(
        "member kind", "What kind of member has this summary?",
        docs.Members.Select(m => (FirstLine(m.Summary), m.Kind.ToString(), GroupOf(m))),
        6,
        label => [label]);

    /// <summary>What is the type of the parameter that is described so? Descriptions that name one of the types are left out.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="classes">How many of the most frequent types are classes.</param>
    public static LabelledTexts ParameterTypes(ApiDocs docs, int classes = 4) => LabelledTexts.From(
        "parameter type", "What is the type of the parameter that is described so?",
        from member in docs.Members
        where member.Parameters.Count == member.Signature.Count
        from parameter in member.Parameters.Zip(member.Signature)
        where !parameter.Second.StartsWith('`')
        select (FirstLine(parameter.First.Text), SimpleType(parameter.Second), GroupOf(member)),
        classes,
        label => label switch
        {
            "Int32" or "Int64" => [label, "integer", "int"],
            "Boolean" => [label, "true", "false", "bool"],
            "Char" => [label, "character"],
            "Span" or "ReadOnlySpan" => [label, "span"],
            _ => [label.TrimEnd('[', ']')],
        });

    /// <summary>Which exception is thrown under this condition?</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="classes">How many of the most frequent exceptions are classes.</param>
    public static LabelledTexts ExceptionTypes(ApiDocs docs, int classes = 6) => LabelledTexts.From(
        "exception", "Which exception is thrown under this condition?",
        from member in docs.Members
        from exception in member.Exceptions
        from condition in exception.Condition.Split('\n')
        select (condition, exception.Type, GroupOf(member)),
        classes,
        label => [label]);

    /// <summary>Does a method with this summary answer true or false? From its summary alone; the answer stands in the documented return value.</summary>
    /// <param name="docs">The documentation.</param>
    public static LabelledTexts ReturnsTruth(ApiDocs docs) => LabelledTexts.From(
        "returns truth", "Does a method with this summary return true or false?",
        docs.Members
            .Where(m => m.Kind == MemberKind.Method && m.Returns.Length > 0)
            .Select(m => (FirstLine(m.Summary), m.Returns.StartsWith("true ", StringComparison.OrdinalIgnoreCase) ? "yes" : "no", GroupOf(m))),
        2,
        _ => ["true", "false", "Boolean"]);

    /// <summary>Every task, in the order of this class.</summary>
    /// <param name="docs">The documentation.</param>
    public static IReadOnlyList<LabelledTexts> All(ApiDocs docs) =>
        [Namespaces(docs), MemberKinds(docs), ParameterTypes(docs), ExceptionTypes(docs), ReturnsTruth(docs)];

    internal static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>Namespace and outermost type: what is kept together.</summary>
    internal static string GroupOf(ApiMember member) => $"{member.Namespace}.{member.Type.Split('.', 2)[0]}";

    /// <summary>The name of a parameter's type without namespace, type arguments and passing mode.</summary>
    private static string SimpleType(string type)
    {
        string name = type.TrimEnd('@').Split('{', 2)[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
