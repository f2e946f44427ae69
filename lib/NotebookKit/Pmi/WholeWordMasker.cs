namespace NotebookKit.Pmi;

/// <summary>Whole-Word masking: every word is a unit.</summary>
public sealed class WholeWordMasker : Masker
{
    /// <summary>A masker of whole words.</summary>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public WholeWordMasker(PieceAlphabet alphabet, MaskingOptions? options = null) : base("whole word", alphabet, options)
    {
    }

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random) => words;
}
