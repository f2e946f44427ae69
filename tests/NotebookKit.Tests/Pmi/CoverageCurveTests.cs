using CsCheck;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Pmi;

public class CoverageCurveTests
{
    [Fact]
    public void Shares_are_those_of_looking_for_every_entry_everywhere() =>
        Gen.Select(Gen.Char["abc ,"].Array[1, 30].Select(letters => "a " + new string(letters)).Array[1, 4], Gen.Int[1, 3]).Sample((documents, minCount) =>
        {
            MaskingVocabulary vocabulary = MaskingVocabulary.Build(PmiText.Count(documents, new() { MinCount = minCount }));
            int[] sizes = [0, 1, 2, 5, vocabulary.Count, vocabulary.Count + 10];
            Assert.Equal(sizes.Select(size => (size, BruteForce(vocabulary.Take(size), documents))),
                CoverageCurve.Measure(vocabulary, documents, sizes).Select(point => (point.Size, point.Share)));
        }, iter: 300);

    [Fact]
    public void A_corpus_without_words_has_no_share() =>
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => CoverageCurve.Measure(new([]), ["..."], [1])).Message);

    private static double BruteForce(MaskingVocabulary vocabulary, string[] documents)
    {
        int words = 0, covered = 0;
        foreach (string document in documents)
        {
            List<string> tokens = new BasicTokenizer().Tokenize(document);
            bool[] isCovered = new bool[tokens.Count];
            foreach (MaskingEntry entry in vocabulary.Entries)
                for (int start = 0; start + entry.Length <= tokens.Count; start++)
                    if (string.Join(' ', tokens[start..(start + entry.Length)]) == entry.Ngram) isCovered.AsSpan(start, entry.Length).Fill(true);
            words += tokens.Count(token => !BasicTokenizer.IsPunctuation(token));
            covered += isCovered.Count(inside => inside);
        }
        return (double)covered / words;
    }
}
