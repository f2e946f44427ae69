namespace NotebookKit.Tokenizers;

/// <summary>How a WordPiece vocabulary is trained. The defaults are those of the PMI-Masking paper (§4: 30K, uncased).</summary>
public sealed record WordPieceTraining
{
    /// <summary>Entries of the vocabulary, special tokens and alphabet included. Fewer result when the text has no more pairs to merge.</summary>
    public int VocabularySize { get; init; } = 30_000;

    /// <summary>Pairs seen fewer times than this are not merged.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Characters that get a piece, the most frequent first; a word with any other character is encoded as [UNK].</summary>
    public int AlphabetLimit { get; init; } = 1_000;

    /// <summary>Lower-case the text and strip its accents first (an uncased model).</summary>
    public bool LowerCase { get; init; } = true;
}
