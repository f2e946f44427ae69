using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

public sealed class SlideBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Slides => Path.Combine(folder.Path, "slides.html");

    public void Dispose() => folder.Dispose();

    private string Notebook(params string[] cells)
    {
        var path = Path.Combine(folder.Path, "notebook.ipynb");
        File.WriteAllText(path, $$"""{"cells": [{{string.Join(",", cells)}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""");
        return path;
    }

    private IHtmlDocument Read() => new HtmlParser().ParseDocument(File.ReadAllText(Slides));

    private static int cells;

    private static string Cell(string source, string? kind = null) =>
        $$"""{"cell_type": "markdown", "id": "s{{cells++}}", "metadata": { {{(kind is null ? "" : $$""" "slideshow": {"slide_type": "{{kind}}"} """)}} }, "source": "{{source}}"}""";

    [Fact]
    public void Cells_say_what_they_are_as_in_jupyter()
    {
        var count = SlideBuilder.Build(Notebook(Cell("one", "slide"), Cell("goes on"), Cell("waits", "fragment"), Cell("left out", "skip"), Cell("say this", "notes"), Cell("two", "subslide"), Cell("goes on too", "-")), Slides, folder.Path);

        Assert.Equal(2, count);
        var slides = Read().QuerySelectorAll("section.slide");
        Assert.Equal(["one", "goes on", "waits"], slides[0].QuerySelectorAll(".fit p").Select(p => p.TextContent));
        Assert.Equal("waits", slides[0].QuerySelector(".fragment")!.TextContent.Trim());
        Assert.Equal("say this", ((IHtmlTemplateElement)slides[0].QuerySelector("template.notes")!).Content.TextContent.Trim());
        Assert.Equal(["two", "goes on too"], slides[1].QuerySelectorAll(".fit p").Select(p => p.TextContent));
        Assert.DoesNotContain("left out", File.ReadAllText(Slides), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_word_from_the_cells_each_large_heading_begins_a_slide()
    {
        var count = SlideBuilder.Build(Notebook(Cell("# Title"), Cell("text"), Cell("## Part"), Cell("### Detail")), Slides, folder.Path);

        Assert.Equal(2, count);
        Assert.Equal("Title", Read().Title);
    }

    [Fact]
    public void Cells_that_only_set_the_stage_are_not_shown()
    {
        SlideBuilder.Build(SampleNotebook.Write(folder.Path).NotebookPath, Slides, folder.Path);

        Assert.DoesNotContain("kit.csx", File.ReadAllText(Slides), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_to_other_notebooks_lead_to_what_lies_beside_the_slides()
    {
        File.WriteAllText(Path.Combine(folder.Path, "02-page.html"), "");
        File.WriteAllText(Path.Combine(folder.Path, "03-both.html"), "");
        File.WriteAllText(Path.Combine(folder.Path, "03-both.slides.html"), "");

        SlideBuilder.Build(Notebook(Cell("[one](01-nothing.ipynb), [two](02-page.ipynb), [three](03-both.ipynb#part)", "slide")), Slides, folder.Path);

        Assert.Equal(["02-page.html", "03-both.slides.html#part"], Read().QuerySelectorAll(".prose a").Select(a => a.GetAttribute("href")));
        Assert.Equal("one, two, three", Read().QuerySelector(".prose p")!.TextContent);
    }

    [Fact]
    public void A_notebook_with_nothing_to_show_is_refused_and_nothing_is_written()
    {
        var error = Assert.Throws<InvalidDataException>(() => SlideBuilder.Build(Notebook(Cell("hidden", "skip")), Slides, folder.Path));

        Assert.Contains("no cell is a slide", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Slides));
    }
}
