using System.Buffers.Binary;
using System.Text.Json.Nodes;
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
        Assert.SkipWhen(browser is null, "No Chromium, Chrome or Edge on this machine: install one, or name it in NOTEBOOKKIT_CHROMIUM.");
        var path = SampleNotebook.Write(folder.Path).NotebookPath;
        var copy = SampleNotebook.Write(folder.Path, "copy").NotebookPath;
        var stop = TestContext.Current.CancellationToken;

        var report = await FigurePictures.AddAsync(path, browser, stop);

        Assert.Equal(new PictureReport(5, null), report);
        var outputs = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray().SelectMany(c => c!["outputs"]?.AsArray() ?? []).Where(o => o!["data"]?["application/vnd.plotly.v1+json"] is not null).ToList();
        Assert.Equal(5, outputs.Count);
        foreach (var output in outputs)
        {
            var png = Convert.FromBase64String((string)output!["data"]!["image/png"]!);
            Assert.Equal((1400, 840), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
            Assert.InRange(png.Length, 5_000, 60_000);
            Assert.Equal((string)output["data"]!["text/plain"]![0]!, (string)output["metadata"]!["image/png"]!["alt"]!);
        }

        var bytes = File.ReadAllBytes(path);
        Assert.Equal(new PictureReport(0, null), await FigurePictures.AddAsync(path, browser, stop));
        Assert.Equal(bytes, File.ReadAllBytes(path));

        await FigurePictures.AddAsync(copy, browser, stop);
        static IEnumerable<string> Pictures(string notebook) => JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray().SelectMany(c => c!["outputs"]?.AsArray() ?? []).Select(o => o!["data"]?["image/png"]?.ToJsonString()).OfType<string>();
        Assert.Equal(Pictures(path), Pictures(copy));
    }

    [Fact]
    public async Task Without_a_browser_the_notebook_stays_and_one_line_says_so()
    {
        var path = SampleNotebook.Write(folder.Path).NotebookPath;
        var before = File.ReadAllBytes(path);

        var report = await FigurePictures.AddAsync(path, browser: null, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Added);
        Assert.StartsWith("static pictures of 5 figures were left out: no Chromium", report.LeftOut, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_browser_that_fails_leaves_the_notebook_and_says_why()
    {
        var path = SampleNotebook.Write(folder.Path).NotebookPath;
        var before = File.ReadAllBytes(path);

        var report = await FigurePictures.AddAsync(path, new Browser(Path.Combine(folder.Path, "nowhere")), TestContext.Current.CancellationToken);

        Assert.Contains("could not be started", report.LeftOut, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_notebook_without_figures_needs_no_browser()
    {
        var path = Path.Combine(folder.Path, "plain.ipynb");
        File.WriteAllText(path, """{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""");

        Assert.Equal(new PictureReport(0, null), await FigurePictures.AddAsync(path, browser: null, TestContext.Current.CancellationToken));
    }
}
