using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

public sealed class SiteBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private IHtmlDocument Build(string file, params SitePage[] pages)
    {
        SiteBuilder.Build(folder.Path, pages.Length > 0 ? pages : [SampleNotebook.Write(folder.Path)]);
        return Open(file);
    }

    private IHtmlDocument Open(string file) => new HtmlParser().ParseDocument(File.ReadAllText(Path.Combine(folder.Path, file)));

    [Fact]
    public void Headings_have_unique_ids_that_the_contents_link_to()
    {
        var page = Build("01-sample.html");

        Assert.Equal("A sample: PMI & friends", page.Title);
        Assert.Equal(["what-is-measured", "the-same-name", "the-same-name-1"], page.QuerySelectorAll("main :is(h2, h3)").Select(h => h.Id));
        Assert.Equal(["#what-is-measured", "#the-same-name", "#the-same-name-1"], page.QuerySelectorAll("nav ol a").Select(a => a.GetAttribute("href")));
        Assert.All(page.QuerySelectorAll("main :is(h1, h2, h3)"), h => Assert.Equal("#" + h.Id, h.QuerySelector("a.anchor")!.GetAttribute("href")));
    }

    [Fact]
    public void Every_picture_and_figure_has_words()
    {
        var page = Build("01-sample.html");

        Assert.Equal(5, page.QuerySelectorAll("figure.plot").Length);
        Assert.All(page.QuerySelectorAll("img"), i => Assert.NotEmpty(i.GetAttribute("alt")!));
        Assert.Equal(SampleNotebook.Figures.Select(f => f.ToString()), page.QuerySelectorAll(".drawing").Select(d => d.GetAttribute("aria-label")));
        Assert.Equal(SampleNotebook.Figures.Select(f => f.Caption), page.QuerySelectorAll("figcaption").Select(c => c.TextContent));
    }

    [Fact]
    public void Plotly_js_is_on_the_page_once_and_only_with_figures()
    {
        var folderOfPlain = Path.Combine(folder.Path, "plain.ipynb");
        File.WriteAllText(folderOfPlain, """{"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":"# Plain"}],"metadata":{},"nbformat":4,"nbformat_minor":5}""");
        var plain = new SitePage(folderOfPlain, folder.Path, "Plain", "smoke", 1, "cpu", "", DateTimeOffset.UnixEpoch, "passed");

        Build("index.html", SampleNotebook.Write(folder.Path), plain);

        Assert.Single(Open("01-sample.html").Scripts, s => s.Text.Length > 1_000_000);
        Assert.InRange(new FileInfo(Path.Combine(folder.Path, "plain.html")).Length, 1_000, 60_000);
        Assert.InRange(new FileInfo(Path.Combine(folder.Path, "index.html")).Length, 1_000, 60_000);
    }

    [Fact]
    public void Figure_data_is_read_as_object_and_as_text()
    {
        var whole = Build("01-sample.html").QuerySelectorAll("figure script").Select(s => s.TextContent);
        var text = Build("01-sample.html", SampleNotebook.Write(folder.Path, asText: true)).QuerySelectorAll("figure script").Select(s => s.TextContent);

        Assert.Equal(whole, text);
    }

    [Fact]
    public void Streams_show_what_a_terminal_would()
    {
        var page = Build("01-sample.html");

        Assert.Equal("random token: 0.31\nPMI: 0.12\nloading 100%\n", page.QuerySelector("pre.stream:not(.stderr)")!.TextContent);
        Assert.Equal("warning: something to know\n", page.QuerySelector("pre.stderr")!.TextContent);
    }

    [Fact]
    public void Errors_are_encoded_and_told_with_their_place()
    {
        var error = Build("01-sample.html").QuerySelector(".error")!;

        Assert.Equal("System.InvalidOperationException: There is no <corpus> here.", error.QuerySelector("p")!.TextContent);
        Assert.Equal("at Submission#3\nat line 2", error.QuerySelector("pre")!.TextContent);
    }

    [Fact]
    public void Code_keeps_its_text_and_the_first_cell_is_folded()
    {
        var code = Build("01-sample.html").QuerySelectorAll(".cell details.code");

        Assert.Equal("#!import kit.csx", code[0].QuerySelector("pre")!.TextContent);
        Assert.False(code[0].HasAttribute("open"));
        Assert.True(code[1].HasAttribute("open"));
        Assert.Equal("/// <summary>A comment.</summary>\npublic record Unit(int Start, int Length);\nforeach (var masker in maskers)\n    Console.WriteLine($\"{masker.Name}: {masker.Leak:F2}\"); // 'leak' < 0.5\n42", code[2].QuerySelector("pre")!.TextContent.ReplaceLineEndings("\n"));
        Assert.NotEmpty(code[2].QuerySelectorAll(".keyword"));
    }

    [Fact]
    public void Links_between_notebooks_lead_to_their_pages_at_any_depth()
    {
        Build("index.html", SampleNotebook.Write(folder.Path), SampleNotebook.Write(folder.Path, "02-other"), SampleNotebook.Write(folder.Path, "solutions/01-sample"));

        Assert.Equal("02-other.html#details", Open("01-sample.html").QuerySelector("main a[href*='other']")!.GetAttribute("href"));
        Assert.Equal("../02-other.html#details", Open("solutions/01-sample.html").QuerySelector("main a[href*='other']")!.GetAttribute("href"));
        Assert.Equal("../index.html", Open("solutions/01-sample.html").QuerySelector("a.name")!.GetAttribute("href"));
    }

    [Fact]
    public void A_link_to_a_notebook_without_a_page_is_only_its_name()
    {
        var page = Build("01-sample.html");

        Assert.Empty(page.QuerySelectorAll("main a[href*='other']"));
        Assert.Contains("the other one", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Solutions_stand_on_the_card_of_their_notebook()
    {
        var index = Build("index.html", SampleNotebook.Write(folder.Path), SampleNotebook.Write(folder.Path, "02-other"),
            SampleNotebook.Write(folder.Path, "solutions/01-answers"), SampleNotebook.Write(folder.Path, "solutions/07-alone"));

        Assert.Equal(["01-sample.html", "02-other.html", "solutions/07-alone.html"], index.QuerySelectorAll(".card h2 a").Select(a => a.GetAttribute("href")));
        Assert.Equal("solutions/01-answers.html", index.QuerySelector(".card .solutions a")!.GetAttribute("href"));
        Assert.Single(index.QuerySelectorAll(".solutions"));
    }

    [Fact]
    public void Index_tells_paper_gist_picture_and_run()
    {
        var card = Build("index.html").QuerySelector(".card")!;

        Assert.Equal("A sample: PMI & friends", card.QuerySelector("h2")!.TextContent);
        Assert.Equal("Levine et al., PMI-Masking, ICLR 2021", card.QuerySelector(".paper")!.TextContent);
        Assert.Equal("one green point", card.QuerySelector("img")!.GetAttribute("alt"));
        Assert.Equal(["smoke", "1.6 min", "cpu, 2 cores", "2026-11-23", "0123456789"], card.QuerySelectorAll("dd").Select(d => d.TextContent));
    }

    [Fact]
    public void A_notebook_may_name_the_figure_that_stands_for_it()
    {
        var page = SampleNotebook.Write(folder.Path);
        var notebook = JsonNode.Parse(File.ReadAllText(page.NotebookPath))!;
        var cells = notebook["cells"]!.AsArray();
        var chosen = cells.Single(c => c!["outputs"] is JsonArray { Count: 1 } outputs && outputs[0]!["data"]?["image/png"] is not null)!.DeepClone();
        chosen["id"] = "chosen";
        chosen["outputs"]![0]!["data"]!["text/plain"] = "the chosen point";
        cells.Add(chosen);
        notebook["metadata"]!["notebookkit"]!["cover"] = "chosen";
        File.WriteAllText(page.NotebookPath, notebook.ToJsonString());

        Assert.Equal("the chosen point", Build("index.html", page).QuerySelector(".card img")!.GetAttribute("alt"));
    }

    [Fact]
    public void A_failed_run_is_told_on_page_and_index()
    {
        Build("index.html", SampleNotebook.Write(folder.Path, outcome: "failed"));

        Assert.NotNull(Open("index.html").QuerySelector(".failed"));
        Assert.NotNull(Open("01-sample.html").QuerySelector(".failed"));
    }

    [Fact]
    public void Nothing_on_a_page_is_fetched_from_elsewhere()
    {
        var page = Build("01-sample.html");

        Assert.All(page.QuerySelectorAll("[src]"), e => Assert.StartsWith("data:", e.GetAttribute("src"), StringComparison.Ordinal));
        Assert.All(page.QuerySelectorAll("link"), e => Assert.StartsWith("data:", e.GetAttribute("href"), StringComparison.Ordinal));
        Assert.StartsWith("default-src 'none'", page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_notebooks_give_the_same_bytes()
    {
        var pages = new[] { SampleNotebook.Write(folder.Path) };
        SiteBuilder.Build(folder.Path, pages);
        var first = Directory.GetFiles(folder.Path, "*.html").Order().Select(File.ReadAllBytes).ToList();
        SiteBuilder.Build(folder.Path, pages);

        Assert.Equal(first, Directory.GetFiles(folder.Path, "*.html").Order().Select(File.ReadAllBytes));
    }

    [Fact]
    public void A_damaged_notebook_is_named_and_leaves_the_site_as_it_was()
    {
        var good = SampleNotebook.Write(folder.Path);
        var bad = good with { NotebookPath = Path.Combine(folder.Path, "bad.ipynb") };
        File.WriteAllText(bad.NotebookPath, "{\n\"cells\": [");

        var error = Assert.Throws<NotebookFormatException>(() => SiteBuilder.Build(folder.Path, [good, bad]));

        Assert.Contains("bad.ipynb (line 2): this is not JSON, so not a notebook", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.html"));
    }
}
