using System.Text.Json.Nodes;
using CsCheck;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

public class NotebookFormatTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char[" \n\r\t\"\\/{}<>&üß\u2028\u0085\u0001"], 0, 12],
        Gen.Const("a😀b"),
        Gen.String.AlphaNumeric);

    [Fact]
    public void What_is_written_reads_back_and_writes_to_the_same_bytes() =>
        Gen.Select(AnyText, AnyText, AnyText).Sample((source, output, mime) =>
        {
            var notebook = new Notebook
            {
                Metadata = new() { ["note"] = mime },
                Cells =
                [
                    new() { Kind = CellKind.Markdown, Id = "a", Source = source },
                    new()
                    {
                        Kind = CellKind.Code, Id = "b", Source = output, ExecutionCount = 3,
                        Outputs =
                        [
                            new StreamOutput("stdout", output),
                            new DisplayOutput(new() { ["text/html"] = source, ["application/json"] = new JsonArray(1, source), ["image/png"] = "AAAA" }, []),
                            new ResultOutput(new() { ["text/plain"] = mime }, [], 3),
                            new ErrorOutput("E", source, [output, mime]),
                        ],
                    },
                ],
            };
            var text = NotebookWriter.ToText(notebook);
            Assert.Empty(NotebookFormat.Problems(JsonNode.Parse(text)));
            var again = NotebookText.Parse(text);
            Assert.Equal(text, NotebookWriter.ToText(again));
            Assert.Equal(source, again.Cells[0].Source);
            Assert.Equal(output, ((StreamOutput)again.Cells[1].Outputs[0]).Text);
        });

    [Fact]
    public void Text_is_written_as_Jupyter_saves_it()
    {
        var notebook = NotebookText.Parse("""
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {"b": 1, "a": {}}, "cells": [
              {"source": "first\n\nüber 😀 \u2028", "metadata": {}, "id": "x", "cell_type": "markdown"}]}
            """);

        Assert.Equal(
            "{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",\n   \"id\": \"x\",\n   \"metadata\": {},\n   \"source\": [\n    \"first\\n\",\n    \"\\n\",\n    \"über 😀 \u2028\"\n   ]\n  }\n ],\n"
            + " \"metadata\": {\n  \"a\": {},\n  \"b\": 1\n },\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n",
            NotebookWriter.ToText(notebook));
    }

    /// <summary>Written and read back by Python's json module, with which Jupyter saves.</summary>
    [Theory]
    [InlineData("-7.908E-06", "-7.908e-06")]
    [InlineData("5.911e-5", "5.911e-05")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1.0", "1.0")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e5", "100000.0")]
    [InlineData("1E15", "1000000000000000.0")]
    [InlineData("-1234567890123456.8", "-1234567890123456.8")]
    [InlineData("1e16", "1e+16")]
    [InlineData("12345678901234567.0", "1.2345678901234568e+16")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("-0", "0")]
    [InlineData("5e-324", "5e-324")]
    public void Numbers_are_written_as_Jupyter_saves_them(string read, string written)
    {
        var notebook = NotebookText.Parse($$"""{"nbformat": 4, "nbformat_minor": 5, "metadata": {"n": {{read}}}, "cells": []}""");
        Assert.Contains($"\"n\": {written}\n", NotebookWriter.ToText(notebook), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_a_cell_has_made_is_written_as_one_that_was_read()
    {
        var notebook = new Notebook { Cells = [], Metadata = new() { ["a"] = 7.908e-6, ["b"] = 0.1f, ["c"] = 1.5, ["d"] = 3, ["e"] = 1e20m } };
        Assert.Contains("\"a\": 7.908e-06,\n  \"b\": 0.1,\n  \"c\": 1.5,\n  \"d\": 3,\n  \"e\": 100000000000000000000\n", NotebookWriter.ToText(notebook), StringComparison.Ordinal);
    }

    /// <summary>The line ends are those of Python's str.splitlines.</summary>
    [Fact]
    public void Lines_end_where_they_end_for_Jupyter()
    {
        const string source = "a\nb\r\nc\rd\ve\ff\u001cg\u001dh\u001ei\u0085j\u2028k\u2029l\u001fm\n";
        var notebook = new Notebook { Metadata = [], Cells = [new() { Kind = CellKind.Markdown, Id = "a", Source = source }] };
        var lines = NotebookWriter.ToJson(notebook)["cells"]![0]!["source"]!.AsArray().Select(line => line!.GetValue<string>()).ToArray();
        Assert.Equal(["a\n", "b\r\n", "c\r", "d\v", "e\f", "f\u001c", "g\u001d", "h\u001e", "i\u0085", "j\u2028", "k\u2029", "l\u001fm\n"], lines);
        Assert.Equal(source, NotebookText.Parse(NotebookWriter.ToText(notebook)).Cells[0].Source);
    }

    [Fact]
    public void An_attached_drawing_is_kept_in_lines()
    {
        const string json = """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "",
              "attachments": {"d.svg": {"image/svg+xml": "<svg>\n</svg>"}, "p.png": {"image/png": "AA=="}}}]}
            """;
        var attachments = NotebookWriter.ToJson(NotebookText.Parse(json))["cells"]![0]!["attachments"]!;
        Assert.Equal(["<svg>\n", "</svg>"], attachments["d.svg"]!["image/svg+xml"]!.AsArray().Select(line => line!.GetValue<string>()));
        Assert.Equal("AA==", attachments["p.png"]!["image/png"]!.GetValue<string>());
        Assert.Equal("<svg>\n</svg>", NotebookText.Parse(NotebookWriter.ToText(NotebookText.Parse(json))).Cells[0].Attachments!["d.svg"]!["image/svg+xml"]!.GetValue<string>());
    }

    [Fact]
    public void Cells_without_an_id_get_the_same_one_on_every_reading_and_unlike_each_other()
    {
        const string old = """
            {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": "same"}, {"cell_type": "markdown", "metadata": {}, "source": "same"},
              {"cell_type": "markdown", "metadata": {}, "source": "other"}]}
            """;
        var ids = NotebookText.Parse(old).Cells.Select(cell => cell.Id).ToArray();

        Assert.Equal(ids, NotebookText.Parse(old).Cells.Select(cell => cell.Id));
        Assert.Equal(3, ids.Distinct().Count());
        var withoutFirst = NotebookText.Parse(old.Replace("""{"cell_type": "markdown", "metadata": {}, "source": "same"}, """, "", StringComparison.Ordinal));
        Assert.Equal(ids[2], withoutFirst.Cells[^1].Id);
    }

    [Theory]
    [InlineData("{\"cells\": [\n 1,\n oops", "some.ipynb (line 3): this is not JSON")]
    [InlineData("[]", "some.ipynb: this is JSON but not a notebook")]
    [InlineData("""{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}""", "some.ipynb: nbformat 3.0 is not read here")]
    [InlineData("""{"nbformat": 4, "nbformat_minor": 6, "metadata": {}, "cells": []}""", "nbformat 4.6 is not read here")]
    [InlineData("""{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}""", "some.ipynb: The notebook: 'cells' is missing.")]
    [InlineData("""{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "metadata": {}, "cells": []}""", "this is not JSON")]
    public void A_file_that_is_no_notebook_is_refused_by_name(string text, string message) =>
        Assert.Contains(message, Assert.Throws<NotebookFormatException>(() => NotebookText.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bad_cell_is_named_by_number_id_and_line()
    {
        const string text = """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {},
             "cells": [
              {"cell_type": "markdown", "id": "one", "metadata": {}, "source": "x"},
              {
               "cell_type": "code", "id": "two", "metadata": {}, "source": 7, "execution_count": null, "outputs": []
              }
             ]}
            """;
        var message = Assert.Throws<NotebookFormatException>(() => NotebookText.Parse(text)).Message;
        Assert.Equal("some.ipynb (line 4): Cell 2 (id two): 'source' must be a string or an array of strings.", message);
    }

    [Fact]
    public void A_text_that_is_not_utf8_or_holds_half_a_surrogate_pair_is_refused()
    {
        byte[] latin = [.. "{\"nbformat\": 4, \"note\": \""u8, 0xfc, .. "\"}"u8];
        Assert.Contains("not valid UTF-8", Assert.Throws<NotebookFormatException>(() => NotebookReader.Parse(latin, "some.ipynb")).Message, StringComparison.Ordinal);

        const string half = """{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "id": "x", "metadata": {}, "source": "\ud800"}]}""";
        Assert.StartsWith("some.ipynb", Assert.Throws<NotebookFormatException>(() => NotebookText.Parse(half)).Message, StringComparison.Ordinal);
    }

    /// <summary>Each entry breaks one rule of nbformat 4.5 in an otherwise valid notebook.</summary>
    public static TheoryData<string, string> BrokenRules => new()
    {
        { "nbformat_minor", "n['nbformat_minor'] = 4" },
        { "is not allowed here", "n['extra'] = 1" },
        { "'id' is missing", "c.Remove('id')" },
        { "'id' must be", "c['id'] = 'white space'" },
        { "'id' must be", "c['id'] = ''" },
        { "'outputs' is missing", "c.Remove('outputs')" },
        { "'execution_count' must be", "c['execution_count'] = -1" },
        { "'metadata' must be an object", "c['metadata'] = 'text'" },
        { "must not name a tag twice", "tags a a" },
        { "comma", "tags a,b" },
        { "'cell_type' must be", "c['cell_type'] = 'heading'" },
        { "'text' must be", "o['text'] = 1" },
        { "'output_type' must be", "o['output_type'] = 'pyout'" },
        { "already used", "twice" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void Each_rule_of_the_format_is_watched(string problem, string change)
    {
        var notebook = NotebookText.Notebook(NotebookText.Code("1"));
        var cell = notebook["cells"]![0]!.AsObject();
        var output = new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "x" };
        cell["outputs"] = new JsonArray(output);
        Assert.Empty(NotebookFormat.Problems(notebook));

        switch (change)
        {
            case "n['nbformat_minor'] = 4": notebook["nbformat_minor"] = 4; break;
            case "n['extra'] = 1": notebook["extra"] = 1; break;
            case "c.Remove('id')": cell.Remove("id"); break;
            case "c['id'] = 'white space'": cell["id"] = "white space"; break;
            case "c['id'] = ''": cell["id"] = ""; break;
            case "c.Remove('outputs')": cell.Remove("outputs"); break;
            case "c['execution_count'] = -1": cell["execution_count"] = -1; break;
            case "c['metadata'] = 'text'": cell["metadata"] = "text"; break;
            case "tags a a": cell["metadata"] = new JsonObject { ["tags"] = new JsonArray("a", "a") }; break;
            case "tags a,b": cell["metadata"] = new JsonObject { ["tags"] = new JsonArray("a,b") }; break;
            case "c['cell_type'] = 'heading'": cell["cell_type"] = "heading"; break;
            case "o['text'] = 1": output["text"] = 1; break;
            case "o['output_type'] = 'pyout'": output["output_type"] = "pyout"; break;
            case "twice": notebook["cells"]!.AsArray().Add(cell.DeepClone()); break;
            default: throw new ArgumentException(change);
        }
        Assert.Contains(problem, Assert.Single(NotebookFormat.Problems(notebook).Take(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notebook_that_would_be_invalid_is_not_written_over_a_good_one()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("nbk").FullName, "good.ipynb");
        var good = NotebookText.Parse(NotebookText.Notebook(NotebookText.Markdown("kept")));
        NotebookWriter.Write(good, path);
        var before = File.ReadAllText(path);

        var bad = new Notebook { Metadata = [], Cells = [good.Cells[0], good.Cells[0]] };
        Assert.Contains("already used", Assert.Throws<NotebookFormatException>(() => NotebookWriter.Write(bad, path)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
