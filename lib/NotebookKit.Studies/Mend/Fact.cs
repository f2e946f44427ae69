namespace NotebookKit.Studies.Mend;

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
