namespace NotebookKit.Pmi;

/// <summary>What a punctuation mark does to the n-grams around it. The paper does not say.</summary>
public enum PunctuationRule
{
    /// <summary>It is no word, and no n-gram crosses it: neither it nor an n-gram across it is counted, nor is either part of a total.</summary>
    Boundary,

    /// <summary>It is a word like any other: it is counted, and n-grams contain it.</summary>
    Word,
}
