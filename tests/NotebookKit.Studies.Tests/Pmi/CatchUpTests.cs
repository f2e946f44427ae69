using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Pmi;

namespace NotebookKit.Tests.Pmi;

public class CatchUpTests
{
    private static IEnumerable<ResultRow> Curve(string variant, int seed, params double[] values) =>
        values.Select((value, i) => new ResultRow(variant, seed, 100 * (i + 1), "score", value));

    [Theory]
    [InlineData(new[] { 0.2, 0.6, 0.9 }, 150)] // half-way between 100 and 200
    [InlineData(new[] { 0.2, 0.4, 0.9 }, 200)]
    [InlineData(new[] { 0.7, 0.8, 0.9 }, 100)] // not later than the first checkpoint
    [InlineData(new[] { 0.1, 0.2, 0.3 }, double.PositiveInfinity)]
    public void The_step_is_where_the_curve_first_reaches_the_baselines_last_score(double[] curve, double step)
    {
        CatchUp reached = CatchUp.Of(new([.. Curve("base", 1, 0.9, 0.9, 0.4), .. Curve("fast", 1, curve)]), "fast", "base", "score");

        Assert.Equal(step, reached.Step, 1e-9);
        Assert.Equal(step / 300, reached.Share, 1e-9);
    }

    [Fact]
    public void Seeds_are_paired_and_a_seed_that_one_side_lacks_is_left_out()
    {
        ResultRows rows = new([
            .. Curve("base", 1, 0, 0, 0.5), .. Curve("base", 2, 0, 0, 0.7), .. Curve("base", 3, 0, 0, 9),
            .. Curve("fast", 1, 0.4, 0.6, 0.8), .. Curve("fast", 2, 0.4, 0.8, 0.8)]);
        CatchUp reached = CatchUp.Of(rows, "fast", "base", "score");

        // Mean curve 0.4, 0.7, 0.8 against 0.6.
        Assert.Equal(100 + (100 * 2 / 3.0), reached.Step, 1e-9);
        // Drawn again: seed 1 alone 0.5 between 0.4 and 0.6, seed 2 alone 0.7 between 0.4 and 0.8.
        Assert.Equal(150, reached.Interval.Low, 1e-9);
        Assert.Equal(175, reached.Interval.High, 1e-9);
        Assert.Throws<ArgumentException>(() => CatchUp.Of(rows, "fast", "nothing", "score"));
    }
}
