namespace NotebookKit.Pmi;

/// <summary>
/// Segments words into the units of a masking vocabulary (Levine et al. 2021, section 3), before any word is cut into pieces: what
/// <see cref="NgramMasker"/> does, for text.
/// </summary>
/// <remarks>
/// An entry inside a larger entry gives way to it. Of two entries that overlap in part, one is chosen at random and the rest of the
/// other is freed into single words. In a chain of overlaps the entries are visited in random order, and each is kept unless it overlaps
/// one that was kept before. Entries inside a rejected entry do not come back.
/// </remarks>
public sealed class UnitSegmenter
{
    private readonly WordTrie _trie;
    private readonly NgramCover _cover;

    /// <summary>A segmenter for a vocabulary. An instance keeps scratch memory: use one for each thread.</summary>
    public UnitSegmenter(MaskingVocabulary vocabulary)
    {
        _trie = new(vocabulary);
        _cover = new(_trie.Entries, vocabulary.MaxLength);
    }

    /// <summary>The units in order: each is a run of words, and together they hold every word once.</summary>
    /// <param name="words">Words and punctuation marks (<see cref="Tokenizers.BasicTokenizer"/>).</param>
    /// <param name="random">Decides between overlapping entries.</param>
    public IReadOnlyList<Range> Segment(IReadOnlyList<string> words, ref MaskingRandom random)
    {
        PieceRuns units = new();
        units.Reserve(words.Count + 1);
        _cover.Cover(_trie.Number(words), units, ref random);
        return [.. Enumerable.Range(0, units.Count).Select(unit => units.Starts[unit]..units.Ends[unit])];
    }
}
