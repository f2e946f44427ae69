namespace NotebookKit.Pmi;

/// <summary>One n-gram of a masking vocabulary.</summary>
/// <param name="Ngram">Its words, separated by single spaces.</param>
/// <param name="Length">Its number of words.</param>
/// <param name="Count">How often it occurs in the corpus, or null when a plain list did not say.</param>
/// <param name="Score">Its score in natural logarithms, or null when a plain list did not say.</param>
public sealed record MaskingEntry(string Ngram, int Length, long? Count = null, double? Score = null);
