using System.Globalization;
using System.Text.RegularExpressions;
using NotebookKit.Prompting;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// What a written answer counts for. T0's evaluation scores the given choices and cannot miss them; a model that writes can. So an answer is right if it
/// equals the target after normalisation, wrong if it equals another choice, and else unmatched. Without choices the target is the reference.
/// </summary>
public static partial class AnswerMatch
{
    /// <summary>Judges an answer.</summary>
    /// <param name="example">The example, with its target.</param>
    /// <param name="answer">What was written.</param>
    /// <returns>Right, Wrong or Unmatched.</returns>
    /// <exception cref="ArgumentException">The example has no target, or one that is none of its choices.</exception>
    public static AnswerOutcome Judge(PromptedExample example, string answer)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Target is null) throw new ArgumentException("The prompt gave this example no target; ask only usable examples.", nameof(example));
        if (example.Choices is not { } choices) return Normalise(answer) == Normalise(example.Target) ? AnswerOutcome.Right : AnswerOutcome.Wrong;
        if (example.TargetChoice < 0)
            throw new ArgumentException($"The target '{example.Target}' is none of the choices ({string.Join(", ", choices)}).", nameof(example));
        // Choices that differ only in what normalisation removes ("Yes" and "yes") are told apart as they are written.
        if (choices.Contains(answer.Trim())) return answer.Trim() == example.Target ? AnswerOutcome.Right : AnswerOutcome.Wrong;
        string[] meant = [.. choices.Where(choice => Normalise(choice) == Normalise(answer)).Distinct()];
        return meant is [var one] ? one == example.Target ? AnswerOutcome.Right : AnswerOutcome.Wrong : AnswerOutcome.Unmatched;
    }

    /// <summary>
    /// Lower case, runs of white space as one space, no white space, quotes or closing punctuation around. Articles stay: an answer may be the letter A.
    /// A text of nothing else stays as it is.
    /// </summary>
    /// <param name="text">Any text.</param>
    public static string Normalise(string text)
    {
        string plain = Spaces().Replace(text.Trim(), " ").ToLower(CultureInfo.InvariantCulture);
        string bare = plain.Trim(' ', '.', ',', ';', ':', '!', '?', '"', '\'', '`', '*', '“', '”', '‘', '’');
        return bare.Length > 0 ? bare : plain;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>What became of one question.</summary>
public enum AnswerOutcome
{
    /// <summary>The target.</summary>
    Right,

    /// <summary>Another choice, or another text than the reference.</summary>
    Wrong,

    /// <summary>None of the choices.</summary>
    Unmatched,

    /// <summary>The model, or a filter before or behind it, declined to answer.</summary>
    Refused,

    /// <summary>No answer came: the server failed after all tries, or sent what is no answer.</summary>
    Failed,
}
