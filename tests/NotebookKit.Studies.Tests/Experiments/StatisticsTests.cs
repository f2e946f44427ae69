using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Experiments;

public class StatisticsTests
{
    private static Contrast Pairs(params double[] differences) =>
        new("new", "base", "accuracy", differences.Select((d, i) => (d, i)).ToDictionary(p => p.i, p => p.d));

    // Two values at ±1: s = √2, so the standard error is 1 and half the interval is the table's t. More values: scaled likewise.
    [Theory]
    [InlineData(2, 0.95, 12.706)]
    [InlineData(3, 0.95, 4.303)]
    [InlineData(4, 0.95, 3.182)]
    [InlineData(5, 0.95, 2.776)]
    [InlineData(6, 0.95, 2.571)]
    [InlineData(11, 0.95, 2.228)]
    [InlineData(31, 0.95, 2.042)]
    [InlineData(101, 0.95, 1.984)]
    [InlineData(3, 0.90, 2.920)]
    [InlineData(3, 0.99, 9.925)]
    [InlineData(5, 0.99, 4.604)]
    public void Half_an_interval_is_the_published_quantile_of_t_times_the_standard_error(int seeds, double level, double published)
    {
        var interval = new Estimate(10, Math.Sqrt(seeds), seeds).Interval(level);
        Assert.Equal(published, interval.High - 10, 5e-4);
        Assert.Equal(published, 10 - interval.Low, 5e-4);
    }

    [Fact]
    public void A_paired_contrast_gives_what_R_gives_for_Students_sleep_data()
    {
        // t.test(extra ~ group, paired = TRUE): t = 4.0621, df = 9, p = 0.002833, 95 percent 0.7001142 to 2.4598858 (sign turned).
        var contrast = Pairs(1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4);
        Assert.Equal(1.58, contrast.Difference.Mean, 1e-12);
        Assert.Equal(9, contrast.DegreesOfFreedom);
        Assert.Equal(4.0621, contrast.T, 5e-5);
        Assert.Equal(0.002833, contrast.P, 5e-7);
        Assert.Equal(0.7001142, contrast.Interval.Low, 5e-8);
        Assert.Equal(2.4598858, contrast.Interval.High, 5e-8);
        Assert.Equal(Finding.Above, contrast.Finding);
    }

    [Fact]
    public void Two_standard_errors_of_three_seeds_show_nothing()
    {
        // Differences of mean 2 and standard error 1.
        var contrast = Pairs(2 - Math.Sqrt(3), 2, 2 + Math.Sqrt(3));
        Assert.Equal(2, contrast.T, 1e-12);
        Assert.Equal(0.1835, contrast.P, 5e-5);
        Assert.Equal(Finding.Open, contrast.Finding);
        Assert.Contains("not told apart", contrast.ToString());
    }

    [Fact]
    public void Level_is_a_statement_about_the_whole_interval()
    {
        var contrast = Pairs(0.010, -0.005, 0.004, -0.002, 0.001);
        Assert.Equal(Finding.Open, contrast.Finding);
        Assert.Equal(Finding.Level, (contrast with { Margin = 0.02 }).Finding);
        Assert.Contains("level within 0.02", (contrast with { Margin = 0.02 }).ToString());
        // The mean is within the margin, the interval is not.
        Assert.Equal(Finding.Open, (contrast with { Margin = 0.005 }).Finding);
    }

    [Fact]
    public void Without_a_spread_there_is_no_interval_and_no_finding()
    {
        foreach (var contrast in (Contrast[])[Pairs(0.3), Pairs(0.3, 0.3, 0.3), Pairs(0.3, double.NaN, 0.2)])
        {
            Assert.False(contrast.Interval.IsKnown);
            Assert.True(double.IsNaN(contrast.P));
            Assert.Equal(Finding.Open, (contrast with { Margin = 1 }).Finding);
            Assert.DoesNotContain("NaN to", contrast.ToString());
        }
    }

    [Fact]
    public void Holms_p_is_that_of_R()
    {
        // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm"): 0.05 0.08 0.09 0.09 0.09
        double[] p = [0.03, 0.01, 0.05, 0.02, 0.04], holm = [0.09, 0.05, 0.09, 0.08, 0.09];
        var contrasts = new Contrasts(p.Select(WithP));
        Assert.Equal(p, contrasts.Select(c => Math.Round(c.P, 6)));
        Assert.Equal(holm, contrasts.Adjusted.Select(a => Math.Round(a, 6)));
        Assert.Equal("5 comparisons, paired over 3 seeds; 95 % intervals by Student's t, each for itself; the last p allows for all 5 (Holm)", contrasts.Method);
        Assert.Equal(["variant", "accuracy minus base", "95 % interval", "p", "p of 5 (Holm)", "seeds"], contrasts.ToFrame().Columns.Select(c => c.Name));
    }

    [Fact]
    public void A_contrast_without_p_counts_as_a_comparison()
    {
        var adjusted = new Contrasts([WithP(0.02), Pairs(1), WithP(0.04)]).Adjusted;
        Assert.Equal(0.06, adjusted[0], 1e-9);
        Assert.True(double.IsNaN(adjusted[1]));
        Assert.Equal(0.08, adjusted[2], 1e-9);
    }

    [Fact]
    public void Rows_are_contrasted_over_the_seeds_that_both_have_and_effects_subtract_seed_by_seed()
    {
        var rows = new ResultRows(
        [
            new("base", 1, 5, "m", 1), new("base", 2, 5, "m", 2), new("base", 3, 5, "m", 3),
            new("a", 1, 5, "m", 2), new("a", 2, 5, "m", 4), new("a", 4, 5, "m", 9),
            new("b", 2, 5, "m", 2.5), new("b", 3, 5, "m", 9), new("b", 1, 4, "m", 0),
        ]);
        var (a, b) = (rows.Contrast("a", "base", "m"), rows.Contrast("b", "base", "m"));
        Assert.Equal(new Dictionary<int, double> { [1] = 1, [2] = 2 }, a.Differences);
        Assert.Equal(new Dictionary<int, double> { [2] = 0.5, [3] = 6 }, b.Differences);
        Assert.Equal(new Dictionary<int, double> { [2] = 1.5 }, a.Minus(b).Differences);
        Assert.Equal(["a", "b"], rows.Contrasts("base", "m").Select(c => c.Variant));
        Assert.Contains("There is no variant 'c'; there are base, a, b", Assert.Throws<ArgumentException>(() => rows.Contrast("c", "base", "m")).Message);
    }

    [Fact]
    public void Up_to_five_seeds_the_bootstrap_takes_every_draw()
    {
        // All 27 draws of 0, 1, 10: a mean of 0 or of 10 comes once in 27, which is more than 2.5 %.
        Assert.Equal((0, 10), Ends(Bootstrap.Over<double>([0, 1, 10], Mean)));
        // At 80 % each end leaves out 2.7 draws. Sorted, the third mean is 1/3 (0, 0, 1 comes three times), the 25th 7 (three times).
        Assert.Equal((1 / 3.0, 7), Ends(Bootstrap.Over<double>([0, 1, 10], Mean, level: 0.8)));
        Assert.False(Bootstrap.Over<double>([3], Mean).IsKnown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_bootstrap_of_many_seeds_comes_near_the_normal_interval(int seed)
    {
        var source = new Random(seed);
        double[] values = [.. Enumerable.Range(0, 200).Select(_ => source.NextDouble())];
        // s / √n with n in the denominator: what a resample's mean varies by.
        var error = Math.Sqrt(values.Select(v => v * v).Average() - Math.Pow(values.Average(), 2)) / Math.Sqrt(values.Length);
        var interval = Bootstrap.Over(values, Mean, draws: 4_000, random: seed);
        Assert.Equal(values.Average() - 1.96 * error, interval.Low, 0.15 * error);
        Assert.Equal(values.Average() + 1.96 * error, interval.High, 0.15 * error);
    }

    [Fact]
    public void A_level_that_some_draws_never_reach_has_an_open_end()
    {
        double First(IReadOnlyList<double> steps) => steps.Min();
        var interval = Bootstrap.Over<double>([300, double.PositiveInfinity, double.PositiveInfinity], First);
        Assert.Equal((300, double.PositiveInfinity), Ends(interval));
        Assert.Equal("300 to never", interval.ToString(0));
        Assert.Throws<ArgumentException>(() => Bootstrap.Over<double>([1, 2], _ => double.NaN));
    }

    private static (double, double) Ends(Interval interval) => (interval.Low, interval.High);

    private static double Mean(IReadOnlyList<double> values) => values.Average();

    /// <summary>Three pairs whose t has the given p: with two degrees of freedom t = c √(2 / (1 − c²)), c = 1 − p.</summary>
    private static Contrast WithP(double p)
    {
        var c = 1 - p;
        var t = c * Math.Sqrt(2 / (1 - c * c));
        return Pairs(t - Math.Sqrt(3), t, t + Math.Sqrt(3));
    }
}
