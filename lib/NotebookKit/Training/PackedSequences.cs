using NotebookKit.Tokenizers;

namespace NotebookKit.Training;

/// <summary>
/// Sentences packed into sequences of one length: <c>[CLS] sentence [SEP] sentence [SEP] …</c>, whole sentences as long as they fit,
/// and what is left of the length is padding.
/// </summary>
public sealed class PackedSequences
{
    /// <summary>Sequences that are filled at the same time: enough that short sentences fill the gaps that long ones leave.</summary>
    private const int Open = 16;

    private readonly List<int[]> _sequences;

    private PackedSequences(List<int[]> sequences, int length, WordPieceVocabulary vocabulary)
    {
        _sequences = sequences;
        Length = length;
        Vocabulary = vocabulary;
        TokenCount = sequences.Sum(s => (long)s.Length);
    }

    /// <summary>Number of sequences.</summary>
    public int Count => _sequences.Count;

    /// <summary>Tokens of a sequence, padding included.</summary>
    public int Length { get; }

    /// <summary>Tokens of all sequences, special tokens included and padding left out.</summary>
    public long TokenCount { get; }

    /// <summary>Id that pads.</summary>
    public int PaddingId => Vocabulary.PaddingId;

    /// <summary>The pieces of the tokens.</summary>
    internal WordPieceVocabulary Vocabulary { get; }

    /// <summary>The tokens of a sequence, [CLS] first and [SEP] last, without its padding.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<int> this[int index] => _sequences[index];

    /// <summary>Packs sentences in their order, each whole unless it is longer than a sequence: such a one is cut.</summary>
    /// <param name="sentences">Word pieces of each sentence, without special tokens; empty ones are passed over.</param>
    /// <param name="length">Tokens of a sequence, at least 3.</param>
    /// <param name="vocabulary">Knows the special tokens.</param>
    /// <exception cref="ArgumentException">There is no sentence.</exception>
    public static PackedSequences Pack(IEnumerable<IReadOnlyList<int>> sentences, int length, WordPieceVocabulary vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        var closed = new List<int[]>();
        var open = new List<List<int>>();
        foreach (int[] sentence in sentences.SelectMany(s => s.Chunk(length - 2)))
        {
            var place = open.Find(s => s.Count + sentence.Length < length);
            if (place is null)
            {
                if (open.Count == Open) Close(open.MaxBy(s => s.Count)!);
                open.Add(place = [vocabulary.ClassificationId]);
            }
            place.AddRange(sentence);
            place.Add(vocabulary.SeparatorId);
        }
        while (open.Count > 0) Close(open[0]);
        if (closed.Count == 0) throw new ArgumentException("There is no sentence to pack; the corpus or its split is empty.", nameof(sentences));
        return new(closed, length, vocabulary);

        void Close(List<int> sequence)
        {
            open.Remove(sequence);
            closed.Add([.. sequence]);
        }
    }
}
