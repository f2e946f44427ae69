namespace NotebookKit.Pmi;

/// <summary>What counts as an n-gram, and which counts are kept. The defaults are the paper's.</summary>
public sealed record NgramCountOptions
{
    /// <summary>The longest n-gram, in words.</summary>
    public int MaxLength { get; init; } = 5;

    /// <summary>The least count that is kept; 11 is the paper's "over 10". It applies to every length, single words included.</summary>
    public long MinCount { get; init; } = 11;

    /// <summary>What a punctuation mark does to the n-grams around it.</summary>
    public PunctuationRule Punctuation { get; init; } = PunctuationRule.Boundary;

    /// <summary>True for lower-case words without accents (<see cref="Tokenizers.BasicTokenizer"/>).</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The longest length or the least count is below 1.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinCount, 1);
    }
}
