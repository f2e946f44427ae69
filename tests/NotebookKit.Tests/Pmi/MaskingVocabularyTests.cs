using System.Text;
using CsCheck;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class MaskingVocabularyTests
{
    [Fact]
    public void The_default_quota_is_the_papers()
    {
        IReadOnlyList<int> lengths = new VocabularyQuota().Interleave([500_000, 500_000, 500_000, 500_000]);
        Assert.Equal([400_000, 200_000, 100_000, 100_000], Enumerable.Range(2, 4).Select(n => lengths.Count(length => length == n)));
    }

    [Fact]
    public void The_first_lines_are_the_smaller_vocabulary() =>
        Gen.Select(Gen.Int[0, 30].Array[4], Gen.Int[0, 60], Gen.Int[0, 60]).Sample((candidates, a, b) =>
        {
            IReadOnlyList<int> small = new VocabularyQuota { Size = Math.Min(a, b) }.Interleave(candidates);
            IReadOnlyList<int> large = new VocabularyQuota { Size = Math.Max(a, b) }.Interleave(candidates);
            Assert.Equal(small, large.Take(small.Count));
            Assert.Equal(Math.Min(Math.Max(a, b), candidates.Sum()), large.Count);
        });

    [Fact]
    public void Places_that_a_length_cannot_fill_go_to_the_others_in_their_proportion()
    {
        IReadOnlyList<int> lengths = new VocabularyQuota { Size = 60 }.Interleave([100, 0, 100, 100]);
        Assert.Equal([40, 0, 10, 10], Enumerable.Range(2, 4).Select(n => lengths.Count(length => length == n)));
    }

    [Theory]
    [InlineData(NgramScore.Pmi)]
    [InlineData(NgramScore.PmiSquared)]
    [InlineData(NgramScore.Naive)]
    [InlineData(NgramScore.Frequency)]
    public void Each_length_is_ranked_by_score_then_count_then_code_points(NgramScore score)
    {
        NgramCounts counts = PmiText.Count([.. PmiText.Ours, "\U0001D400 \U0001D401", "\ufb00 \ufb01", "z z"], new() { MinCount = 1 });
        NgramScores scores = NgramScores.Of(counts, score);
        MaskingVocabulary vocabulary = MaskingVocabulary.Build(counts, score);
        Assert.Equal(Enumerable.Range(2, 4).Sum(n => counts.Level(n).Kept), vocabulary.Count);
        for (int n = 2; n <= 5; n++)
        {
            MaskingEntry[] expected = [.. Enumerable.Range(0, counts.Level(n).Kept)
                .Select(id => new MaskingEntry(counts.TextOf(n, id), n, counts.Level(n).Counts[id], scores.Level(n)[id]))
                .OrderByDescending(entry => entry.Score).ThenByDescending(entry => entry.Count)
                .ThenBy(entry => Convert.ToHexString(Encoding.UTF8.GetBytes(entry.Ngram)), StringComparer.Ordinal)];
            Assert.Equal(expected, vocabulary.Entries.Where(entry => entry.Length == n));
        }
    }

    [Fact]
    public void Documents_in_another_order_give_the_same_vocabulary()
    {
        MaskingVocabulary Build(IEnumerable<string> documents) => MaskingVocabulary.Build(PmiText.Count(documents, new() { MinCount = 1 }));
        Assert.Equal(Build(PmiText.Ours).Entries, Build(PmiText.Ours.Reverse()).Entries);
    }

    [Fact]
    public void Code_point_order_is_the_order_of_utf8_bytes() =>
        Gen.Int[0, 6].Select(i => new[] { "a", "b", "é", "\ue000", "\uffee", "\U0001D400", "\U0010FFFF" }[i]).Array[0, 4].Select(string.Concat).Array[2]
            .Sample(pair =>
            {
                (string a, string b) = (pair[0], pair[1]);
                int bytes = Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
                Assert.Equal(Math.Sign(bytes), Math.Sign(NgramOrder.CompareCodePoints(a, b)));
            });
}
