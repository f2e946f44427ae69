using NotebookKit.Mend.Facts;

namespace NotebookKit.Mend.Study;

/// <summary>Which relation a question has to the edit beside which it is asked.</summary>
public enum QuestionKind
{
    /// <summary>The edited question itself.</summary>
    Edit,

    /// <summary>The edited question in other words.</summary>
    Rephrasing,

    /// <summary>Another subject and another relation.</summary>
    Unrelated,

    /// <summary>The same relation of another subject.</summary>
    SameRelation,

    /// <summary>Another relation of the same subject.</summary>
    SameSubject,
}

/// <summary>A question before and after an edit.</summary>
/// <param name="Kind">How it is related to the edit.</param>
/// <param name="Question">The question with the answer it should have after the edit.</param>
/// <param name="Before">Whether the model gave exactly that answer before.</param>
/// <param name="After">Whether it gives it now.</param>
public sealed record AskedQuestion(QuestionKind Kind, Question Question, bool Before, bool After);

/// <summary>An edit that was made, and what was asked before and after it.</summary>
/// <param name="Case">The edit.</param>
/// <param name="Asked">The questions.</param>
public sealed record EditOutcome(EditCase Case, IReadOnlyList<AskedQuestion> Asked);

/// <summary>What several edits did, as shares of questions.</summary>
/// <param name="Success">Share of rephrasings answered with the new answer: <c>edit/acc</c> of the authors' code.</param>
/// <param name="OnPrompt">Share of edited questions answered so.</param>
/// <param name="Union">ES of Eq. 1: over the rephrasings and the edited question together.</param>
/// <param name="Unrelated">Drawdown: accuracy on unrelated questions before, less the accuracy after.</param>
/// <param name="SameRelation">Drawdown on the same relation of other subjects.</param>
/// <param name="SameSubject">Drawdown on other relations of the same subject.</param>
public sealed record EditScores(double Success, double OnPrompt, double Union, double Unrelated, double SameRelation, double SameSubject)
{
    /// <summary>The scores of some edits; NaN where nothing of a kind was asked.</summary>
    /// <param name="outcomes">The edits.</param>
    public static EditScores Of(IEnumerable<EditOutcome> outcomes)
    {
        AskedQuestion[] asked = [.. outcomes.SelectMany(o => o.Asked)];
        return new(
            Share(q => q.Kind == QuestionKind.Rephrasing), Share(q => q.Kind == QuestionKind.Edit), Share(q => q.Kind is QuestionKind.Rephrasing or QuestionKind.Edit),
            Drawdown(QuestionKind.Unrelated), Drawdown(QuestionKind.SameRelation), Drawdown(QuestionKind.SameSubject));

        double Share(Func<AskedQuestion, bool> which) => Mean(asked.Where(which).Select(q => q.After ? 1.0 : 0));

        double Drawdown(QuestionKind kind) => Mean(asked.Where(q => q.Kind == kind).Select(q => (q.Before ? 1.0 : 0) - (q.After ? 1.0 : 0)));

        static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
    }
}
