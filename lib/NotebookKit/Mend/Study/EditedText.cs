using NotebookKit.Display;
using NotebookKit.Mend.Facts;

namespace NotebookKit.Mend.Study;

/// <summary>Shows what an edit did as coloured text.</summary>
public static class EditedText
{
    /// <summary>Each question with its answer before and after: struck out what went, bold what came; an answer that stayed is plain.</summary>
    /// <param name="answers">What was asked, and both answers.</param>
    /// <param name="caption">What is shown.</param>
    public static ColoredText ShowEdit(this IEnumerable<(string Title, string Question, string Before, string After)> answers, string caption) => new(caption, answers.Select(a => (a.Title, Spans(a.Question, a.Before, a.After))));

    /// <summary>The questions that an edit broke: the model answered them before.</summary>
    /// <param name="outcome">The edit.</param>
    public static IEnumerable<AskedQuestion> Broken(this EditOutcome outcome) => outcome.Asked.Where(q => q.Kind is not (QuestionKind.Edit or QuestionKind.Rephrasing) && q.Before && !q.After);

    private static IEnumerable<ColoredSpan> Spans(string question, string before, string after) => before == after
        ? [question + " ", new(after, 0)]
        : [question + " ", new(before, 1, SpanMark.Removed), " ", new(after, 2, SpanMark.Added)];
}
