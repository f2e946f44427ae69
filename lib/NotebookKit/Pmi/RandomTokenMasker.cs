namespace NotebookKit.Pmi;

/// <summary>Random-Token masking (BERT's first scheme): every word piece is a unit.</summary>
public sealed class RandomTokenMasker : Masker
{
    private readonly PieceRuns _pieces = new();

    /// <summary>A masker of single word pieces.</summary>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public RandomTokenMasker(PieceAlphabet alphabet, MaskingOptions? options = null) : base("random token", alphabet, options)
    {
    }

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random)
    {
        _pieces.Reserve(tokenIds.Length);
        _pieces.Count = 0;
        for (int word = 0; word < words.Count; word++)
            for (int at = words.Starts[word]; at < words.Ends[word]; at++) _pieces.Add(at, at + 1);
        return _pieces;
    }
}
