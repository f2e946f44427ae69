using CsCheck;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Pmi;

public class NgramCounterTests
{
    [Theory]
    [InlineData(1, PunctuationRule.Boundary)]
    [InlineData(2, PunctuationRule.Boundary)]
    [InlineData(1, PunctuationRule.Word)]
    [InlineData(3, PunctuationRule.Word)]
    public void Counts_and_totals_of_a_short_text_are_those_of_brute_force(int minCount, PunctuationRule punctuation) =>
        AssertCounts(PmiText.Ours, new() { MinCount = minCount, Punctuation = punctuation });

    [Fact]
    public void Counts_and_totals_of_a_novel_are_those_of_brute_force() =>
        AssertCounts(PmiText.Novel("Frankenstein.txt"), new());

    [Fact]
    public void Counts_of_random_corpora_of_few_letters_are_those_of_brute_force() =>
        Gen.Select(Gen.Char["abc ,"].Array[0, 40].Select(letters => new string(letters)).Array[0, 5], Gen.Int[1, 4], Gen.Int[1, 6])
            .Sample((documents, minCount, maxLength) =>
                AssertCounts(documents, new() { MinCount = minCount, MaxLength = maxLength }), iter: 300);

    [Fact]
    public void No_ngram_crosses_a_document()
    {
        NgramCounts counts = PmiText.Count(["a b", "c d"], new() { MinCount = 1 });
        Assert.Equal(1, counts.Count("a b"));
        Assert.Equal(0, counts.Count("b c"));
        Assert.Equal([4L, 2, 0, 0, 0], Enumerable.Range(1, 5).Select(counts.Total));
    }

    [Fact]
    public void An_impossible_threshold_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PmiText.Count(["a"], new() { MinCount = 0 }));

    private static void AssertCounts(string[] documents, NgramCountOptions options)
    {
        (Dictionary<string, long>[] expected, long[] totals) = BruteForce(documents, options);
        NgramCounts counts = PmiText.Count(documents, options);
        for (int n = 1; n <= options.MaxLength; n++)
        {
            Assert.Equal(totals[n - 1], counts.Total(n));
            Dictionary<string, long> kept = expected[n - 1].Where(pair => pair.Value >= options.MinCount).ToDictionary();
            NgramLevel level = counts.Level(n);
            Assert.Equal(kept.Count, level.Kept);
            for (int id = 0; id < level.Kept; id++)
            {
                string ngram = counts.TextOf(n, id);
                Assert.Equal(kept[ngram], level.Counts[id]);
                Assert.True(counts.TryFind(ngram.Split(' '), out int found));
                Assert.Equal(id, found);
            }
            foreach (string rare in expected[n - 1].Keys.Except(kept.Keys).Take(100)) Assert.Equal(0, counts.Count(rare));
        }
    }

    /// <summary>Every n-gram as a text in one dictionary for each length, without a threshold.</summary>
    internal static (Dictionary<string, long>[] Counts, long[] Totals) BruteForce(string[] documents, NgramCountOptions options)
    {
        Dictionary<string, long>[] counts = [.. Enumerable.Range(0, options.MaxLength).Select(_ => new Dictionary<string, long>())];
        foreach (string document in documents)
        {
            string[] tokens = [.. new BasicTokenizer(options.Lowercase).Tokenize(document)];
            for (int start = 0; start < tokens.Length; start++)
            {
                for (int n = 1; n <= options.MaxLength && start + n <= tokens.Length; n++)
                {
                    string[] ngram = tokens[start..(start + n)];
                    if (options.Punctuation == PunctuationRule.Boundary && ngram.Any(BasicTokenizer.IsPunctuation)) break;
                    string text = string.Join(' ', ngram);
                    counts[n - 1][text] = counts[n - 1].GetValueOrDefault(text) + 1;
                }
            }
        }
        return (counts, [.. counts.Select(level => level.Values.Sum())]);
    }
}
