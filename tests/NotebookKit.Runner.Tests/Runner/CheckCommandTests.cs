using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary><c>nbk check</c> in a checkout of its own, with a notebook that is committed executed at preset cpu: green as it is, red when something differs.</summary>
[Collection("kernel processes")]
public sealed class CheckCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder checkout = new();

    private string Notebook => checkout.File("notebooks/study.ipynb");

    private string Reference => checkout.File("data/smoke/study.json");

    public async ValueTask InitializeAsync()
    {
        checkout.Write("NotebookKit.sln", "");
        checkout.Write("notebooks/kit.csx", File.ReadAllText(Path.Combine(Repository.Find().Notebooks, "kit.csx")));
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(
            NotebookText.Code("#!import kit.csx"),
            NotebookText.Code("// parameters\nvar preset = \"smoke\";", "parameters"),
            NotebookText.Code("Console.WriteLine($\"preset {preset}\");\nConsole.WriteLine(\"sentences: 110,839\");\nConsole.WriteLine(\"loading: 3.1 s\");"),
            NotebookText.Code("var loss = preset == \"cpu\" ? 4.5 : 6.5;\nnew[] { (\"short\", loss), (\"long\", loss - 1) }.ToFrame((\"model\", m => m.Item1), (\"loss\", m => m.Item2)).AsTable($\"After {100 * loss} steps\")"),
            NotebookText.Code("if (preset == \"cpu\") Console.WriteLine(\"only a longer run shows this\");"))), Notebook);
        Assert.Equal(0, (await NbkProcess.RunAsync(checkout.Path, "run", "--preset", "cpu", "--write")).ExitCode);
        Assert.Equal(0, (await NbkProcess.RunAsync(checkout.Path, "check", "--accept")).ExitCode);
    }

    public ValueTask DisposeAsync()
    {
        checkout.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_check_is_green_as_committed_and_red_and_to_the_point_when_a_metric_was_changed_by_hand()
    {
        var (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");
        Assert.True(code == 0, output);
        Assert.Contains("study: as committed, 3 metrics compared", output, StringComparison.Ordinal);

        Change(Reference, "6.5", "7.5");
        (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");

        Assert.Equal(1, code);
        Assert.Contains("cell 4 (id ", output, StringComparison.Ordinal);
        Assert.Contains("metric 'short / loss' of 'After 650 steps'", output, StringComparison.Ordinal);
        Assert.Contains("committed: 7.5 ± 0.65, ", output, StringComparison.Ordinal);
        Assert.Contains("now:       6.5\n", output, StringComparison.Ordinal);
        Assert.Contains("nbk check study --accept", output, StringComparison.Ordinal);
        Assert.Contains("study: 1 difference", File.ReadAllText(checkout.File("artifacts/check/report.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_notebook_itself_is_seen_in_numbers_structure_and_warnings()
    {
        // What does not depend on the preset is compared with the committed notebook, and may not change at all.
        Change(Notebook, "\"sentences: 110,839\\n", "\"sentences: 110,838\\n");
        var (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");
        Assert.Equal(1, code);
        Assert.Contains("metric 'sentences' of 'printed'\n      committed: 110,838 in the committed notebook, at any preset\n      now:       110,839", output, StringComparison.Ordinal);

        Change(Notebook, "\"sentences: 110,838\\n", "\"sentences: 110,839\\n");
        Change(Notebook, "(\\\"loss\\\", m =>", "(\\\"perplexity\\\", m =>");
        Change(Notebook, "var loss = preset", "Console.Error.WriteLine(\\\"deprecated\\\"); var loss = preset");
        (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");

        Assert.Equal(1, code);
        Assert.Contains("committed: table: After # steps, with the columns model, loss\n      now:       table: After # steps, with the columns model, perplexity", output, StringComparison.Ordinal);
        Assert.Contains("a new warning\n      committed: not there\n      now:       deprecated", output, StringComparison.Ordinal);
        Assert.Contains("metric 'long / loss' of 'After 650 steps'\n      committed: 5.5\n      now:       not there", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_fails_is_red_and_a_notebook_never_accepted_is_red()
    {
        File.Delete(Reference);
        var (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");
        Assert.Equal(1, code);
        Assert.Contains("no reference for the metrics", output, StringComparison.Ordinal);

        Change(Notebook, "var loss = preset", "throw new Exception(); var loss = preset");
        (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check");
        Assert.Equal(1, code);
        Assert.Contains("the short run did not come to its end", output, StringComparison.Ordinal);
        Assert.Contains("study, cell 4", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepting_a_run_again_keeps_tolerances_made_by_hand_and_tells_what_changed()
    {
        Change(Reference, "[\"short / loss\", 6.5, 0.65]", "[\"short / loss\", 9.5, 2]");
        var (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check", "--accept");

        Assert.Equal(0, code);
        Assert.Contains("changed: 'short / loss' of 'After 650 steps': 9.5 → 6.5", output, StringComparison.Ordinal);
        Assert.Contains("[\"short / loss\", 6.5, 2]", File.ReadAllText(Reference), StringComparison.Ordinal);
        Assert.Contains("[\"sentences\", 110839, \"as committed\"]", File.ReadAllText(Reference), StringComparison.Ordinal);
        Assert.DoesNotContain("loading", File.ReadAllText(Reference), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_that_is_committed_at_the_short_preset_gets_tolerances_for_all_its_numbers()
    {
        Assert.Equal(0, (await NbkProcess.RunAsync(checkout.Path, "run", "--write")).ExitCode);

        var (code, output, _) = await NbkProcess.RunAsync(checkout.Path, "check", "--accept", "--executed", checkout.File("artifacts/site"));

        Assert.Equal(0, code);
        Assert.Contains("3 metrics accepted, 0 of them as the committed notebook shows them", output, StringComparison.Ordinal);
        Assert.Equal(0, (await NbkProcess.RunAsync(checkout.Path, "check", "--executed", checkout.File("artifacts/site"))).ExitCode);
    }

    private static void Change(string path, string from, string to)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
