using CsCheck;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class NgramScoresTests
{
    [Fact]
    public void Bigram_pmi_is_equation_one()
    {
        NgramCounts counts = PmiText.Count(PmiText.Ours, new() { MinCount = 1 });
        Assert.True(counts.TryFind(["kuala", "lumpur"], out int id));
        double expected = Math.Log(counts.Count("kuala lumpur") / (double)counts.Total(2)
            / (counts.Count("kuala") / (double)counts.Total(1) * (counts.Count("lumpur") / (double)counts.Total(1))));
        Assert.Equal(expected, NgramScores.Of(counts, NgramScore.Pmi).Level(2)[id], 12);
        Assert.Equal(expected, NgramScores.Of(counts, NgramScore.Naive).Level(2)[id], 12);
    }

    [Fact]
    public void Scores_of_a_short_text_are_those_of_all_segmentations() => AssertScores(PmiText.Ours, 1, 5);

    [Fact]
    public void Scores_of_a_novel_are_those_of_all_segmentations() => AssertScores(PmiText.Novel("Treasure-Island.txt"), 5, 5);

    [Fact]
    public void Scores_of_random_corpora_up_to_seven_words_are_those_of_all_segmentations() =>
        Gen.Char["ab "].Array[1, 60].Select(letters => new string(letters)).Array[1, 4]
            .Sample(documents => AssertScores(documents, 1, 7), iter: 100);

    [Fact]
    public void Naive_pmi_prefers_the_weak_trigram_and_pmi_the_strong_one()
    {
        // The paper's example: "kuala lumpur is" rides on its bigram, "editor in chief" is strong throughout.
        string[] documents =
        [
            .. Enumerable.Repeat("kuala lumpur is", 12), .. Enumerable.Repeat("kuala lumpur", 30),
            .. Enumerable.Repeat("editor in chief", 40), .. Enumerable.Repeat("the man is in the town", 80), .. Enumerable.Repeat("chief", 60), .. Enumerable.Repeat("in", 60), .. Enumerable.Repeat("editor", 40),
        ];
        NgramCounts counts = PmiText.Count(documents, new());
        (double naiveWeak, double naiveStrong) = (Score(NgramScore.Naive, "kuala lumpur is"), Score(NgramScore.Naive, "editor in chief"));
        (double weak, double strong) = (Score(NgramScore.Pmi, "kuala lumpur is"), Score(NgramScore.Pmi, "editor in chief"));
        Assert.True(naiveWeak > naiveStrong, $"naive: {naiveWeak} and {naiveStrong}");
        Assert.True(weak < strong, $"PMI: {weak} and {strong}");

        double Score(NgramScore kind, string ngram)
        {
            Assert.True(counts.TryFind(ngram.Split(' '), out int id));
            return NgramScores.Of(counts, kind).Level(3)[id];
        }
    }

    private static void AssertScores(string[] documents, int minCount, int maxLength)
    {
        NgramCounts counts = PmiText.Count(documents, new() { MinCount = minCount, MaxLength = maxLength });
        NgramScores pmi = NgramScores.Of(counts, NgramScore.Pmi), squared = NgramScores.Of(counts, NgramScore.PmiSquared);
        NgramScores naive = NgramScores.Of(counts, NgramScore.Naive), frequency = NgramScores.Of(counts, NgramScore.Frequency);
        for (int n = 2; n <= maxLength; n++)
        {
            for (int id = 0; id < counts.Level(n).Kept; id++)
            {
                string[] words = counts.WordsOf(n, id);
                double[] sums = [.. Segmentations(words).Select(parts => parts.Sum(LogP))];
                Assert.Equal(LogP(words) - sums.Max(), pmi.Level(n)[id], 9);
                Assert.Equal(2 * LogP(words) - sums.Max(), squared.Level(n)[id], 9);
                Assert.Equal(LogP(words) - words.Sum(word => LogP([word])), naive.Level(n)[id], 9);
                Assert.Equal(LogP(words), frequency.Level(n)[id], 9);
            }
        }

        double LogP(string[] ngram) => Math.Log(counts.Count(string.Join(' ', ngram)) / (double)counts.Total(ngram.Length));
    }

    /// <summary>All 2^(n−1) − 1 ways to cut a sequence into two parts or more, one bit for each place of a cut.</summary>
    private static IEnumerable<List<string[]>> Segmentations(string[] words)
    {
        for (int cuts = 1; cuts < 1 << (words.Length - 1); cuts++)
        {
            List<string[]> parts = [];
            int start = 0;
            for (int end = 1; end <= words.Length; end++)
            {
                if (end < words.Length && (cuts >> (end - 1) & 1) == 0) continue;
                parts.Add(words[start..end]);
                start = end;
            }
            yield return parts;
        }
    }
}
