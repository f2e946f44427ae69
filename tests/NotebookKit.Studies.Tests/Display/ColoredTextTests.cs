using AngleSharp.Html.Parser;
using CsCheck;
using NotebookKit.Display;

namespace NotebookKit.Tests.Display;

public sealed class ColoredTextTests
{
    private static readonly ColoredText Text = new(
        "Two maskers.",
        ("PMI", ["to find the ", new("eigen vector", 2, SpanMark.Masked, "4.2", "PMI 4.2"), " corresponding to"]),
        ("before", [new("<old>", 0, SpanMark.Removed), " ", new("new", 1, SpanMark.Added)]));

    [Fact]
    public void Plain_text_shows_units_marks_and_labels() =>
        Assert.Equal("Two maskers.\nPMI     to find the ⟦eigen vector: 4.2⟧ corresponding to\nbefore  [-<old>-] [+new+]", Text.ToString());

    [Fact]
    public void Marks_survive_a_host_that_strips_styles()
    {
        var document = new HtmlParser().ParseDocument(Text.ToHtml());

        Assert.Equal("eigen vector4.2", document.QuerySelector("mark")!.TextContent);
        Assert.Equal("<old>", document.QuerySelector("del")!.TextContent);
        Assert.Equal("new", document.QuerySelector("ins")!.TextContent);
        Assert.Equal(["PMI", "before"], document.QuerySelectorAll("th").Select(e => e.TextContent));
    }

    [Fact]
    public void Html_shows_exactly_the_given_words()
    {
        var span = Gen.Select(Gen.String, Gen.Int[0, 9].Nullable(), Gen.Enum<SpanMark>(), (text, color, mark) => new ColoredSpan(text.Replace('\0', ' ').Replace('\r', ' '), color, mark));
        span.List[1, 6].Sample(spans =>
        {
            var cell = new HtmlParser().ParseDocument(new ColoredText(spans).ToHtml()).QuerySelector("td")!;
            return cell.TextContent == string.Concat(spans.Select(s => s.Text));
        }, iter: 300);
    }
}
