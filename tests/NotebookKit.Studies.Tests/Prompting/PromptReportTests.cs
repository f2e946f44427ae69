using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;

namespace NotebookKit.Tests.Prompting;

public class PromptReportTests
{
    private static readonly string[] Wordings = ["a", "b", "c"];

    /// <summary>Two seeds of two variants on three wordings of one set: 0.2, 0.4, 0.6 and 0.1 more in the second seed; the other variant 0.3 above.</summary>
    private static ResultRows Rows { get; } = new(
        from variant in new[] { ("p = 0", 0.0), ("all prompts", 0.3) }
        from seed in new[] { 1, 2 }
        from wording in Wordings.Index()
        select new ResultRow(variant.Item1, seed, 10, $"NewWording | api_docs/member_name | {wording.Item} | None", 0.2 + (0.2 * wording.Index) + (0.1 * (seed - 1)) + variant.Item2));

    [Fact]
    public void A_point_is_a_prompt_averaged_over_seeds()
    {
        var samples = Rows.Samples(["all prompts", "not run"], ZeroShotKind.NewWording);
        Assert.Equal([55, 75, 95], samples.Select(s => Math.Round(s.Value, 6)));
        Assert.All(samples, s => Assert.Equal(("member_name", "all prompts"), (s.Group, s.Series)));
        Assert.Empty(Rows.Samples(["all prompts"], ZeroShotKind.HeldOutTask));
    }

    [Fact]
    public void Kinds_that_were_not_tested_and_variants_that_were_not_run_are_left_out_of_the_table()
    {
        var frame = Rows.Kinds(["p = 0", "not run"], "caption", ZeroShotKind.NewWording, ZeroShotKind.HeldOutTask).Frame;
        Assert.Equal(["variant", "new wording", "new wording ±"], frame.Columns.Select(c => c.Name));
        Assert.Equal(1, frame.Rows.Count);
        Assert.Equal(45, (double)frame[0, 1], 6);
    }

    [Fact]
    public void A_contrast_of_medians_is_told_in_points_of_a_hundred()
    {
        string told = T0Rows.Medians(Rows).Points("all prompts", "p = 0", T0Rows.Median(ZeroShotKind.NewWording));
        Assert.StartsWith("all prompts against p = 0, median, new wording: +30.0 points (", told);
        Assert.DoesNotContain("0.300", told);
    }

    [Fact]
    public void The_lines_of_a_run_come_back_from_its_rows()
    {
        PromptBaselines line = new("api_docs/member_name", "a", 120, 0.25, 0.3, 0.75);
        ResultRows rows = new([.. Rows, .. line.Measurements().SelectMany(m => new[] { 1, 2 }.Select(seed => new ResultRow("p = 0", seed, m.Step, m.Metric, m.Value)))]);
        Assert.Equal(line, Assert.Single(PromptBaselines.Of(rows)));
        Assert.Equal((0.25, 0.3, 0.75), T0Summary.Of(rows).Select(s => (s.Chance, s.Majority, s.Overlap)).Single());
        Assert.Equal([25, 30, 75], rows.References(ZeroShotKind.NewWording).Select(r => r.Value));
        Assert.Equal(12, PromptAccuracy.Of(rows).Count);
    }
}
