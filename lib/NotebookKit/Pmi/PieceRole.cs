namespace NotebookKit.Pmi;

/// <summary>What a word piece is to a masker.</summary>
internal enum PieceRole : byte
{
    /// <summary>The first piece of a word.</summary>
    WordStart,

    /// <summary>A later piece of a word.</summary>
    Inside,

    /// <summary>A token that is never masked and that no unit crosses.</summary>
    Special,
}
