using NotebookKit.Display;
using NotebookKit.Mend.Facts;
using static TorchSharp.torch;

namespace NotebookKit.Mend.Study;

/// <summary>Shows what an edit did as coloured text.</summary>
public static class EditedText
{
    /// <summary>Each question with its answer before and after: struck out what went, bold what came; an answer that stayed is underlined.</summary>
    /// <param name="answers">What was asked, and both answers.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowEdit(this IEnumerable<(string Title, string Question, string Before, string After)> answers, string caption) =>
        new(caption, answers.Select(a => (a.Title, Spans(a.Question, a.Before, a.After))));

    /// <summary>Makes an edit, asks all its questions before and after, and takes it back.</summary>
    /// <param name="comparison">Asks the questions.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowEdit(this MendComparison comparison, IEditor editor, EditCase edit, string caption)
    {
        (string Title, Question Question)[] asked =
        [
            ("edited", edit.Edit), .. edit.Rephrasings.Select(q => ("other words", q)), .. edit.SameSubject.Select(q => ("same subject", q)),
            .. edit.SameRelation.Select(q => ("same relation", q)), .. edit.Unrelated.Select(q => ("unrelated", q)),
        ];
        IReadOnlyList<string> before = comparison.Answers(editor.Model, asked.Select(a => a.Question.Text));
        IReadOnlyList<string> after = comparison.AnswersAfter(editor, edit, asked.Select(a => a.Question.Text));
        return asked.Select((a, i) => (a.Title, a.Question.Text, before[i], after[i])).ShowEdit(caption);
    }

    /// <summary>Questions that edits broke: the model answered them before, and answers otherwise now.</summary>
    /// <param name="comparison">Asks the questions.</param>
    /// <param name="editor">The editor that made the edits.</param>
    /// <param name="outcomes">What was asked.</param>
    /// <param name="take">How many are shown.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowBroken(this MendComparison comparison, IEditor editor, IEnumerable<EditOutcome> outcomes, int take, string caption)
    {
        var broken = outcomes.SelectMany(o => o.Broken().Select(q => (o.Case, q.Question))).Take(take).ToList();
        return broken.Select(b => ($"edit: {b.Case.Edit}", b.Question.Text, b.Question.Answer, comparison.AnswersAfter(editor, b.Case, [b.Question.Text])[0])).ShowEdit(caption);
    }

    /// <summary>The questions that an edit broke.</summary>
    /// <param name="outcome">The edit.</param>
    public static IEnumerable<AskedQuestion> Broken(this EditOutcome outcome) =>
        outcome.Asked.Where(q => q.Kind is not (QuestionKind.Edit or QuestionKind.Rephrasing) && q.Before && !q.After);

    private static IReadOnlyList<string> AnswersAfter(this MendComparison comparison, IEditor editor, EditCase edit, IEnumerable<string> questions)
    {
        using var scope = NewDisposeScope();
        using EditBatch batch = comparison.Batch(editor.Model, [edit.Edit]);
        using EditedModel edited = editor.Edit(batch);
        return comparison.Answers(editor.Model, questions);
    }

    private static IEnumerable<ColoredSpan> Spans(string question, string before, string after) => before == after
        ? [question + " ", new(after, 0)]
        : [question + " ", new(before, 1, SpanMark.Removed), " ", new(after, 2, SpanMark.Added)];
}
