using System.Text.RegularExpressions;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>
/// The same cells in <c>nbk</c> and in the genuine kernel of .NET Interactive, which Jupyter's nbconvert drives. It runs where both are
/// installed, as in CI.
/// </summary>
[Collection("kernel processes")]
public sealed partial class GenuineKernelTests : IDisposable
{
    /// <summary>Each cell sees what those before it declared; any may fail.</summary>
    private static readonly string[] Cells =
    [
        // Imports and parameters.
        "#!import kit.csx",
        "// parameters\nvar preset = \"smoke\";",
        "// as papermill puts it in\nvar preset = \"cpu\";",
        "$\"{preset}, {TorchRuntime.Load().Devices[0]}\"",
        "#!import two.csx",
        "#!import two.csx\nConsole.WriteLine(two);",
        "#!import throws.csx\nConsole.WriteLine(\"never\");",
        "#!import broken.csx",
        "#!import nowhere.csx",
        "#!csharp\n1 + 1",
        // The console, displays and results, in order.
        "Console.Write(\"a\");\nConsole.WriteLine(1);\nConsole.Write(\"b\");\ndisplay(\"shown\");\nConsole.Error.WriteLine(\"e\");\nConsole.WriteLine(\"c\");\n\"result\"",
        "Console.Write(\"no end of line\");",
        "42",
        "null",
        "return 5;",
        "new { A = 1, B = \"two\" }",
        "new[] { 1, 2, 3 }",
        "\"<b>\".DisplayAs(\"text/html\");",
        "HTML(\"<i>html</i>\")",
        "display(HTML(\"<i>html</i>\"), \"text/html\", \"text/plain\");",
        // Updates in place, from the same cell and from a later one.
        "var first = display(1);\nvar second = \"x\".Display();\nfirst.Update(2);",
        "second.Update(\"y\");\nfirst.Update(HTML(\"<b>later</b>\"));",
        // Errors: at compile time, at run time, warnings.
        "var fine = 1;\nConsole.WriteLine(missing);",
        "int Half(int x) =>\n    x / (x - 2);\n\nHalf(2)",
        "Console.WriteLine(\"before\");\nthrow new InvalidOperationException(\"no good\");",
        "throw new ArgumentException(\"two\\nlines\", \"name\");",
        "await Task.Run(() => throw new NotSupportedException(\"in a task\"));",
        "async Task Forgotten() => await Task.Yield();\nForgotten();",
        "#warning look here\n1",
        "[Obsolete(\"old\")] void Old() { }\nOld();",
        "#!nonsense\n1",
        // The language as a script has it.
        "await Task.Delay(10);\nConsole.WriteLine(\"after\");",
        "int.TryParse(\"7\", out _)",
        "int Half(int x) => x / 2;\nHalf(8)",
        "record Point(int X, int Y);\nnew Point(1, 2).ToString()",
        "static int Twice(this int x) => 2 * x;\n4.Twice()",
        "using System.Globalization;\nCultureInfo.InvariantCulture.Name.Length",
        "sealed class Guard : IDisposable { public void Dispose() => Console.WriteLine(\"disposed\"); }\nusing (var guard = new Guard()) { Console.WriteLine(\"inside\"); }",
        "var stop = new System.Threading.CancellationTokenSource();\nstop.Cancel();\nstop.Token.ThrowIfCancellationRequested();",
        // One thread for what does not wait, so that a bound on torch's threads holds from cell to cell.
        "var thread = Environment.CurrentManagedThreadId;\ntorch.set_num_threads(1);",
        "await Task.Delay(10);",
        "(thread == Environment.CurrentManagedThreadId, torch.get_num_threads()).ToString()",
        // Progress that is over at once, and our displays.
        "for (var i = 1; i <= 1000; i++) progress.Report(new(\"counting\", i, 1000));",
        "var frame = new[] { (\"short\", 4.5), (\"long\", 5.5) }.ToFrame((\"model\", m => m.Item1), (\"loss\", m => m.Item2));\nframe",
        "frame.AsTable(\"A table\").Lowest(\"loss\")",
        "torch.arange(6).reshape(2, 3)",
        "Draw.Curves([new(\"a\", [1, 2], [3, 4])], \"step\", \"loss\", \"A figure\")",
        "Chart.Line<double, double, string>(x: new[] { 1.0, 2 }, y: new[] { 3.0, 4 }, Name: \"bare\")",
        "new WordPieceVocabulary([.. WordPieceVocabulary.SpecialTokens, \"a\", \"##b\"]).ShowPieces(\"ab\")",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_cell_gives_in_nbk_what_it_gives_in_the_genuine_kernel()
    {
        Write("table", [.. Cells.Select(cell => NotebookText.Code(cell, "raises-exception"))]);
        folder.Write("two.csx", "var two = 2;\ntwo");
        folder.Write("throws.csx", "throw new InvalidOperationException(\"in the file\");");
        folder.Write("broken.csx", "int x = y;");
        var problem = await Jupyter.ExecuteAsync(folder, "table.ipynb", "genuine.ipynb");
        Assert.True(problem is null, problem);
        var options = new SuiteOptions { SiteFolder = folder.File("site") };
        var outcome = Assert.Single(await SuiteRun.RunAsync(NotebookFile.Select(folder.Path, ["table"]), options, new PlainObserver(TextWriter.Null), CancellationToken.None));
        Assert.Null(outcome.Problem);

        var genuine = NotebookReader.Read(folder.File("genuine.ipynb")).Cells;
        var ours = NotebookReader.Read(folder.File("site/table.ipynb")).Cells;
        var different = Cells.Select((cell, i) => (cell, Genuine: Told(genuine[i]), Ours: Told(ours[i])))
            .Where(row => row.Genuine != row.Ours)
            .Select(row => $"{row.cell}\n  genuine: {row.Genuine}\n  nbk:     {row.Ours}").ToArray();
        Assert.True(different.Length == 0, string.Join("\n", different));
    }

    [Fact]
    public async Task A_kit_that_does_not_load_fails_the_cell_that_imports_it()
    {
        Write("notebook", NotebookText.Code("#!import kit.csx"), NotebookText.Code("1"));
        File.WriteAllText(folder.File("kit.csx"), File.ReadAllText(folder.File("kit.csx")).Replace("Kit.Register();", "throw new InvalidOperationException(\"half loaded\");", StringComparison.Ordinal));
        Assert.Contains("half loaded", await Jupyter.ExecuteAsync(folder, "notebook.ipynb", "genuine.ipynb"), StringComparison.Ordinal);
        File.WriteAllText(folder.File("kit.csx"), File.ReadAllText(folder.File("kit.csx")).Replace("NotebookKit.Interactive.dll", "NotebookKit.Nowhere.dll", StringComparison.Ordinal));
        Assert.Contains("Run 'dotnet build -c Release', restart the kernel, and run this cell again.", await Jupyter.ExecuteAsync(folder, "notebook.ipynb", "genuine.ipynb"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_draws_one_bar_and_an_interrupt_stops_it_between_two_steps_and_keeps_the_work()
    {
        NbkProcess.SkipWithoutInterrupts();
        folder.Write("kit.csx", Kit);
        var (code, output) = await Jupyter.PythonAsync(folder, Path.Combine(CheckoutFolder.Root, "tests", "NotebookKit.Runner.Tests", "Runner", "interrupt.py"));
        Assert.True(code == 0, output);
        Assert.Contains("one bar, redrawn in place", output, StringComparison.Ordinal);
        Assert.Contains("stopped and kept", output, StringComparison.Ordinal);
        Assert.Contains("went on to the end", output, StringComparison.Ordinal);
        Assert.Contains("a wish of before is forgotten", output, StringComparison.Ordinal);
    }

    private static string Kit => File.ReadAllText(Path.Combine(CheckoutFolder.Root, "notebooks", "kit.csx"));

    private void Write(string name, params System.Text.Json.Nodes.JsonObject[] cells)
    {
        folder.Write("kit.csx", Kit);
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(cells)), folder.File(name + ".ipynb"));
    }

    private static string Told(NotebookCell cell) => string.Join(" | ", cell.Outputs.Select(Told).Where(text => text.Length > 0));

    /// <summary>
    /// An output as text. Six things are told apart by design and made equal here: nbk names cell or file before a compiler's remark;
    /// it gives an error its type, and the lines of the notebook without the engine's; its figures are data; it says more of a
    /// command that is not known; and it leaves out the remark on two versions of a framework assembly, and what the engine says twice.
    /// </summary>
    private static string Told(CellOutput output) => output switch
    {
        StreamOutput { Name: "stderr" } stream => "stderr: " + string.Join(" / ", stream.Text.Split('\n')
            .Select(line => Place().Replace(line, "(").Trim())
            .Where(line => line.Length > 0 && !line.Contains("CS1701", StringComparison.Ordinal) && !line.Contains("DNI101", StringComparison.Ordinal) && line != "Microsoft.CodeAnalysis.Diagnostic[]").Distinct()) is var text and not "stderr: " ? text : "",
        StreamOutput stream => $"stdout: {stream.Text}",
        ErrorOutput error => "error: " + Error(error),
        DisplayOutput display => "display: " + Data(display.Data),
        ResultOutput result => "result: " + Data(result.Data),
        _ => throw new ArgumentException(output.ToString()),
    };

    private static string Error(ErrorOutput error)
    {
        if (error.Name == "CompilationError" || error.Value == "compilation error")
            return "compilation";
        if (UnknownCommand().Match(error.Value) is { Success: true } unknown)
            return unknown.Value;
        // The genuine kernel's value is the whole exception with its stack.
        var text = error.Name == "Error" ? error.Value : $"{error.Name}: {error.Value}";
        return text.Split("\n   at ", 2)[0];
    }

    private static string Data(System.Text.Json.Nodes.JsonObject data) =>
        data.ContainsKey(Interactive.Kit.PlotlyMimeType) || data["text/html"]?.ToString().Contains("data-nbk-figure", StringComparison.Ordinal) == true
            ? "a figure"
            : string.Join(", ", data.Select(form => $"{form.Key} {form.Value}"));

    [GeneratedRegex(@"^(cell \d+|\w+\.csx) \(")]
    private static partial Regex Place();

    [GeneratedRegex("'#!nonsense'")]
    private static partial Regex UnknownCommand();
}
