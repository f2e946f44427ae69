namespace NotebookKit.Mend;

/// <summary>An edit that was made, and its questions.</summary>
/// <param name="Trial">The edit.</param>
/// <param name="Edited">The edited question itself.</param>
/// <param name="Rephrasings">The rephrasings.</param>
/// <param name="Others">The questions whose answers must stay, in their groups.</param>
public sealed record JudgedEdit(EditTrial Trial, JudgedQuestion Edited, IReadOnlyList<JudgedQuestion> Rephrasings, IReadOnlyDictionary<string, IReadOnlyList<JudgedQuestion>> Others)
{
    /// <summary>Forward and backward passes that it took, alone or with the others of its batch (<see cref="IEditor.LastSteps"/>).</summary>
    public int Steps { get; init; } = 1;

    /// <summary>The questions that the edit broke: right before and wrong now.</summary>
    public IEnumerable<(string Group, EditExample Example)> Broken =>
        Others.SelectMany(group => group.Value.Where(q => q.RightBefore && !q.RightAfter).Select(q => (group.Key, q.Example)));
}
