using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

public class ParameterTests
{
    private const string Cell = """
        // parameters
        var preset = "smoke";
        var steps = 200;
        var rate = 1e-3;
        var offset = -2;
        var big = 10L;
        bool shuffle = true;
        string? corpus = null;
        var computed = steps * 2;
        double share = 1;
        long count = 1;
        float weight = 1;
        decimal price = 1.5m;
        char separator = ',';
        byte octet = 3;
        System.Int32 named = 1;
        int? limit = null;
        double? part = null;
        bool? flag = null;
        char? mark = null;
        var small = 5u;
        var wide = 5UL;
        var letter = 'x';
        var half = 1.5f;
        var coin = 2m;
        object anything = 1;
        string later = default;
        var mode = "default";
        int mask = 0xFF;
        var lowest = -2147483648;
        DateTime day = default;
        """;

    [Theory]
    [InlineData("preset", "c\"p\\u", "var preset = \"c\\\"p\\\\u\";")]
    [InlineData("steps", "-7", "var steps = -7;")]
    [InlineData("rate", "1", "var rate = 1.0;")]
    [InlineData("rate", "5e-5", "var rate = 5E-05;")]
    [InlineData("offset", "3", "var offset = 3;")]
    [InlineData("big", "3", "var big = 3L;")]
    [InlineData("shuffle", "FALSE", "bool shuffle = false;")]
    [InlineData("corpus", "/a b/c.txt", "string? corpus = \"/a b/c.txt\";")]
    [InlineData("share", "0.5", "double share = 0.5;")]
    [InlineData("share", "2", "double share = 2.0;")]
    [InlineData("count", "9999999999", "long count = 9999999999L;")]
    [InlineData("weight", "0.25", "float weight = 0.25f;")]
    [InlineData("price", "2.750", "decimal price = 2.750m;")]
    [InlineData("separator", "'", "char separator = '\\'';")]
    [InlineData("octet", "255", "byte octet = 255;")]
    [InlineData("named", "2", "System.Int32 named = 2;")]
    [InlineData("limit", "7", "int? limit = 7;")]
    [InlineData("limit", "null", "int? limit = null;")]
    [InlineData("part", "0.5", "double? part = 0.5;")]
    [InlineData("flag", "true", "bool? flag = true;")]
    [InlineData("mark", "n", "char? mark = 'n';")]
    [InlineData("small", "7", "var small = 7u;")]
    [InlineData("wide", "18446744073709551615", "var wide = 18446744073709551615UL;")]
    [InlineData("letter", "y", "var letter = 'y';")]
    [InlineData("half", "2", "var half = 2f;")]
    [InlineData("coin", "0.10", "var coin = 0.10m;")]
    [InlineData("anything", "2", "object anything = 2;")]
    [InlineData("later", "null", "string later = \"null\";")]
    [InlineData("mode", "fast", "var mode = \"fast\";")]
    [InlineData("mask", "16", "int mask = 16;")]
    [InlineData("lowest", "1", "var lowest = 1;")]
    public void A_value_becomes_a_literal_of_the_declared_type(string name, string value, string line) =>
        Assert.Equal(line, Parameter.In(Cell).Single(parameter => parameter.Name == name).Redeclare(value));

    [Theory]
    [InlineData("steps", "1.5")]
    [InlineData("steps", "many")]
    [InlineData("rate", "NaN")]
    [InlineData("shuffle", "yes")]
    [InlineData("share", "Infinity")]
    [InlineData("count", "1.0")]
    [InlineData("octet", "256")]
    [InlineData("small", "-1")]
    [InlineData("separator", "ab")]
    [InlineData("limit", "none")]
    [InlineData("steps", "null")]
    [InlineData("day", "2020-01-01")]
    public void A_value_of_another_type_is_refused_with_notebook_cell_and_type(string name, string value)
    {
        var notebook = Notebook();
        var message = Assert.Throws<NotebookFormatException>(() => Inject(notebook, name, value)).Message;
        Assert.Contains("some, cell 2 (id ", message, StringComparison.Ordinal);
        Assert.Contains($"'{name}' is a", message, StringComparison.Ordinal);
        Assert.Contains($"'{value}' (from -p)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_declared_is_refused_with_those_that_are()
    {
        var message = Assert.Throws<NotebookFormatException>(() => Inject(Notebook(), "step", "1")).Message;
        Assert.Contains("no parameter 'step'", message, StringComparison.Ordinal);
        Assert.Contains("'preset', 'steps', 'rate', 'offset', 'big', 'shuffle', 'corpus', ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("computed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_injected_cell_follows_the_parameters_and_takes_the_place_of_an_earlier_one()
    {
        var notebook = Notebook();
        Inject(notebook, "steps", "1");
        Inject(notebook, "rate", "2");
        Assert.Equal(4, notebook.Cells.Count);
        Assert.Equal([ParameterInjection.InjectedTag], notebook.Cells[2].Tags);
        Assert.Equal("// injected by nbk run\nvar rate = 2.0;", notebook.Cells[2].Source);

        ParameterInjection.Inject(notebook, "some", new Dictionary<string, GivenValue>());
        Assert.Equal(3, notebook.Cells.Count);
    }

    [Fact]
    public async Task Nothing_runs_when_a_parameter_is_known_to_none_of_the_notebooks()
    {
        var folder = Directory.CreateTempSubdirectory("nbk").FullName;
        NotebookWriter.Write(Notebook(), Path.Combine(folder, "a.ipynb"));
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(NotebookText.Code("1"))), Path.Combine(folder, "b.ipynb"));
        var options = new SuiteOptions { SiteFolder = Path.Combine(folder, "site"), Parameters = new Dictionary<string, string> { ["stepz"] = "1" } };

        var error = await Assert.ThrowsAsync<NotebookFormatException>(() => SuiteRun.RunAsync(
            NotebookFile.Select(folder, []), options, new PlainObserver(TextWriter.Null), TestContext.Current.CancellationToken));

        Assert.Contains("No notebook of this run has a parameter 'stepz'", error.Message, StringComparison.Ordinal);
        Assert.Contains("a, cell 2 (id ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'steps'", error.Message, StringComparison.Ordinal);
        Assert.Contains("b (no cell is tagged 'parameters'): none", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.SiteFolder));
        Directory.Delete(folder, recursive: true);
    }

    private static Notebook Notebook() => NotebookText.Parse(NotebookText.Notebook(
        NotebookText.Markdown("# Title"), NotebookText.Code(Cell, "parameters"), NotebookText.Code("steps")));

    private static void Inject(Notebook notebook, string name, string value) =>
        ParameterInjection.Inject(notebook, "some", new Dictionary<string, GivenValue> { [name] = new(value, "-p") });
}
