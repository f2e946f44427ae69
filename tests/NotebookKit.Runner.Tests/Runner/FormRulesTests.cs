using System.Text.Json.Nodes;
using NotebookKit.Display;
using NotebookKit.Runner.Check;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Runner;

public sealed class FormRulesTests
{
    private static NotebookCell Code(string id, string source, params string[] html) => new()
    {
        Kind = CellKind.Code,
        Id = id,
        Source = source,
        Outputs = [.. html.Select(h => new DisplayOutput(new JsonObject { ["text/html"] = h }, []))],
    };

    private static NotebookCell Prose(string id, string source, string slide = "") => new()
    {
        Kind = CellKind.Markdown,
        Id = id,
        Source = source,
        Metadata = slide.Length == 0 ? [] : new JsonObject { ["slideshow"] = new JsonObject { ["slide_type"] = slide } },
    };

    private static Notebook Of(params NotebookCell[] cells) => new() { Metadata = [], Cells = [.. cells] };

    private static List<string> Broken(params NotebookCell[] cells) => [.. FormRules.Of(Of(cells)).Select(r => $"{r.Difference.Place}: {r.Difference.What}{(r.IsAdvice ? " (advice)" : "")}")];

    private static Table Table(int rows, int columns) =>
        Enumerable.Range(1, rows).ToFrame([.. Enumerable.Range(1, columns).Select(c => ($"c{c}", (Func<int, object?>)(r => r * c)))]).AsTable("Products.");

    [Fact]
    public void A_notebook_in_the_form_breaks_no_rule() =>
        Assert.Empty(Broken(Prose("p", "# Title\nA short text."), Code("c", new string('x', 120), Table(40, 6).ToHtml())));

    [Fact]
    public void Each_rule_names_its_cell()
    {
        Assert.Equal(["cell 2 (id c): line 2 has 121 characters"], Broken(Prose("p", "# T"), Code("c", "short\n" + new string('x', 121))));
        Assert.Equal(["cell 1 (id c): a table has 7 columns"], Broken(Code("c", "", Table(3, 7).ToHtml())));
        Assert.Equal(["cell 1 (id c): a table shows 13 rows"], Broken(Code("c", "", Table(13, 2).WithOpenRows(13).ToHtml())));
        Assert.Equal(["cell 1 (id c): a table has no caption"], Broken(Code("c", "", (Table(3, 2) with { Caption = "" }).ToHtml())));
        NotebookCell figure = new() { Kind = CellKind.Code, Id = "f", Source = "", Outputs = [new ResultOutput(new JsonObject { ["application/vnd.plotly.v1+json"] = new JsonObject { ["layout"] = new JsonObject() } }, [], 1)] };
        Assert.Equal(["cell 1 (id f): a figure has no caption"], Broken(figure));
    }

    [Fact]
    public void A_slide_is_counted_in_words_of_prose_and_notes_are_none()
    {
        var long60 = string.Join(' ', Enumerable.Repeat("word", 60));
        Assert.Equal(["cell 1 (id a): the slide that begins here has 122 words (advice)"], Broken(Prose("a", "## Two words\n" + long60), Prose("b", long60)));
        Assert.Empty(Broken(Prose("a", long60, "slide"), Prose("b", long60, "notes"), Prose("c", long60, "slide"), Prose("d", long60, "skip")));
        Assert.Empty(Broken(Prose("a", long60 + " $$" + long60 + "$$ <details>" + long60 + "</details> ```\n" + long60 + "\n``` [a](http://" + long60 + ")")));
    }

    [Fact]
    public void Claims_are_the_same_in_file_notebook_and_run_and_name_cells_that_exist()
    {
        Claim better = new("It is better", "Table 2");
        var contrast = new Contrast("new", "base", "accuracy", new Dictionary<int, double> { [1] = 0.1, [2] = 0.12, [3] = 0.1234565 });
        ClaimTable claims = new([better.Tested("gain", "cpu", Finding.Above, contrast), better.NotTested("no such model")]);
        using TemporaryFolder folder = new();
        var path = folder.File("claims-01.json");
        claims.Write(path);
        // As the notebook prints it, and as the file gives it back.
        var printed = claims.ToFrame().AsTable(claims.Summary).ToHtml();
        List<string> Check(string committed, string run, string cell = "gain") => [.. ClaimRules.Of(
            new NotebookFile("01-study", "01-study.ipynb"), ClaimTable.Read(path), path, Of(Code(cell, "", committed)), Of(Code(cell, "", run))).Select(d => d.What)];

        Assert.Empty(Check(printed, printed));
        Assert.Equal(["the table of claims of the short run is not that of claims-01.json"], Check(printed, printed.Replace("shown", "in part")));
        Assert.Equal(["the committed notebook does not print the table of claims"], Check("<p>nothing</p>", printed));
        Assert.Equal(["the claim “It is better” names a cell that is not there"], Check(printed, printed, cell: "other"));
    }
}
