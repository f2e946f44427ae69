using NotebookKit.Runner.Execution;
using System.ComponentModel;
using System.Diagnostics;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>
/// The same cells in the genuine .NET Interactive kernel, driven by Jupyter's nbconvert. It runs where both are installed
/// (<c>dotnet tool install Microsoft.dotnet-interactive</c>, <c>dotnet interactive jupyter install</c>), as in the development container.
/// </summary>
[Collection("kernel processes")]
public sealed class GenuineKernelTests : IDisposable
{
    private const string Kernel = ".net-csharp";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Displays_parameters_and_progress_are_those_of_nbk()
    {
        Assert.SkipUnless(
            (await JupyterAsync("nbconvert", "--version")).Code == 0 && (await JupyterAsync("kernelspec", "list")).Output.Contains(Kernel, StringComparison.Ordinal),
            $"There is no jupyter with nbconvert and a kernel '{Kernel}'.");
        folder.Write("kit.csx", File.ReadAllText(Path.Combine(Repository.Find().Notebooks, "kit.csx")));
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(
            NotebookText.Code("#!import kit.csx"),
            NotebookText.Code("// parameters\nvar preset = \"smoke\";", "parameters"),
            // As papermill puts it in.
            NotebookText.Code("// Parameters\nvar preset = \"cpu\";", "injected-parameters"),
            NotebookText.Code("Console.WriteLine($\"preset {preset}, {TorchRuntime.Load().Devices[0]}\");"),
            NotebookText.Code("new[] { (\"short\", 4.5) }.ToFrame((\"model\", m => m.Item1), (\"loss\", m => m.Item2)).AsTable(\"A table\").Lowest(\"loss\")"),
            NotebookText.Code("new[] { 1, 2 }.ToFrame((\"n\", n => n))"),
            NotebookText.Code("torch.arange(6).reshape(2, 3)"),
            NotebookText.Code("Draw.Curves([new(\"a\", [1, 2], [3, 4])], \"step\", \"loss\", \"A figure\")"),
            NotebookText.Code("Chart.Line<double, double, string>(x: new[] { 1.0, 2 }, y: new[] { 3.0, 4 }, Name: \"bare\")"),
            NotebookText.Code("for (var i = 1; i <= 1000; i++) progress.Report(new(\"counting\", i, 1000));"))), folder.File("study.ipynb"));

        var (code, output) = await JupyterAsync("nbconvert", "--to", "notebook", "--execute", $"--ExecutePreprocessor.kernel_name={Kernel}", "--output", "executed.ipynb", folder.File("study.ipynb"));

        Assert.True(code == 0, output);
        var cells = NotebookReader.Read(folder.File("executed.ipynb")).Cells;
        Assert.All(cells, cell => Assert.DoesNotContain(cell.Outputs, o => o is ErrorOutput or StreamOutput { Name: "stderr" }));
        Assert.Equal("preset cpu, cpu\n", Assert.IsType<StreamOutput>(Assert.Single(cells[3].Outputs)).Text);
        string Html(int cell) => NotebookText.Data(cells[cell].Outputs[^1], "text/html");
        Assert.StartsWith("<table class=\"nbk-table\"><caption>A table</caption>", Html(4), StringComparison.Ordinal);
        Assert.Contains("<strong title=\"best of the column\">4.500</strong>", Html(4), StringComparison.Ordinal);
        Assert.StartsWith("<table class=\"nbk-table\">", Html(5), StringComparison.Ordinal);
        Assert.Contains("int64[2, 3] on cpu", Html(6), StringComparison.Ordinal);
        Assert.Contains("NotebookKitPlotly", Html(7), StringComparison.Ordinal);
        Assert.InRange(Html(7).Length, 1_000_000, 10_000_000);
        Assert.Contains("\"name\":\"bare\"", Html(8), StringComparison.Ordinal);
        // plotly.js stands on the page once.
        Assert.InRange(Html(8).Length, 500, 100_000);
        Assert.InRange(cells[9].Outputs.OfType<StreamOutput>().Sum(o => o.Text.Count(c => c == '\n')), 0, 3);
    }

    private async Task<(int Code, string Output)> JupyterAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("jupyter", arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = await NbkProcess.EndAsync(process);
            return (process.ExitCode, output + errors);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
