using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class WeakestLinkTests
{
    [Fact]
    public void The_guilty_segmentation_attains_the_minimum_of_equation_three()
    {
        NgramCounts counts = PmiText.Count(PmiText.Ours, new() { MinCount = 1 });
        NgramScores pmi = NgramScores.Of(counts, NgramScore.Pmi);
        for (int n = 2; n <= 5; n++)
        {
            for (int id = 0; id < counts.Level(n).Kept; id++)
            {
                IReadOnlyList<string> parts = WeakestLink.BestSegmentation(counts, counts.WordsOf(n, id));
                Assert.True(parts.Count > 1);
                Assert.Equal(counts.TextOf(n, id), string.Join(' ', parts));
                Assert.Equal(LogP(counts.TextOf(n, id)) - parts.Sum(LogP), pmi.Level(n)[id], 9);
            }
        }

        double LogP(string ngram) => Math.Log(counts.Count(ngram) / (double)counts.Total(ngram.Split(' ').Length));
    }

    [Fact]
    public void A_trigram_that_rides_on_its_bigram_is_found_with_the_cut_after_the_bigram()
    {
        string[] documents =
        [
            .. Enumerable.Repeat("kuala lumpur is", 12), .. Enumerable.Repeat("kuala lumpur", 30),
            .. Enumerable.Repeat("editor in chief", 40), .. Enumerable.Repeat("the man is in the town", 80), .. Enumerable.Repeat("chief", 60),
            .. Enumerable.Repeat("in", 60), .. Enumerable.Repeat("editor", 40),
        ];
        WeakestLinkExample found = WeakestLink.Find(PmiText.Count(documents, new()), n: 3, bestByNaive: 2, take: 1)[0];
        Assert.Equal("kuala lumpur is", found.Ngram);
        Assert.Equal(12, found.Count);
        Assert.Equal(["kuala lumpur", "is"], found.Segmentation);
        Assert.True(found.NaiveRank < found.PmiRank);
        Assert.True(found.Naive > found.Pmi);
    }

    [Fact]
    public void An_ngram_that_was_not_counted_is_named() =>
        Assert.Contains("'no such' is no n-gram", Assert.Throws<ArgumentException>(
            () => WeakestLink.BestSegmentation(PmiText.Count(PmiText.Ours, new() { MinCount = 1 }), ["no", "such"])).Message);
}
