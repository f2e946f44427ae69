namespace NotebookKit.Pmi;

/// <summary>
/// PMI-Masking (Levine et al. 2021, section 3): the n-grams of a masking vocabulary are units, and every word outside them. The same
/// masker is Naive-PMI or Frequency-Masking when its vocabulary was ranked so (<see cref="NgramScore"/>). How overlaps are resolved:
/// <see cref="UnitSegmenter"/>.
/// </summary>
public sealed class NgramMasker : Masker
{
    private readonly NgramCover cover;
    private readonly PieceRuns units = new();

    /// <summary>A masker of a vocabulary's n-grams.</summary>
    /// <param name="name">The scheme's name, for example "PMI".</param>
    /// <param name="vocabulary">The n-grams in word pieces; maskers of several threads may share it.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public NgramMasker(string name, CompiledVocabulary vocabulary, MaskingOptions? options = null) : base(name, vocabulary.Alphabet, options) =>
        cover = new(vocabulary.Trie);

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random)
    {
        units.Reserve(tokenIds.Length);
        cover.Cover(tokenIds, words, units, ref random);
        return units;
    }
}
