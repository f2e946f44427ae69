using NotebookKit.Display;
using NotebookKit.Mend;

namespace NotebookKit.Studies.Mend;

/// <summary>Shows what an edit did as coloured text.</summary>
public static class EditedText
{
    /// <summary>Each question with its answer before and after: struck out what went, bold what came; an answer that stayed is underlined.</summary>
    /// <param name="answers">What was asked, and both answers.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowEdit(this IEnumerable<(string Title, string Question, string Before, string After)> answers, string caption) =>
        new(caption, answers.Select(a => (a.Title, Spans(a.Question, a.Before, a.After))));

    /// <summary>Makes an edit, asks all its questions before and after, and takes it back.</summary>
    /// <param name="facts">Asks the questions.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowEdit(this FactEditing facts, IEditor editor, EditCase edit, string caption)
    {
        (string Title, Question Question)[] asked =
        [
            ("edited", edit.Edit), .. edit.Rephrasings.Select(q => ("other words", q)), .. edit.SameSubject.Select(q => ("same subject", q)),
            .. edit.SameRelation.Select(q => ("same relation", q)), .. edit.Unrelated.Select(q => ("unrelated", q)),
        ];
        IReadOnlyList<string> before = facts.Answers(editor.Model, asked.Select(a => a.Question.Text));
        IReadOnlyList<string> after = facts.AnswersAfter(editor, edit.Edit, asked.Select(a => a.Question.Text));
        return asked.Select((a, i) => (a.Title, a.Question.Text, before[i], after[i])).ShowEdit(caption);
    }

    /// <summary>Questions that edits broke: the model answered them before, and answers otherwise now.</summary>
    /// <param name="facts">Asks the questions.</param>
    /// <param name="editor">The editor.</param>
    /// <param name="cases">The edits, each made and taken back.</param>
    /// <param name="take">How many broken questions are shown.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowBroken(this FactEditing facts, IEditor editor, IReadOnlyList<EditCase> cases, int take, string caption)
    {
        var broken = new List<(string, string, string, string)>();
        foreach (EditCase edit in cases)
        {
            Question[] others = [.. edit.SameRelation, .. edit.SameSubject, .. edit.Unrelated];
            if (broken.Count >= take) break;
            if (others.Length == 0 || facts.Answers(editor.Model, [edit.Edit.Text])[0] == edit.Edit.Answer) continue;
            IReadOnlyList<string> before = facts.Answers(editor.Model, others.Select(q => q.Text)), after = facts.AnswersAfter(editor, edit.Edit, others.Select(q => q.Text));
            broken.AddRange(others.Select((q, i) => (edit.Edit.ToString(), q.Text, q.Answer, before[i], after[i])).Where(q => q.Item3 == q.Item4 && q.Item4 != q.Item5).Select(q => (q.Item1, q.Item2, q.Item4, q.Item5)));
        }
        return broken.Take(take).ShowEdit($"{caption}: {broken.Count} questions, the first {Math.Min(take, broken.Count)}");
    }

    private static IEnumerable<ColoredSpan> Spans(string question, string before, string after) => before == after
        ? [question + " ", new(after, 0)]
        : [question + " ", new(before, 1, SpanMark.Removed), " ", new(after, 2, SpanMark.Added)];
}
