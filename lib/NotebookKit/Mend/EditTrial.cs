namespace NotebookKit.Mend;

/// <summary>One edit and the questions by which it is judged, as tokens.</summary>
/// <param name="Edit">x_e and y_e.</param>
/// <param name="Rephrasings">x'_e: the same question in other words, with the new answer.</param>
/// <param name="Others">
/// Questions whose answers must stay, in named groups: unrelated ones and neighbours are different claims and never mixed. Each has the answer
/// that is true, whether or not the model gives it.
/// </param>
/// <param name="OldTarget">The answer that the edit replaces; null leaves out the metrics that compare the two (efficacy, paraphrase, specificity).</param>
public sealed record EditTrial(
    EditExample Edit, IReadOnlyList<EditExample> Rephrasings, IReadOnlyDictionary<string, IReadOnlyList<EditExample>> Others, IReadOnlyList<int>? OldTarget = null);
