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

/// <summary>One question before and after an edit, with the right tokens of the answer given before each token that is asked.</summary>
/// <param name="Example">The question with the answer that it should have.</param>
/// <param name="RightBefore">Whether every token of the answer was the most probable one.</param>
/// <param name="RightAfter">Whether it is now.</param>
/// <param name="NllBefore">-log p of the answer before, a sum over its tokens, in nats.</param>
/// <param name="NllAfter">The same now.</param>
/// <param name="TokensRight">How many tokens of the answer are the most probable ones now.</param>
/// <param name="Divergence">KL(before ‖ after), the mean over the answer's tokens, in nats.</param>
/// <param name="PrefersNew">
/// For the edited question and its rephrasings whether the new answer is now more probable than the old one; for any other question whether its
/// true answer is more probable than the edit's new one. By the mean log-probability of a token, as in CounterFact's evaluation. Null where
/// there is nothing to compare with.
/// </param>
public sealed record JudgedQuestion(
    EditExample Example, bool RightBefore, bool RightAfter, double NllBefore, double NllAfter, int TokensRight, double Divergence, bool? PrefersNew);
