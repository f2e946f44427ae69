using NotebookKit.Tokenizers;

namespace NotebookKit.Training;

/// <summary>How well answers agree with the right ones, as SQuAD measures it (Rajpurkar et al. 2016, §6.1).</summary>
/// <param name="ExactMatch">Share of answers with the same words, without punctuation and articles.</param>
/// <param name="F1">Mean over the questions of 2PR / (P + R), with precision P and recall R of the answer's words.</param>
/// <param name="Count">Questions.</param>
public readonly record struct AnswerScore(double ExactMatch, double F1, int Count)
{
    /// <summary>The score of one answer.</summary>
    internal static AnswerScore Of(AnswerSpans.Row row, (int First, int Last) answer, WordPieceVocabulary vocabulary)
    {
        string[] said = Words(row.Tokens[answer.First..(answer.Last + 1)], vocabulary), right = Words(row.Tokens[row.First..(row.Last + 1)], vocabulary);
        int same = said.CountBy(w => w).Sum(w => Math.Min(w.Value, right.Count(r => r == w.Key)));
        // 2PR / (P + R) = 2 same / (said + right); two empty answers are the same.
        return new(said.SequenceEqual(right) ? 1 : 0, said.Length + right.Length == 0 ? 1 : 2.0 * same / (said.Length + right.Length), 1);
    }

    /// <summary>The mean over questions.</summary>
    /// <param name="questions">A score for each.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static AnswerScore Of(IReadOnlyList<AnswerScore> questions) => new(questions.Average(q => q.ExactMatch), questions.Average(q => q.F1), questions.Count);

    /// <summary>Pieces joined to words again.</summary>
    private static string[] Words(int[] ids, WordPieceVocabulary vocabulary)
    {
        List<string> words = [];
        foreach (int id in ids)
            if (vocabulary.IsContinuation(id) && words.Count > 0) words[^1] += vocabulary.Pieces[id][2..];
            else words.Add(vocabulary.Pieces[id]);
        return [.. words.Where(word => word.Any(char.IsLetterOrDigit) && word is not ("a" or "an" or "the"))];
    }
}
