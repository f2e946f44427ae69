using NotebookKit.Tokenizers;

namespace NotebookKit.Training;

/// <summary>Texts with one label each, as <c>[CLS] text [SEP]</c>: the data of a downstream probe.</summary>
public sealed class LabelledSequences
{
    private readonly List<(int[] TokenIds, int Label)> _examples;

    private LabelledSequences(List<(int[] TokenIds, int Label)> examples, int paddingId)
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
        var examples = texts.Select(t => ((int[])[vocabulary.ClassificationId, .. t.TokenIds.Take(length - 2), vocabulary.SeparatorId], t.Label)).ToList();
        if (examples.Count == 0) throw new ArgumentException("There is no labelled text; the data or its split is empty.", nameof(texts));
        if (examples.FindIndex(e => e.Label < 0) is var i and >= 0) throw new ArgumentException($"Text {i} has label {examples[i].Label}; labels count from 0.", nameof(texts));
        return new(examples, vocabulary.PaddingId);
    }

    internal TokenBatch Batch(ReadOnlySpan<int> rows)
    {
        int time = 0;
        foreach (int row in rows) time = Math.Max(time, this[row].Length);
        var batch = new TokenBatch(rows.Length, time, PaddingId);
        for (int row = 0; row < rows.Length; row++) batch.SetIds(row, this[rows[row]]);
        return batch;
    }

    /// <summary>All texts in batches of similar length, so that little is padded.</summary>
    internal IEnumerable<int[]> ByLength(int batchSize) => Enumerable.Range(0, Count).OrderBy(i => _examples[i].TokenIds.Length).Chunk(batchSize);
}
