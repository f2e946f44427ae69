using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using CsCheck;
using NotebookKit.Display;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookKit.Tests.Display;

public sealed class FigureTests
{
    [Fact]
    public void A_logarithmic_axis_is_labelled_with_whole_numbers()
    {
        string Labels(params double[] x) => string.Join(' ', Draw.Curves([new("a", x, x)], "x", "y", "", logX: true).ToPlotly()["layout"]!["xaxis"]!["ticktext"]!.AsArray().Select(t => (string?)t));

        Assert.Equal("100 200 500 1,000 2,000 5,000 10,000 20,000 50,000", Labels(250, 16_000)[..50]);
        Assert.Equal("0.001 0.01 0.1 1 10 100 1,000 10,000", Labels(0.001, 9_999));
    }

    [Fact]
    public void Any_chart_takes_the_house_template_and_follows_the_width_of_the_page()
    {
        var layout = Chart.Line<double, double, string>(x: new[] { 1.0, 2 }, y: new[] { 3.0, 4 }, Name: "a").AsFigure("One line.").ToPlotly()["layout"]!;

        Assert.Null(layout["width"]);
        Assert.Equal(420, (int)layout["height"]!);
        Assert.True(JsonNode.DeepEquals(HouseStyle.Template(), layout["template"]));
    }

    [Fact]
    public void Numbers_keep_five_significant_digits_and_whole_numbers_all_of_theirs()
    {
        var trace = Chart.Line<double, double, string>(x: new[] { 1234567.0, 0, 3 }, y: new[] { 1 / 3.0, -0.000123456789, 98765.4321 }).AsFigure("").ToPlotly()["data"]![0]!;

        Assert.Equal("[1234567,0,3]", trace["x"]!.ToJsonString());
        Assert.Equal("[0.33333,-0.00012346,98765]", trace["y"]!.ToJsonString());
    }

    [Fact]
    public void Rounding_errs_by_less_than_half_of_the_fifth_digit() =>
        Gen.Double[-1e9, 1e9].Array[50].Sample(values =>
        {
            var trace = Chart.Point<double, double, string>(x: values, y: values).AsFigure("").ToPlotly()["data"]![0]!;
            foreach (var (v, node) in values.Zip(trace["y"]!.AsArray()))
            {
                var shown = double.Parse(node!.ToJsonString(), CultureInfo.InvariantCulture);
                Assert.True(Math.Abs(shown - v) <= Math.Abs(v) * 0.500001e-4, $"{v} became {shown}");
            }
        }, iter: 10);

    [Fact]
    public void Alt_text_names_caption_kind_series_and_axes()
    {
        var alt = Draw.Curves([new("PMI", [1, 2], [3, 4], [0.1, 0.1]), new("whole word", [1, 2], [3, 5])], x: "step", y: "loss (nats)", caption: "Loss by step.").ToString();

        Assert.Equal("Loss by step. (Curves of PMI, whole word; x axis: step; y axis: loss (nats).)", alt);
    }

    [Fact]
    public void Caption_and_names_with_markup_stay_text()
    {
        var figure = Draw.Curves([new("</script><b>", [1, 2], [3, 4]), new("b", [1, 2], [3, 4])], "x", "y", "a < b & c </script>");

        var document = new HtmlParser().ParseDocument(figure.ToHtml());

        Assert.Single(document.Scripts);
        Assert.Equal(figure.ToString(), document.QuerySelector("[role=img]")!.GetAttribute("aria-label"));
        Assert.Equal("a &lt; b &amp; c &lt;/script&gt;", (string)figure.ToPlotly()["layout"]!["title"]!["text"]!);
    }

    [Fact]
    public void Level_on_a_logarithmic_axis_draws_its_line_by_value_and_its_label_by_exponent()
    {
        var layout = Draw.Curves([new("a", [1, 2], [1, 100])], "x", "y", "", logY: true).WithLevel(10, "chance").ToPlotly()["layout"]!;

        Assert.Equal(10, (double)layout["shapes"]![0]!["y0"]!);
        Assert.Equal(1, (double)layout["annotations"]!.AsArray().Single(a => (string?)a!["text"] == "chance")!["y"]!);
    }

    [Fact]
    public void A_value_that_is_not_a_number_leaves_a_gap()
    {
        var data = Draw.Curves([new("a", [1, 2, 3], [1, double.NaN, 3], [0.1, double.NaN, 0.1])], "x", "y", "").ToPlotly()["data"]!.AsArray();

        Assert.Null(data[1]!["y"]![1]);
        Assert.Equal("[1,3,3,1]", data[0]!["x"]!.ToJsonString());
    }

    [Fact]
    public void Curves_over_rows_are_means_and_sample_deviations_in_order_of_appearance()
    {
        var rows = new[] { ("b", 2, 5.0), ("b", 1, 1.0), ("b", 1, 4.0), ("a", 1, 7.0), ("b", 2, 5.0), ("b", 1, 1.0) };

        var curves = Curve.Over(rows, r => r.Item1, r => r.Item2, r => r.Item3);

        Assert.Equal(["b", "a"], curves.Select(c => c.Name));
        Assert.Equal([1.0, 2.0], curves[0].X);
        Assert.Equal([2.0, 5.0], curves[0].Mean);
        Assert.Equal([Math.Sqrt(3), 0], curves[0].Deviation);
        Assert.Empty(curves[1].Deviation);
    }

    [Fact]
    public void End_labels_keep_their_distance_and_their_order_and_move_no_further_than_they_must() =>
        Gen.Double[0, 300].Array[1, 8].Sample(places =>
        {
            Array.Sort(places);
            var apart = Draw.Apart(places, 19);
            Assert.All(apart.Zip(apart.Skip(1)), pair => Assert.True(pair.Second - pair.First > 19 - 1e-9));
            if (places.Zip(places.Skip(1)).All(p => p.Second - p.First >= 19))
            {
                Assert.Equal(places, apart);
            }

            Assert.Equal(places.Average(), apart.Average(), 6);
        });

    [Fact]
    public void Histogram_shares_of_each_group_add_up_to_one()
    {
        var samples = new[] { 1, 1, 2, 5 }.Select(v => new Sample("a", v)).Concat(new[] { 3, 3 }.Select(v => new Sample("b", v)));

        var data = Draw.Histograms(samples, 1, "words", "").ToPlotly()["data"]!.AsArray();

        Assert.Equal("[0,1,2,3,4,5,6]", data[0]!["x"]!.ToJsonString());
        Assert.Equal("[0,0.5,0.25,0,0,0.25,0]", data[0]!["y"]!.ToJsonString());
        Assert.Equal("[0,0,0,1,0,0,0]", data[1]!["y"]!.ToJsonString());
    }

    [Fact]
    public void Curve_with_columns_of_different_length_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => Draw.Curves([new("PMI", [1, 2], [3], [])], "x", "y", ""));

        Assert.Contains("'PMI' has 2 positions, 1 means", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_without_series_is_refused() =>
        Assert.Throws<ArgumentException>(() => Draw.Bars([], "y", ""));

    [Fact]
    public void The_package_carries_plotly_js() =>
        Assert.StartsWith("/**\n* plotly.js v2", PlotlyScript.Read().ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
