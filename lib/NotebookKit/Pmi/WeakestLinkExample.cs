namespace NotebookKit.Pmi;

/// <summary>An n-gram that naive PMI overrates.</summary>
/// <param name="Ngram">Its words, separated by single spaces.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="Naive">Its naive PMI (Eq. 2), natural logarithm.</param>
/// <param name="NaiveRank">Its rank by naive PMI among the n-grams of its length, from 1.</param>
/// <param name="Pmi">Its PMI_n (Eq. 3), natural logarithm.</param>
/// <param name="PmiRank">Its rank by PMI_n, from 1.</param>
/// <param name="Segmentation">The segmentation that attains the minimum: the parts that hardly belong together.</param>
public sealed record WeakestLinkExample(
    string Ngram, long Count, double Naive, int NaiveRank, double Pmi, int PmiRank, IReadOnlyList<string> Segmentation);
