namespace NotebookKit.Studies.Mend;

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
