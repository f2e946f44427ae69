namespace NotebookKit.Studies.Experiments;

/// <summary>
/// Marks the settings of a paper's experiments and names the code that is this paper's alone, so that its finished results stand while
/// another paper's code changes.
/// </summary>
/// <param name="namespaces">Namespaces, with all below them, that no other paper's experiment runs.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PaperAttribute(params string[] namespaces) : Attribute
{
    /// <summary>Namespaces, with all below them, that no other paper's experiment runs.</summary>
    public IReadOnlyList<string> Namespaces { get; } = namespaces;

    /// <summary>Whether a namespace is this paper's alone.</summary>
    internal bool Owns(string space) => Namespaces.Any(own => space == own || space.StartsWith(own + ".", StringComparison.Ordinal));
}
