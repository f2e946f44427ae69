using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookKit.Display;
using NotebookKit.Interactive;
using Plotly.NET;
using TorchSharp;
using Chart = Plotly.NET.CSharp.Chart;
using Figure = NotebookKit.Display.Figure;

namespace NotebookKit.Tests.Display;

// The formatters of a process are one global register.
[CollectionDefinition(nameof(KitTests), DisableParallelization = true)]
[Collection(nameof(KitTests))]
public sealed class KitTests : IDisposable
{
    private static readonly GenericChart Line = Chart.Line<double, double, string>(x: new[] { 1.0, 2 }, y: new[] { 3.0, 4 }, Name: "a");

    public KitTests() => Formatter.ResetToDefault();

    public void Dispose() => Formatter.ResetToDefault();

    [Fact]
    public void Own_types_are_found_by_name_without_registration()
    {
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Table)));
        var table = new[] { new { A = 1 } }.ToFrame().AsTable("A table.");
        Assert.Equal(table.ToHtml(), table.ToDisplayString("text/html"));
        Assert.Equal(table.ToString(), table.ToDisplayString("text/plain"));
        Assert.StartsWith("<div data-nbk-figure", Line.AsFigure("").ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Runner_gets_figures_and_bare_charts_as_data_and_text()
    {
        Kit.Register(NotebookHost.Runner);

        foreach (var value in new object[] { Line, Line.AsFigure("One line.") })
        {
            Assert.Equal([Kit.PlotlyMimeType, "text/plain"], Formatter.GetPreferredMimeTypesFor(value.GetType()));
            Assert.Equal("a", (string)JsonNode.Parse(value.ToDisplayString(Kit.PlotlyMimeType))!["data"]![0]!["name"]!);
            Assert.Contains("Curves of a", value.ToDisplayString("text/plain"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Other_hosts_get_figures_that_draw_themselves_and_plotly_js_once()
    {
        Kit.Register(NotebookHost.DotNetInteractive);
        Kit.Register(NotebookHost.DotNetInteractive);

        Assert.Equal(["text/html"], Formatter.GetPreferredMimeTypesFor(typeof(Figure)));
        var shown = Enumerable.Range(0, 3).Select(_ => Line.AsFigure("").ToDisplayString("text/html")).ToList();
        Assert.InRange(shown.Count(html => html.Length > 1_000_000), 0, 1); // 0 when another test of this process had the first figure
        Assert.All(shown.Skip(1), html => Assert.InRange(html.Length, 100, 10_000));
    }

    [Fact]
    public void Frames_tensors_and_displays_of_any_paper_show_as_html_and_text()
    {
        Kit.Register(NotebookHost.Runner);
        using var tensor = torch.zeros(2, 2);

        foreach (var (value, html) in new (object, string)[] { (new[] { new { A = 1 } }.ToFrame(), "<table"), (tensor, "float32[2, 2] on cpu"), (new Own(), "<b>own</b>") })
        {
            Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(value.GetType()));
            Assert.Contains(html, value.ToDisplayString("text/html"), StringComparison.Ordinal);
        }

        Assert.Equal("own", new Own().ToDisplayString("text/plain"));
    }

    [Theory]
    [InlineData("nbk", NotebookHost.Runner)]
    [InlineData(null, NotebookHost.DotNetInteractive)]
    public void Host_is_told_by_one_variable(string? value, NotebookHost host)
    {
        var before = Environment.GetEnvironmentVariable(NotebookHosts.Variable);
        try
        {
            Environment.SetEnvironmentVariable(NotebookHosts.Variable, value);
            Assert.Equal(host, NotebookHosts.Current);
        }
        finally
        {
            Environment.SetEnvironmentVariable(NotebookHosts.Variable, before);
        }
    }

    private sealed class Own : IDisplayable
    {
        public string ToHtml() => "<b>own</b>";

        public override string ToString() => "own";
    }
}
