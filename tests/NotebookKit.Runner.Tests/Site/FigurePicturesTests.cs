using System.Buffers.Binary;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

public sealed class FigurePicturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_figure_gets_one_small_picture_and_a_second_run_changes_nothing()
    {
        var browser = Browser.Find();
        Needed.OrSkip(browser is not null, "No Chromium, Chrome or Edge on this machine: install one, or name it in NOTEBOOKKIT_CHROMIUM.");
        var notebook = Sample();
        var copy = Sample();
        var stop = TestContext.Current.CancellationToken;

        var report = await FigurePictures.AddAsync(notebook, browser, stop);

        Assert.Equal(new PictureReport(5, null), report);
        var outputs = NotebookWriter.ToJson(notebook)["cells"]!.AsArray().SelectMany(c => c!["outputs"]?.AsArray() ?? []).Where(o => o!["data"]?["application/vnd.plotly.v1+json"] is not null).ToList();
        Assert.Equal(5, outputs.Count);
        foreach (var output in outputs)
        {
            var png = Convert.FromBase64String((string)output!["data"]!["image/png"]!);
            Assert.Equal((1400, 840), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
            Assert.InRange(png.Length, 5_000, 60_000);
            Assert.Equal((string)output["data"]!["text/plain"]![0]!, (string)output["metadata"]!["image/png"]!["alt"]!);
        }

        var text = NotebookWriter.ToText(notebook);
        Assert.Equal(new PictureReport(0, null), await FigurePictures.AddAsync(notebook, browser, stop));
        Assert.Equal(text, NotebookWriter.ToText(notebook));

        await FigurePictures.AddAsync(copy, browser, stop);
        static IEnumerable<string> Pictures(Notebook of) => of.Cells.SelectMany(cell => cell.Outputs).OfType<ShownOutput>().Select(output => output.Text("image/png")).OfType<string>();
        Assert.Equal(Pictures(notebook), Pictures(copy));
    }

    [Fact]
    public async Task Without_a_browser_the_notebook_stays_and_one_line_says_so()
    {
        var notebook = Sample();
        var before = NotebookWriter.ToText(notebook);

        var report = await FigurePictures.AddAsync(notebook, browser: null, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Added);
        Assert.StartsWith("static pictures of 5 figures were left out: no Chromium", report.LeftOut, StringComparison.Ordinal);
        Assert.Equal(before, NotebookWriter.ToText(notebook));
    }

    [Fact]
    public async Task A_browser_that_fails_leaves_the_notebook_and_says_why()
    {
        var notebook = Sample();
        var before = NotebookWriter.ToText(notebook);

        var report = await FigurePictures.AddAsync(notebook, new Browser(Path.Combine(folder.Path, "nowhere")), TestContext.Current.CancellationToken);

        Assert.Contains("could not be started", report.LeftOut, StringComparison.Ordinal);
        Assert.Equal(before, NotebookWriter.ToText(notebook));
    }

    [Fact]
    public async Task A_notebook_without_figures_needs_no_browser()
    {
        var plain = new Notebook { Cells = [], Metadata = [] };

        Assert.Equal(new PictureReport(0, null), await FigurePictures.AddAsync(plain, browser: null, TestContext.Current.CancellationToken));
    }

    private Notebook Sample() => NotebookReader.Read(SampleNotebook.Write(folder.Path).NotebookPath);
}
