using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

/// <summary>A page and slides are one file each: the pictures of the prose are in it, wherever the notebook lies.</summary>
public sealed class PictureTests : IDisposable
{
    private const string Point = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private const string Drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    private static readonly string InlinePoint = "data:image/png;base64," + Point;
    private static readonly string InlineDrawing = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(Drawing));

    private readonly TemporaryFolder folder = new();

    public PictureTests()
    {
        Directory.CreateDirectory(folder.File("notebooks/sub"));
        foreach (var name in new[] { "pic.png", "sub/my pic.png", "é&1.png", "sub/odd#name.png" })
            File.WriteAllBytes(folder.File("notebooks/" + name), Convert.FromBase64String(Point));
        File.WriteAllText(folder.File("notebooks/plan.svg"), Drawing);
    }

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> ReadFrom => ["page", "slides"];

    [Theory]
    [MemberData(nameof(ReadFrom))]
    public void Pictures_beside_the_notebook_are_taken_in(string from)
    {
        var html = Make(from, Markdown("""
            ![one](pic.png) ![two](sub/my%20pic.png) ![three](<sub/my pic.png>) ![four](./sub/../pic.png?raw=true) ![five](<é&1.png>) ![six](sub/odd%23name.png) ![](plan.svg)

            <img src="pic.png"> and <img alt='a > b src=x' width=3 src='sub/my%20pic.png'/> and <IMG SRC = pic.png>

            <div><img
              src="plan.svg"></div>
            """));

        Assert.Equal(
            [.. Enumerable.Repeat(InlinePoint, 6), InlineDrawing, .. Enumerable.Repeat(InlinePoint, 3), InlineDrawing],
            html.QuerySelectorAll("img").Select(i => i.GetAttribute("src")));
        Assert.Equal("plan", html.QuerySelectorAll("img")[6].GetAttribute("alt"));
        Assert.Equal("a > b src=x", html.QuerySelectorAll("img")[8].GetAttribute("alt"));
    }

    [Theory]
    [MemberData(nameof(ReadFrom))]
    public void Pictures_attached_to_a_cell_are_taken_in(string from)
    {
        var html = Make(from, Markdown(
            "![a](attachment:p.png) ![](attachment:my%20p.png) ![c](<attachment:my p.png>) ![d](attachment:d.svg) <img src=\"attachment:d64.svg\"> <img src='attachment:both'> ![](attachment:no.png)",
            ("p.png", "image/png", Point), ("my p.png", "image/png", Point), ("d.svg", "image/svg+xml", Drawing),
            ("d64.svg", "image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(Drawing))),
            ("both", "image/png", Point), ("both", "image/svg+xml", Drawing)));

        Assert.Equal(
            [InlinePoint, InlinePoint, InlinePoint, InlineDrawing, InlineDrawing, InlineDrawing, "attachment:no.png"],
            html.QuerySelectorAll("img").Select(i => i.GetAttribute("src")));
        Assert.Equal(["a", "my p", "c", "d", null, null, "no"], html.QuerySelectorAll("img").Select(i => i.GetAttribute("alt")));
    }

    [Theory]
    [MemberData(nameof(ReadFrom))]
    public void Pictures_of_outputs_and_raw_html_are_taken_in_and_what_is_no_picture_stays(string from)
    {
        var html = Make(from,
            Output("text/html", "<p><img src=\"pic.png\"> <img src=\"https://example.org/pic.png\"> <img src=\"missing.png\"> <img src=\"notes.txt\"></p>"),
            Output("text/markdown", "![m](pic.png)"),
            Raw("raw_mimetype", "text/html", "<aside><img src='plan.svg'></aside>"),
            Markdown("`<img src=\"pic.png\">`"));

        Assert.Equal([InlinePoint, "https://example.org/pic.png", "missing.png", "notes.txt", InlinePoint, InlineDrawing], html.QuerySelectorAll("img").Select(i => i.GetAttribute("src")));
        Assert.Contains("<img src=\"pic.png\">", html.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadFrom))]
    public void Raw_html_is_shown_and_raw_text_for_other_converters_is_not(string from)
    {
        var html = Make(from, Markdown("# Title"), Raw("format", "text/html", "<b id=shown>bold</b>"), Raw("format", "text/latex", "\\newpage hidden"), Raw("name", "x", "hidden too"));

        Assert.Equal("bold", html.QuerySelector("#shown")!.TextContent);
        Assert.DoesNotContain("hidden", html.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$$x^2$$", "block")]
    [InlineData("$x^2$", null)]
    [InlineData("\\[x^2\\]", "block")]
    [InlineData("\\(x^2\\)", null)]
    [InlineData("\\begin{aligned} x^2 \\end{aligned}", "block")]
    public void Tex_of_an_output_is_drawn(string latex, string? display)
    {
        var math = Make("page", Output("text/latex", latex)).QuerySelector(".output math")!;

        Assert.NotNull(math.QuerySelector("msup"));
        Assert.Equal(display, math.GetAttribute("display"));
    }

    /// <summary>The page or the slides of an executed copy that does not lie beside its notebook.</summary>
    private IHtmlDocument Make(string what, params JsonObject[] cells)
    {
        var executed = folder.Write("site/01-pictures.ipynb", new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString());
        if (what == "page")
            SiteBuilder.Build(folder.File("site"), [new SitePage(executed, folder.File("notebooks"), "Pictures", "", 1, "cpu", "", DateTimeOffset.UnixEpoch, "passed")]);
        else
            SlideBuilder.Build(executed, folder.File("site/01-pictures.html"), folder.File("notebooks"));
        return new HtmlParser().ParseDocument(File.ReadAllText(folder.File("site/01-pictures.html")));
    }

    private static int cells;

    private static JsonObject Cell(string kind, string source, JsonObject? metadata = null) =>
        new() { ["cell_type"] = kind, ["id"] = $"p{cells++}", ["metadata"] = metadata ?? [], ["source"] = source };

    private static JsonObject Markdown(string source, params (string Name, string Mime, string Content)[] attached)
    {
        var cell = Cell("markdown", source);
        if (attached.Length > 0)
            cell["attachments"] = new JsonObject(attached.GroupBy(a => a.Name).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)new JsonObject(a.Select(f => KeyValuePair.Create(f.Mime, (JsonNode?)f.Content))))));
        return cell;
    }

    private static JsonObject Raw(string key, string value, string source) => Cell("raw", source, new() { [key] = value });

    private static JsonObject Output(string mime, string content)
    {
        var cell = Cell("code", "1");
        cell["execution_count"] = 1;
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { [mime] = content }, ["metadata"] = new JsonObject() });
        return cell;
    }
}
