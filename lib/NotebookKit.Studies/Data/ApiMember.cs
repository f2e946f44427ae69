namespace NotebookKit.Studies.Data;

/// <summary>What a documented member is, as its documentation id tells it.</summary>
public enum MemberKind
{
    /// <summary>A class, struct, interface, enum or delegate.</summary>
    Type,

    /// <summary>An instance or static constructor.</summary>
    Constructor,

    /// <summary>A method that is neither a constructor nor an operator.</summary>
    Method,

    /// <summary>An operator or a conversion (<c>op_Addition</c>, <c>op_Implicit</c>, …).</summary>
    Operator,

    /// <summary>A property or an indexer.</summary>
    Property,

    /// <summary>A field, a constant or a value of an enum.</summary>
    Field,

    /// <summary>An event.</summary>
    Event,

    /// <summary>A namespace.</summary>
    Namespace,
}

/// <summary>A parameter (or type parameter) and what its documentation says.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Text">Its description as plain words.</param>
public sealed record ApiParameter(string Name, string Text);

/// <summary>An exception and the condition under which it is thrown.</summary>
/// <param name="Type">The exception's name without its namespace.</param>
/// <param name="Condition">The condition as plain words.</param>
public sealed record ApiException(string Type, string Condition);

/// <summary>
/// The documentation of one public member of .NET. Texts are plain words: tags are rendered, white space is folded to
/// single spaces, and paragraphs are separated by a line feed. A part that is not documented is an empty string or list.
/// </summary>
/// <param name="Id">The documentation id, such as <c>M:System.String.Concat(System.String,System.String)</c>.</param>
/// <param name="Assembly">The assembly whose documentation file holds the member.</param>
/// <param name="Namespace">The namespace of the declaring type.</param>
/// <param name="Type">The declaring type without its namespace (nested types joined by a dot, arity marks removed); for a type, itself.</param>
/// <param name="Kind">What the member is.</param>
/// <param name="Name">The member's simple name; for a constructor the name of its type.</param>
/// <param name="Signature">The types of the parameters as written in the documentation id.</param>
/// <param name="Summary">The summary.</param>
/// <param name="Parameters">The documented parameters in order.</param>
/// <param name="TypeParameters">The documented type parameters in order.</param>
/// <param name="Returns">What is returned; for a property its value.</param>
/// <param name="Exceptions">The documented exceptions in order.</param>
/// <param name="Remarks">The remarks.</param>
public sealed record ApiMember(
    string Id,
    string Assembly,
    string Namespace,
    string Type,
    MemberKind Kind,
    string Name,
    IReadOnlyList<string> Signature,
    string Summary,
    IReadOnlyList<ApiParameter> Parameters,
    IReadOnlyList<ApiParameter> TypeParameters,
    string Returns,
    IReadOnlyList<ApiException> Exceptions,
    string Remarks)
{
    /// <summary>The declaring type with its namespace.</summary>
    public string FullType => Namespace.Length == 0 ? Type : $"{Namespace}.{Type}";

    /// <summary>Every documented text of the member, in reading order.</summary>
    public IEnumerable<string> Texts
    {
        get
        {
            yield return Summary;
            foreach (var parameter in TypeParameters) yield return parameter.Text;
            foreach (var parameter in Parameters) yield return parameter.Text;
            yield return Returns;
            foreach (var exception in Exceptions) yield return exception.Condition;
            yield return Remarks;
        }
    }
}
