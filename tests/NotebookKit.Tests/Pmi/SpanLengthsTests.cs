using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class SpanLengthsTests
{
    [Fact]
    public void The_mean_of_the_papers_spans_is_3_8_words() => Assert.Equal(3.8, new SpanLengths().Mean, 2);

    [Fact]
    public void Drawn_lengths_follow_the_cut_off_geometric_distribution()
    {
        SpanLengths lengths = new(0.2, 10);
        MaskingRandom random = new(3);
        int[] seen = new int[11];
        const int draws = 200_000;
        for (int i = 0; i < draws; i++) seen[lengths.Draw(ref random)]++;
        double norm = Enumerable.Range(1, 10).Sum(l => 0.2 * Math.Pow(0.8, l - 1));
        for (int l = 1; l <= 10; l++)
        {
            double p = 0.2 * Math.Pow(0.8, l - 1) / norm;
            double deviation = Math.Sqrt(draws * p * (1 - p));
            Assert.InRange(seen[l], draws * p - 5 * deviation, draws * p + 5 * deviation);
        }
        Assert.Equal(seen.Select((count, l) => (double)count * l).Sum() / draws, lengths.Mean, 1);
    }

    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(1.5, 10)]
    [InlineData(double.NaN, 10)]
    [InlineData(0.2, 0)]
    public void A_distribution_that_makes_no_sense_is_refused(double p, int longest) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanLengths(p, longest));
}
