using NotebookKit.Tokenizers;

namespace NotebookKit.Training;

/// <summary>Questions on passages whose answer stands in the passage, as <c>[CLS] question [SEP] passage [SEP]</c> in two segments, with the first and the last token of the answer.</summary>
public sealed class AnswerSpans
{
    private readonly List<Row> _rows;

    private AnswerSpans(List<Row> rows, int asked, int paddingId) => (_rows, LeftOut, PaddingId) = (rows, asked - rows.Count, paddingId);

    /// <summary>Number of questions.</summary>
    public int Count => _rows.Count;

    /// <summary>Questions that were left out: the passage is longer than the length, or the answer begins or ends within a piece.</summary>
    public int LeftOut { get; }

    /// <summary>Id that pads.</summary>
    public int PaddingId { get; }

    /// <summary>A question with its passage and answer.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    internal Row this[int index] => _rows[index];

    /// <summary>Puts questions and passages together. None is cut: what does not fit is left out and counted.</summary>
    /// <param name="questions">Question, passage, and the answer by its place in the passage.</param>
    /// <param name="length">The most tokens, special tokens included.</param>
    /// <param name="vocabulary">Makes the word pieces.</param>
    /// <exception cref="ArgumentException">No question is left.</exception>
    public static AnswerSpans Of(IEnumerable<(string Question, string Passage, Range Answer)> questions, int length, WordPieceVocabulary vocabulary)
    {
        List<Row> rows = [];
        int asked = 0;
        foreach (var (question, passage, answer) in questions)
        {
            asked++;
            int[] before = vocabulary.Encode(passage[..answer.Start]), inside = vocabulary.Encode(passage[answer]), all = vocabulary.Encode(passage);
            int[] tokens = [vocabulary.ClassificationId, .. vocabulary.Encode(question), vocabulary.SeparatorId, .. all, vocabulary.SeparatorId];
            int second = tokens.Length - all.Length - 1, first = second + before.Length, last = first + inside.Length - 1;
            if (tokens.Length <= length && last >= first && last < tokens.Length && tokens.AsSpan(first, inside.Length).SequenceEqual(inside)) rows.Add(new(tokens, second, first, last));
        }
        if (rows.Count == 0) throw new ArgumentException($"None of {asked} questions fits into {length} tokens with its passage. Use longer sequences.", nameof(length));
        return new(rows, asked, vocabulary.PaddingId);
    }

    internal TokenBatch Batch(int[] rows) => TokenBatch.OfSegments([.. rows.Select(row => (_rows[row].Tokens, _rows[row].Second))], PaddingId);

    /// <summary>A question.</summary>
    /// <param name="Tokens">Question and passage with their special tokens.</param>
    /// <param name="Second">Where the passage begins.</param>
    /// <param name="First">The first token of the answer.</param>
    /// <param name="Last">The last one.</param>
    internal sealed record Row(int[] Tokens, int Second, int First, int Last);
}
