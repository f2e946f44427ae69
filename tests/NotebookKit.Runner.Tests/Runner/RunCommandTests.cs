using System.Diagnostics;
using System.Globalization;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>The command as a process: its exit code, its messages, and what is left when it is stopped.</summary>
[Collection("kernel processes")]
public sealed class RunCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nbk command ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_run_with_a_bad_notebook_ends_with_1_and_still_runs_the_good_one()
    {
        Write("good", "40 + 2");
        File.WriteAllText(Path.Combine(folder, "bad.ipynb"), "{}");
        using var run = NbkProcess.Start(folder, "run", Path.Combine(folder, "bad.ipynb"), Path.Combine(folder, "good.ipynb"), "--out", Site, "--write");
        var (output, errors) = await NbkProcess.EndAsync(run);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("bad.ipynb: this is JSON but not a notebook", errors, StringComparison.Ordinal);
        Assert.Contains("good: passed", output, StringComparison.Ordinal);
        Assert.Contains(Site, output, StringComparison.Ordinal);
        Assert.Contains("--preset cpu", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Site, "index.html")));
        var executed = File.ReadAllText(Path.Combine(Site, "good.ipynb"));
        Assert.Contains("<pre>42</pre>", executed, StringComparison.Ordinal);
        Assert.Equal(executed, File.ReadAllText(Path.Combine(folder, "good.ipynb")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "bad.ipynb")));
        Assert.Contains("\"seconds\"", File.ReadAllText(Path.Combine(Site, "run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_without_code_gets_a_page_and_a_line_on_the_index()
    {
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(NotebookText.Markdown("# Only prose"))), Path.Combine(folder, "prose.ipynb"));
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook()), Path.Combine(folder, "empty.ipynb"));
        using var run = NbkProcess.Start(folder, "run", Path.Combine(folder, "prose.ipynb"), Path.Combine(folder, "empty.ipynb"), "--out", Site);
        await NbkProcess.EndAsync(run);

        Assert.Equal(0, run.ExitCode);
        var index = File.ReadAllText(Path.Combine(Site, "index.html"));
        Assert.Contains("<a href=\"prose.html\">Only prose</a>", index, StringComparison.Ordinal);
        Assert.Contains("<a href=\"empty.html\">empty</a>", index, StringComparison.Ordinal);
        Assert.Contains("Only prose", File.ReadAllText(Path.Combine(Site, "prose.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Site, "empty.html")));
    }

    [Fact]
    public async Task The_pages_of_earlier_runs_keep_the_pictures_of_their_notebooks()
    {
        File.WriteAllBytes(Path.Combine(folder, "pic.png"), [1, 2, 3]);
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(NotebookText.Markdown("![a](pic.png)"))), Path.Combine(folder, "prose.ipynb"));
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook()), Path.Combine(folder, "later.ipynb"));
        await NbkProcess.RunAsync(folder, "run", Path.Combine(folder, "prose.ipynb"), "--out", Site);
        await NbkProcess.RunAsync(folder, "run", Path.Combine(folder, "later.ipynb"), "--out", Site);

        Assert.Contains("src=\"data:image/png;base64,AQID\"", File.ReadAllText(Path.Combine(Site, "prose.html")), StringComparison.Ordinal);
        Assert.Contains("\"folder\": \"..\"", File.ReadAllText(Path.Combine(Site, "run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_of_a_figure_is_written_and_a_wrong_cell_is_told()
    {
        var sample = Tests.Site.SampleNotebook.Write(folder).NotebookPath;
        var id = NotebookReader.Read(sample).Cells[^1].Id;
        var picture = Path.Combine(folder, "picture.png");

        Assert.Equal(0, (await NbkProcess.RunAsync(CheckoutFolder.Root, "picture", sample, id, picture)).ExitCode);
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(picture)[1..4]);
        var (code, _, errors) = await NbkProcess.RunAsync(CheckoutFolder.Root, "picture", sample, "nowhere", picture);

        Assert.Equal(2, code);
        Assert.Contains($"no cell 'nowhere' with a picture; there are {id}", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task A_run_that_is_stopped_leaves_its_outputs_and_no_kernel(string signal)
    {
        if (signal == "INT") NbkProcess.SkipWithoutInterrupts();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with the command 'kill'.");
        Write("long", "Console.WriteLine($\"kernel {Environment.ProcessId}.\");", "Console.WriteLine(\"in the middle\");\nawait System.Threading.Tasks.Task.Delay(-1);");
        using var run = NbkProcess.Start(folder, "run", Path.Combine(folder, "long.ipynb"), "--out", Site);
        await UntilAsync(() => Outputs().Any(output => output is StreamOutput { Text: "in the middle\n" }));
        var kernel = int.Parse(((StreamOutput)Outputs()[0]).Text["kernel ".Length..^2], CultureInfo.InvariantCulture);

        using (var kill = Process.Start("kill", [$"-{signal}", run.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (_, errors) = await NbkProcess.EndAsync(run);

        Assert.NotEqual(0, run.ExitCode);
        await UntilAsync(() => !IsRunning(kernel));
        Assert.Equal(new StreamOutput("stdout", "in the middle\n"), Outputs()[1]);
        if (signal == "INT")
        {
            Assert.Equal("Interrupted", Assert.IsType<ErrorOutput>(Outputs()[2]).Name);
            Assert.Contains("long, cell 2 (id ", errors, StringComparison.Ordinal);
        }
    }

    private string Site => Path.Combine(folder, "site");

    private void Write(string name, params string[] cells) => NotebookWriter.Write(
        NotebookText.Parse(NotebookText.Notebook([.. cells.Select(cell => NotebookText.Code(cell))])), Path.Combine(folder, name + ".ipynb"));

    private List<CellOutput> Outputs()
    {
        var path = Path.Combine(Site, "long.ipynb");
        return File.Exists(path) ? [.. NotebookReader.Read(path).Cells.SelectMany(cell => cell.Outputs)] : [];
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(NbkProcess.Patience);
        while (!holds())
            await Task.Delay(50, patience.Token);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
