using AngleSharp.Html.Parser;
using NotebookKit.Display;

namespace NotebookKit.Tests.Display;

public sealed class TableTests
{
    private sealed record Row(string Masker, int Steps, double Loss, double Deviation, double? Leak);

    private static readonly Row[] Rows =
    [
        new("<random>", 12000, 3.25004, 0.1, 0.5),
        new("PMI", 12000, 2.5, 0.25, null),
        new("naive", 12000, 2.5000001, 0.25, -0.125),
    ];

    [Fact]
    public void Frame_columns_follow_the_properties_and_keep_their_type()
    {
        var frame = Rows.ToFrame();

        Assert.Equal(["Masker", "Steps", "Loss", "Deviation", "Leak"], frame.Columns.Select(c => c.Name));
        Assert.Equal([typeof(string), typeof(long), typeof(double), typeof(double), typeof(double)], frame.Columns.Select(c => c.DataType));
        Assert.Equal(double.NaN, frame["Leak"][1]);
        Assert.Equal([1.0, double.NaN], new[] { new { Count = (int?)1 }, new { Count = (int?)null } }.ToFrame()["Count"].Cast<double>());
    }

    [Fact]
    public void Html_encodes_text_and_sets_numbers_to_the_right()
    {
        var table = new HtmlParser().ParseDocument(Rows.ToFrame().AsTable("Loss & leak <by> masker").ToHtml());

        Assert.Equal("Loss & leak <by> masker", table.QuerySelector("caption")!.TextContent);
        var cells = table.QuerySelectorAll("tbody tr")[0].Children;
        Assert.Equal(["<random>", "12,000", "3.250", "0.100", "0.500"], cells.Select(c => c.TextContent));
        Assert.Equal(["left", "right", "right", "right", "right"], cells.Select(c => c.GetAttribute("style")!.Split(':', ';')[1]));
        Assert.All(cells, c => Assert.EndsWith("white-space:nowrap", c.GetAttribute("style")!, StringComparison.Ordinal));
        Assert.Equal("–", table.QuerySelectorAll("tbody tr")[1].LastElementChild!.TextContent);
    }

    [Fact]
    public void Values_that_look_equal_are_best_together()
    {
        var table = new HtmlParser().ParseDocument(Rows.ToFrame().AsTable("").Lowest("Loss").ToHtml());

        Assert.Equal(["2.500", "2.500"], table.QuerySelectorAll("strong").Select(e => e.TextContent));
    }

    [Fact]
    public void Best_value_may_stand_below_the_row_limit()
    {
        var table = Rows.ToFrame().AsTable("").Lowest("Loss").WithRowLimit(1);

        Assert.DoesNotContain("<strong", table.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("… 2 more of 3 rows", table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mean_and_deviation_share_a_column()
    {
        var text = Rows.ToFrame(("masker", r => r.Masker), ("loss", r => r.Loss), ("sd", r => r.Deviation)).AsTable("Loss.").WithDecimals(2).WithDeviation("loss", "sd").Lowest("loss").ToString();

        Assert.Equal(
            """
            Loss.
            masker             loss
            --------  -------------
            <random>    3.25 ± 0.10
            PMI       2.50 ± 0.25 *
            naive     2.50 ± 0.25 *
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void Unknown_column_is_named_beside_those_that_exist()
    {
        var error = Assert.Throws<ArgumentException>(() => Rows.ToFrame().AsTable("").Lowest("loss"));

        Assert.Contains("no column 'loss'; it has 'Masker', 'Steps'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_column_cannot_have_a_best_value() =>
        Assert.Throws<ArgumentException>(() => Rows.ToFrame().AsTable("").Highest("Masker"));

    [Fact]
    public void Two_columns_of_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => Rows.ToFrame(("a", r => r.Loss), ("a", r => r.Steps)));
}
