using NotebookKit.Corpus;

namespace NotebookKit.Tests.PmiEngine;

public class CostCurveTests
{
    private static readonly string[] Documents = [.. Enumerable.Range(0, 2000).Select(i => $"w{i % 7} w{i % 11} w{i % 13} w{i % 17}")];

    [Fact]
    public void Each_point_is_the_count_of_an_even_share()
    {
        IReadOnlyList<CostPoint> points = CostCurve.Measure(Documents, [0.25, 0.5, 1], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal([2000L, 4000, 8000], points.Select(p => p.Words));
        Assert.All(points, p => Assert.True(p.Seconds > 0 && p.MemoryBytes >= p.Words * sizeof(int), $"{p}: the ids alone take 4 bytes a word."));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_share_out_of_bounds_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CostCurve.Measure(Documents, [0.5, share], cancellation: TestContext.Current.CancellationToken));
}
