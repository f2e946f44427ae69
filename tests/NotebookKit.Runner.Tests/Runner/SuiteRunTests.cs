using NotebookKit.Interactive;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>Runs tiny notebooks once, each in its own process, side by side; the tests look at what was left.</summary>
public sealed class ExecutedSuite : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("nbk suite ").FullName;

    internal IReadOnlyDictionary<string, NotebookOutcome> Outcomes { get; private set; } = new Dictionary<string, NotebookOutcome>();

    internal List<string> Reports { get; } = [];

    private string Site => Path.Combine(folder, "site");

    public async ValueTask InitializeAsync()
    {
        Add("behaviour",
            NotebookText.Markdown("# Kept as it is"),
            NotebookText.Code("#!import kit.csx"),
            NotebookText.Code("// parameters\nvar preset = \"smoke\";\nvar steps = 3;\nvar corpus = \"\";", "parameters"),
            NotebookText.Code("Console.Write(\"a\");\nConsole.WriteLine(1);\nConsole.Write(\"b\");\ndisplay(\"shown\");\nConsole.Error.WriteLine(\"e\");\nConsole.WriteLine(\"c\");\n$\"{preset} {steps} {corpus} {imported}\""),
            NotebookText.Code("var shown = display(1);\nDouble(4).Display();"),
            NotebookText.Code("shown.Update(HTML(\"<b>later</b>\"));\nawait Task.Yield();"),
            NotebookText.Code("""
                class TypeFormatterSourceAttribute : Attribute
                {
                    public TypeFormatterSourceAttribute(Type source) => FormatterSourceType = source;
                    public Type FormatterSourceType { get; }
                    public string[] PreferredMimeTypes { get; set; }
                }
                class ThingFormatter { public string MimeType => "text/html"; public bool Format(object o, System.IO.TextWriter w) { w.Write("<i>thing</i>"); return true; } }
                class ThingJson { public string MimeType => "application/vnd.test+json"; public bool Format(object o, System.IO.TextWriter w) { w.Write("{\"a\": [1]}"); return true; } }
                class ThingSource { public IEnumerable<object> CreateTypeFormatters() => new object[] { new ThingFormatter(), new ThingJson() }; }
                [TypeFormatterSource(typeof(ThingSource), PreferredMimeTypes = new[] { "text/html", "application/vnd.test+json" })]
                class Thing { }
                """),
            NotebookText.Code("new Thing()"),
            NotebookText.Code("int Half(int x) =>\n    x / (x - 2);\n\nHalf(2)", "raises-exception"),
            NotebookText.Code("var fine = 1;\nConsole.WriteLine(missing);", "raises-exception"),
            NotebookText.Code("#!fsharp\n1 + 1", "raises-exception"),
            NotebookText.Code("#!import nowhere.csx", "raises-exception"),
            NotebookText.Code("progress.Report(new(\"counting\", 1, 4, \"quarter\"));"),
            NotebookText.Code("Console.WriteLine(\"one\"); Console.Out.Flush(); Console.WriteLine(\"two\");"),
            NotebookText.Code(""));
        Add("native-abort",
            NotebookText.Code("#!import kit.csx\nConsole.WriteLine(\"before\");"),
            NotebookText.Code("Console.WriteLine(\"doomed\");\ntorch.ones(2, 3).matmul(torch.ones(2, 3))"),
            NotebookText.Code("Console.WriteLine(\"never\");"));
        Add("too-long",
            NotebookText.Code("Console.WriteLine(\"early\");"),
            NotebookText.Code("Console.WriteLine(\"started\");\nSystem.Threading.Thread.Sleep(-1);", "raises-exception"),
            NotebookText.Code("1"));
        Add("failing",
            NotebookText.Code("// parameters\nvar steps = 1;", "parameters"),
            NotebookText.Code("\n\nthrow new InvalidOperationException(\"no good\");"),
            NotebookText.Code("1"));
        File.WriteAllText(Path.Combine(folder, "broken.ipynb"), "{ \"cells\": [");
        File.Copy(Path.Combine(Repository.Find().Notebooks, "kit.csx"), Path.Combine(folder, "build.csx"));
        File.WriteAllText(Path.Combine(folder, "kit.csx"), "#!import \"build.csx\"\nvar imported = \"imported\";\nint Double(int x) => 2 * x;\n99");
        string[] patient = ["behaviour", "native-abort", "failing", "broken"];
        // One after the other: beside other work the first cell might not print before its limit.
        var outcomes = await RunAsync(TimeSpan.FromMinutes(5), patient);
        Outcomes = outcomes.Concat(await RunAsync(TimeSpan.FromSeconds(10), "too-long")).ToDictionary(outcome => outcome.Name);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal async Task<IReadOnlyList<NotebookOutcome>> RunAsync(TimeSpan cellLimit, params string[] names)
    {
        var options = new SuiteOptions
        {
            SiteFolder = Site,
            Preset = "cpu",
            Parameters = names.Contains("behaviour") ? new Dictionary<string, string> { ["steps"] = "5" } : [],
            Environment = new Dictionary<string, string> { ["NOTEBOOKKIT_CORPUS"] = "mine", ["NOTEBOOKKIT_STEPS"] = "9" },
            CellLimit = cellLimit,
            Jobs = 2,
            Threads = 1,
        };
        return await SuiteRun.RunAsync(NotebookFile.Select(folder, names), options, new Listener(Reports), CancellationToken.None);
    }

    internal string Text(string name) => File.ReadAllText(SuiteRun.ExecutedPath(Site, name));

    internal IReadOnlyList<NotebookCell> Code(string name) =>
        [.. NotebookReader.Read(SuiteRun.ExecutedPath(Site, name)).Cells.Where(cell => cell.Kind == CellKind.Code)];

    private void Add(string name, params System.Text.Json.Nodes.JsonObject[] cells) =>
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(cells)), Path.Combine(folder, name + ".ipynb"));

    private sealed class Listener(List<string> reports) : IRunObserver
    {
        public void Started(string notebook, int codeCells) { }

        public void CellStarted(string notebook, int number) { }

        public void Progress(string notebook, ProgressReport report)
        {
            lock (reports)
                reports.Add($"{notebook}: {ProgressText.Of(report)}");
        }

        public void Ended(NotebookOutcome outcome) { }
    }
}

[Collection("kernel processes")]
public class SuiteRunTests(ExecutedSuite suite) : IClassFixture<ExecutedSuite>
{
    private IReadOnlyList<NotebookCell> Behaviour => suite.Code("behaviour");

    [Fact]
    public void A_notebook_whose_cells_run_or_may_fail_passes() => Assert.Null(suite.Outcomes["behaviour"].Problem);

    [Fact]
    public void Streams_and_displays_keep_their_order_and_writes_are_joined()
    {
        var outputs = Behaviour[3].Outputs;
        Assert.Equal(new StreamOutput("stdout", "a1\nb"), outputs[0]);
        Assert.Equal("shown", NotebookText.Data(Assert.IsType<DisplayOutput>(outputs[1]), "text/plain"));
        Assert.Equal(new StreamOutput("stderr", "e\n"), outputs[2]);
        Assert.Equal(new StreamOutput("stdout", "c\n"), outputs[3]);
        Assert.Equal([new StreamOutput("stdout", "one\ntwo\n")], Behaviour[^2].Outputs);
    }

    [Fact]
    public void Parameters_come_from_the_command_line_before_the_environment_and_an_import_is_seen()
    {
        var result = Assert.IsType<ResultOutput>(Behaviour[3].Outputs[^1]);
        Assert.Equal("cpu 5 mine imported", NotebookText.Data(result, "text/plain"));
        Assert.Equal(Behaviour[3].ExecutionCount, result.ExecutionCount);
        Assert.Equal(["injected-parameters"], Behaviour[2].Tags);
    }

    [Fact]
    public void A_trailing_expression_of_an_imported_file_is_a_result_too() =>
        Assert.Contains("<pre>99</pre>", NotebookText.Data(Assert.IsType<ResultOutput>(Assert.Single(Behaviour[0].Outputs)), "text/html"), StringComparison.Ordinal);

    [Fact]
    public void A_shown_value_can_be_replaced_from_a_later_cell()
    {
        Assert.Equal("<b>later</b>", NotebookText.Data(Behaviour[4].Outputs[0], "text/html"));
        Assert.Contains("<pre>8</pre>", NotebookText.Data(Behaviour[4].Outputs[1], "text/html"), StringComparison.Ordinal);
        Assert.Empty(Behaviour[5].Outputs);
    }

    [Fact]
    public void A_formatter_is_found_by_name_in_every_mime_type_that_its_type_prefers()
    {
        var result = Assert.IsType<ResultOutput>(Assert.Single(Behaviour[7].Outputs));
        Assert.Equal("<i>thing</i>", NotebookText.Data(result, "text/html"));
        Assert.Equal(1, result.Data["application/vnd.test+json"]!["a"]![0]!.GetValue<int>());
    }

    [Fact]
    public void A_thrown_exception_is_an_error_with_the_lines_of_the_cell_and_no_path_of_this_machine()
    {
        var error = Assert.IsType<ErrorOutput>(Assert.Single(Behaviour[8].Outputs));
        Assert.Equal("System.DivideByZeroException", error.Name);
        Assert.Equal("Attempted to divide by zero.", error.Value);
        Assert.Contains(error.Traceback, line => line.EndsWith("in cell 9:line 2", StringComparison.Ordinal));
        Assert.DoesNotContain(error.Traceback, line => line.Contains("NotebookKit.Runner", StringComparison.Ordinal));
    }

    [Fact]
    public void A_compile_error_is_written_to_stderr_and_is_an_error_and_nothing_of_the_cell_ran()
    {
        var outputs = Behaviour[9].Outputs;
        var text = Assert.IsType<StreamOutput>(outputs[0]);
        Assert.Equal("stderr", text.Name);
        Assert.StartsWith("cell 10 (2,19): error CS0103: ", text.Text, StringComparison.Ordinal);
        Assert.Equal("CompilationError", Assert.IsType<ErrorOutput>(outputs[1]).Name);
    }

    [Theory]
    [InlineData(10, "'#!fsharp' is not known here")]
    [InlineData(11, "'#!import nowhere.csx' finds no file")]
    public void What_is_not_run_here_is_said(int cell, string message) =>
        Assert.Contains(message, Assert.IsType<ErrorOutput>(Behaviour[cell].Outputs[^1]).Value, StringComparison.Ordinal);

    [Fact]
    public void Progress_is_told_live_and_never_kept()
    {
        Assert.Contains("behaviour: counting 1 of 4 (25 %), quarter", suite.Reports);
        Assert.Empty(Behaviour[12].Outputs);
    }

    [Fact]
    public void A_native_abort_keeps_what_was_there_names_the_signal_and_the_reason_and_stops_no_other_notebook()
    {
        var outcome = suite.Outcomes["native-abort"];
        Assert.Contains("native-abort, cell 2 (id ", outcome.Problem, StringComparison.Ordinal);
        var cells = suite.Code("native-abort");
        Assert.Equal(new StreamOutput("stdout", "before\n"), cells[0].Outputs[^1]);
        Assert.Equal(new StreamOutput("stdout", "doomed\n"), cells[1].Outputs[0]);
        var error = Assert.IsType<ErrorOutput>(cells[1].Outputs[1]);
        Assert.Equal("KernelDied", error.Name);
        Assert.Contains(OperatingSystem.IsWindows() ? "exit code" : "SIGABRT", error.Value, StringComparison.Ordinal);
        Assert.Contains(error.Traceback, line => line.Contains("2x3", StringComparison.Ordinal));
        Assert.Empty(cells[2].Outputs);
        Assert.Null(cells[2].ExecutionCount);
    }

    [Fact]
    public void A_cell_over_its_time_limit_is_stopped_and_says_so_even_where_an_exception_is_allowed()
    {
        var cells = suite.Code("too-long");
        Assert.Equal([new StreamOutput("stdout", "early\n")], cells[0].Outputs);
        Assert.Equal(new StreamOutput("stdout", "started\n"), cells[1].Outputs[0]);
        var error = Assert.IsType<ErrorOutput>(cells[1].Outputs[1]);
        Assert.Equal("CellTimeout", error.Name);
        Assert.Contains("limit of 10 s (--cell-timeout)", error.Value, StringComparison.Ordinal);
        Assert.Empty(cells[2].Outputs);
        Assert.False(suite.Outcomes["too-long"].Succeeded);
    }

    [Fact]
    public void A_failure_names_notebook_cell_and_line()
    {
        var problem = suite.Outcomes["failing"].Problem;
        Assert.Matches(@"^failing, cell 2 \(id [^)]+\), line 3: System.InvalidOperationException: no good$", problem);
        Assert.Equal((3, 4), (suite.Outcomes["failing"].Executed, suite.Outcomes["failing"].CodeCells));
    }

    [Fact]
    public void A_file_that_is_no_notebook_fails_alone() =>
        Assert.Contains("broken.ipynb (line 1): this is not JSON", suite.Outcomes["broken"].Problem, StringComparison.Ordinal);

    [Fact]
    public async Task Running_again_without_a_change_leaves_the_same_bytes()
    {
        var before = suite.Text("behaviour");
        await suite.RunAsync(TimeSpan.FromMinutes(5), "behaviour");
        Assert.Equal(before, suite.Text("behaviour"));
    }
}
