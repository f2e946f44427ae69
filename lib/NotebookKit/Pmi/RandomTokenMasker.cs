namespace NotebookKit.Pmi;

/// <summary>Random-Token masking (BERT's first scheme): every word piece is a unit.</summary>
public sealed class RandomTokenMasker : Masker
{
    private readonly PieceRuns pieces = new();

    /// <summary>A masker of single word pieces.</summary>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public RandomTokenMasker(PieceAlphabet alphabet, MaskingOptions? options = null) : base("random token", alphabet, options)
    {
    }

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random)
    {
        pieces.Reserve(tokenIds.Length);
        pieces.Count = 0;
        for (int word = 0; word < words.Count; word++)
            for (int at = words.Starts[word]; at < words.Ends[word]; at++) pieces.Add(at, at + 1);
        return pieces;
    }
}
