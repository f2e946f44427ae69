using CsCheck;
using Microsoft.Data.Analysis;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Experiments;

public class ResultRowsTests
{
    private static readonly ResultRows Rows = new(
    [
        new("base", 0, 10, "loss", 4), new("base", 1, 10, "loss", 6), new("base", 2, 10, "loss", 8),
        new("base", 0, 20, "loss", 1), new("base", 1, 20, "loss", 2), new("base", 2, 20, "loss", 6),
        new("new", 0, 20, "loss", 0.5), new("new", 1, 20, "loss", 1.5), new("new", 2, 20, "loss", 5.5),
        new("one", 0, 20, "loss", 3), new("one", 0, 5, "accuracy", .9),
    ]);

    private static object?[] Row(DataFrame frame, int index) => [.. frame.Rows[index]];

    [Fact]
    public void A_summary_line_has_mean_sample_deviation_standard_error_and_count()
    {
        var summary = Rows.Summary();
        Assert.Equal(["variant", "metric", "step", "mean", "sd", "se", "n"], summary.Columns.Select(c => c.Name));
        // 1, 2, 6: mean 3, s² = (4 + 1 + 9) / 2 = 7, se = √(7/3)
        AssertRow(["base", "loss", 20L, 3.0, Math.Sqrt(7), Math.Sqrt(7 / 3.0), 3], summary, 1);
        AssertRow(["one", "loss", 20L, 3.0, double.NaN, double.NaN, 1], summary, 3);
    }

    [Fact]
    public void Grouping_a_summary_does_not_take_an_unknown_deviation_for_zero()
    {
        var byMetric = Rows.Summary().GroupBy("metric");
        Assert.Equal([double.NaN, double.NaN], byMetric.Mean("sd")["sd"].Cast<double>());
        Assert.Equal([double.NaN, double.NaN], byMetric.Min("sd")["sd"].Cast<double>());
        var summary = Rows.Summary();
        Assert.Equal(["base", "base", "new"], summary.Filter(summary["sd"].ElementwiseGreaterThanOrEqual(0.0))["variant"].Cast<string>());
        Assert.Empty(summary.Filter(summary["sd"].ElementwiseLessThan(0.1)).Rows);
    }

    private static void AssertRow(object?[] expected, DataFrame frame, int index) => Assert.Equal(
        expected.Select(v => v is double d ? Math.Round(d, 9) : v),
        Row(frame, index).Select(v => v is double d ? Math.Round(d, 9) : v));

    [Fact]
    public void A_pivot_takes_each_metric_at_its_own_last_step_and_leaves_gaps_empty()
    {
        var pivot = Rows.Pivot();
        Assert.Equal(["variant", "loss", "loss sd", "accuracy", "accuracy sd", "n"], pivot.Columns.Select(c => c.Name));
        AssertRow(["base", 3.0, Math.Sqrt(7), double.NaN, double.NaN, 3], pivot, 0);
        AssertRow(["one", 3.0, double.NaN, .9, double.NaN, 1], pivot, 2);
        var early = Rows.Pivot(10, "loss");
        AssertRow(["base", 6.0, 2.0, 3], early, 0);
        AssertRow(["new", double.NaN, double.NaN, 0], early, 1);
    }

    [Fact]
    public void Differences_are_paired_by_seed()
    {
        var against = Rows.Against("base", "loss");
        Assert.Equal(["variant", "loss minus base", "sd", "se", "n"], against.Columns.Select(c => c.Name));
        // Each seed differs by exactly one half, although the seeds differ widely.
        AssertRow(["new", -.5, 0.0, 0.0, 3], against, 0);
        AssertRow(["one", 2.0, double.NaN, double.NaN, 1], against, 1);
    }

    [Fact]
    public void A_series_ascends_in_steps_with_mean_and_spread()
    {
        var series = Rows.Series("loss");
        Assert.Equal(["base", "new", "one"], series.Select(s => s.Variant));
        Assert.Equal([(10L, 6.0, 3), (20L, 3.0, 3)], series[0].Points.Select(p => (p.Step, p.Value.Mean, p.Value.Count)));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        Assert.Contains("loss, accuracy", Assert.Throws<ArgumentException>(() => Rows.Pivot(null, "los")).Message);
        Assert.Contains("base, new, one", Assert.Throws<ArgumentException>(() => Rows.Against("bas", "loss")).Message);
    }

    [Fact]
    public void Deviation_agrees_with_the_pairwise_definition() =>
        // s² = Σ_{i<j} (x_i − x_j)² / (n (n − 1))
        Gen.Double[-100, 100].Array[2, 12].Sample(x =>
        {
            var pairs = x.SelectMany((a, i) => x.Skip(i + 1).Select(b => (a - b) * (a - b))).Sum();
            Assert.Equal(Math.Sqrt(pairs / (x.Length * (x.Length - 1.0))), Estimate.Of(x).Deviation, 1e-9);
        });
}
