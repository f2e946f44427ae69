namespace NotebookKit.Mend;

/// <summary>An edit with all that is asked to judge it.</summary>
/// <param name="Edit">x_e, y_e: what the editor is given.</param>
/// <param name="OldAnswer">What the model said before.</param>
/// <param name="Rephrasings">x'_e: the same question in other words, with the new answer.</param>
/// <param name="Unrelated">Questions about other subjects and other relations; their answers must stay.</param>
/// <param name="SameRelation">The same question about other subjects.</param>
/// <param name="SameSubject">Other questions about the same subject.</param>
public sealed record EditCase(
    Question Edit, string OldAnswer, IReadOnlyList<Question> Rephrasings,
    IReadOnlyList<Question> Unrelated, IReadOnlyList<Question> SameRelation, IReadOnlyList<Question> SameSubject)
{
    /// <summary>Questions about any other facts, as the paper draws them for the training.</summary>
    public IReadOnlyList<Question> AtRandom { get; init; } = [];
}
