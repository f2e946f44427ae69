using Microsoft.Data.Analysis;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;

namespace NotebookKit.Tests.Prompting;

public class ExampleReaderTests
{
    [Fact]
    public void Json_lines_keep_field_order_and_pythons_kinds_of_numbers()
    {
        var examples = ExampleReader.ReadJsonLines(new StringReader("""
            {"z": 1, "a": 2.0, "m": {"y": [1, null, true]}, "big": 123456789012345678901, "e": 1e2}

            {"z": "\u00e9\ud83d\ude00"}
            """)).ToList();
        Assert.Equal("{'z': 1, 'a': 2.0, 'm': {'y': [1, None, True]}, 'big': 123456789012345678901, 'e': 100.0}", examples[0].ToString());
        Assert.Equal("{'z': 'é😀'}", examples[1].ToString());
        Assert.Equal(["z", "a", "m", "big", "e"], examples[0].Names);
    }

    [Theory]
    [InlineData("{\"a\": 1}\n{\"a\":", 2)]
    [InlineData("[1]", 1)]
    [InlineData("{\"a\": \"\\ud800\"}", 1)]
    [InlineData("{\"a\": 1}\n\n{\"b\": 1}", 3)]
    public void A_bad_line_is_named(string text, long line)
    {
        var error = Assert.Throws<PromptFileException>(() => ExampleReader.ReadJsonLines(new StringReader(text), "rows.jsonl", ["a"]).ToList());
        Assert.Equal(line, error.Line);
        Assert.StartsWith($"rows.jsonl, line {line}: ", error.Message);
    }

    [Theory]
    [InlineData("{\"a\": NaN}", "write null")]
    [InlineData("{\"a\": [1, -Infinity]}", "write null")]
    [InlineData("{\"a\": {\"b\": Infinity}}", "write null")]
    [InlineData("{\"a\": \"cut \\ud83d\"}", "surrogate")]
    [InlineData("{\"cut \\ud83d\": 1}", "surrogate")]
    [InlineData("{\"a\":", "not a JSON object")]
    [InlineData("{\"b\": 1}", "missing field a")]
    public void An_odd_line_can_be_left_out_and_is_told(string odd, string detail)
    {
        var refused = new List<PromptFileException>();
        var rows = ExampleReader.ReadJsonLines(new StringReader($"{{\"a\": 1}}\n{odd}\n{{\"a\": \"Infinity NaN\"}}\n"), "f.jsonl", ["a"], refused.Add).ToList();
        Assert.Equal(["{'a': 1}", "{'a': 'Infinity NaN'}"], rows.Select(r => r.ToString()));
        Assert.StartsWith("f.jsonl, line 2: ", Assert.Single(refused).Message);
        Assert.Contains(detail, refused[0].Message);
    }

    [Fact]
    public void Of_a_key_that_occurs_twice_the_last_value_counts_at_every_depth() =>
        Assert.Equal("{'a': 3, 'm': {'x': 2}}", ExampleReader.ReadJsonLines(new StringReader("{\"a\": 1, \"m\": {\"x\": 1, \"x\": 2}, \"a\": 3}")).Single().ToString());

    [Fact]
    public void A_byte_order_mark_is_no_text_at_the_start_or_where_files_were_joined() =>
        Assert.Equal(["{'a': 1}", @"{'a': '\ufeff'}"], ExampleReader.ReadJsonLines(new StringReader("\uFEFF{\"a\": 1}\n\uFEFF{\"a\": \"\uFEFF\"}\n")).Select(r => r.ToString()));

    [Fact]
    public void A_missing_field_is_named_with_those_there_are()
    {
        var error = Assert.Throws<PromptFileException>(() => ExampleReader.ReadJsonLines(new StringReader("{\"text\": 1}"), "f", ["label", "text", "title"]).ToList());
        Assert.Contains("missing fields label, title; there are: text", error.Message);
        Assert.Contains("missing field label", Assert.Throws<PromptFileException>(() => ExampleReader.ReadCsv(new StringReader("text\nx"), required: ["label"])).Message);
    }

    [Fact]
    public void Csv_values_may_hold_separators_quotes_and_line_ends_and_columns_have_types()
    {
        var examples = ExampleReader.ReadCsv(new StringReader("id,text,score,flag,code,note\r\n1,\"a, \"\"b\"\"\nc\",0.5,True,007,\r\n-2,plain,3,False,010,x\r\n"));
        Assert.Equal("{'id': 1, 'text': 'a, \"b\"\\nc', 'score': 0.5, 'flag': True, 'code': '007', 'note': None}", examples[0].ToString());
        Assert.Equal("{'id': -2, 'text': 'plain', 'score': 3.0, 'flag': False, 'code': '010', 'note': 'x'}", examples[1].ToString());
    }

    [Fact]
    public void Whole_numbers_of_any_size_stay_whole()
    {
        var rows = ExampleReader.ReadCsv(new StringReader("id,mixed,sum\n12345678901234567890123,9223372036854775807,1.5\n-9223372036854775809,x,12345678901234567890123\n1,,\n"));
        Assert.Equal("{'id': 12345678901234567890123, 'mixed': '9223372036854775807', 'sum': 1.5}", rows[0].ToString());
        Assert.Equal("{'id': -9223372036854775809, 'mixed': 'x', 'sum': 1.2345678901234568e+22}", rows[1].ToString());
        Assert.Equal("{'id': 1, 'mixed': None, 'sum': None}", rows[2].ToString());
        Assert.Equal("12345678901234567890124", PromptTemplate.Parse("{{ id + 1 }}").Render(rows[0]));
    }

    [Fact]
    public void A_quote_inside_an_unquoted_value_is_text() =>
        Assert.Equal(["{'a': '5\" nail', 'b': 'x'}"], ExampleReader.ReadCsv(new StringReader("a,b\n5\" nail,x\n")).Select(r => r.ToString()));

    [Fact]
    public async Task A_file_with_a_byte_order_mark_and_Macs_line_ends_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.csv"), "a;b\r1;2\r".Replace(';', ','), new System.Text.UTF8Encoding(true));
        Assert.Equal(["{'a': 1, 'b': 2}"], (await ExampleReader.ReadAsync(folder.File("a.csv"), cancellation: TestContext.Current.CancellationToken)).Select(r => r.ToString()));
    }

    [Theory]
    [InlineData("a,b\n1\n", 2, "ends before b")]
    [InlineData("a,b\n1,2\n1,2,3\n", 3, "3 values for 2 columns")]
    [InlineData("a,b\n1,\"x", 2, "does not end")]
    [InlineData("a,b\n\"1\"2,x", 2, "closing quote")]
    [InlineData("a,a\n1,2", 1, "twice")]
    [InlineData("", 1, "empty")]
    public void A_bad_csv_row_is_named(string text, long line, string detail)
    {
        var error = Assert.Throws<PromptFileException>(() => ExampleReader.ReadCsv(new StringReader(text), "f.csv"));
        Assert.Equal(line, error.Line);
        Assert.Contains(detail, error.Message);
    }

    [Fact]
    public void Values_of_NET_print_as_their_likes_in_Python()
    {
        var example = new PromptExample(new Dictionary<string, object?>
        {
            ["date"] = new DateOnly(2020, 1, 2),
            ["time"] = new TimeOnly(3, 4, 5, 250),
            ["moment"] = new DateTime(2020, 1, 2, 3, 4, 5),
            ["utc"] = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            ["zone"] = new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.FromHours(-2)),
            ["span"] = new TimeSpan(1, 2, 3, 4),
            ["back"] = TimeSpan.FromSeconds(-1),
            ["price"] = 1.50m,
        });
        Assert.Equal(
            "2020-01-02|03:04:05.250000|2020-01-02 03:04:05|2020-01-02 03:04:05+00:00|2020-01-02 03:04:05-02:00|1 day, 2:03:04|-1 day, 23:59:59|1.50",
            PromptTemplate.Parse("{{ date }}|{{ time }}|{{ moment }}|{{ utc }}|{{ zone }}|{{ span }}|{{ back }}|{{ price }}").Render(example));
    }

    [Fact]
    public void A_data_frame_gives_its_rows()
    {
        var frame = new DataFrame(new StringDataFrameColumn("text", ["a", null!]), new Int32DataFrameColumn("label", [1, 2]));
        Assert.Equal(["{'text': 'a', 'label': 1}", "{'text': None, 'label': 2}"], ExampleReader.ReadDataFrame(frame).Select(e => e.ToString()));
        Assert.Contains("title", Assert.Throws<PromptFileException>(() => ExampleReader.ReadDataFrame(frame, ["title"])).Message);
    }
}
