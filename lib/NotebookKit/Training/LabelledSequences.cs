using NotebookKit.Tokenizers;

namespace NotebookKit.Training;

/// <summary>Texts with one label each, as <c>[CLS] text [SEP]</c>, or pairs of them, as <c>[CLS] text [SEP] text [SEP]</c> in two segments: the data of a downstream task.</summary>
public sealed class LabelledSequences
{
    private readonly List<(int[] TokenIds, int Second, int Label)> _examples;

    private LabelledSequences(List<(int[] TokenIds, int Second, int Label)> examples, int paddingId)
    {
        _examples = examples;
        PaddingId = paddingId;
        LabelCount = examples.Max(e => e.Label) + 1;
    }

    /// <summary>Number of texts.</summary>
    public int Count => _examples.Count;

    /// <summary>One more than the highest label.</summary>
    public int LabelCount { get; }

    /// <summary>Id that pads.</summary>
    public int PaddingId { get; }

    /// <summary>The tokens of a text, [CLS] first and [SEP] last.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<int> this[int index] => _examples[index].TokenIds;

    /// <summary>The label of a text.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public int LabelOf(int index) => _examples[index].Label;

    /// <summary>Puts texts between [CLS] and [SEP], cut to a length.</summary>
    /// <param name="texts">Word pieces of each text, without special tokens, and its label, counted from 0.</param>
    /// <param name="length">The most tokens of a text, special tokens included.</param>
    /// <param name="vocabulary">Knows the special tokens.</param>
    /// <exception cref="ArgumentException">There is no text, or a label is below 0.</exception>
    public static LabelledSequences Of(IEnumerable<(IReadOnlyList<int> TokenIds, int Label)> texts, int length, WordPieceVocabulary vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        return Of(texts.Select(t =>
        {
            int[] tokens = [vocabulary.ClassificationId, .. t.TokenIds.Take(length - 2), vocabulary.SeparatorId];
            return (tokens, tokens.Length, t.Label);
        }), vocabulary);
    }

    /// <summary>Puts pairs of texts between [CLS], [SEP] and [SEP]. A pair that is too long loses the ends of the longer text, piece by piece, as in BERT.</summary>
    /// <param name="pairs">Word pieces of both texts, without special tokens, and the pair's label, counted from 0.</param>
    /// <param name="length">The most tokens of a pair, special tokens included.</param>
    /// <param name="vocabulary">Knows the special tokens.</param>
    /// <exception cref="ArgumentException">There is no pair, or a label is below 0.</exception>
    public static LabelledSequences OfPairs(IEnumerable<(IReadOnlyList<int> First, IReadOnlyList<int> Second, int Label)> pairs, int length, WordPieceVocabulary vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 5);
        return Of(pairs.Select(pair =>
        {
            int room = length - 3;
            int first = Math.Min(pair.First.Count, Math.Max(room - pair.Second.Count, (room + 1) / 2));
            int second = Math.Min(pair.Second.Count, room - first);
            int[] tokens = [vocabulary.ClassificationId, .. pair.First.Take(first), vocabulary.SeparatorId, .. pair.Second.Take(second), vocabulary.SeparatorId];
            return (tokens, first + 2, pair.Label);
        }), vocabulary);
    }

    private static LabelledSequences Of(IEnumerable<(int[] TokenIds, int Second, int Label)> made, WordPieceVocabulary vocabulary)
    {
        var examples = made.ToList();
        if (examples.Count == 0) throw new ArgumentException("There is no labelled text; the data or its split is empty.", nameof(made));
        if (examples.FindIndex(e => e.Label < 0) is var i and >= 0) throw new ArgumentException($"Text {i} has label {examples[i].Label}; labels count from 0.", nameof(made));
        return new(examples, vocabulary.PaddingId);
    }

    internal TokenBatch Batch(int[] rows) => TokenBatch.OfSegments([.. rows.Select(row => (_examples[row].TokenIds, _examples[row].Second))], PaddingId);

    /// <summary>All texts in batches of similar length, so that little is padded.</summary>
    internal IEnumerable<int[]> ByLength(int batchSize) => Enumerable.Range(0, Count).OrderBy(i => _examples[i].TokenIds.Length).Chunk(batchSize);
}
