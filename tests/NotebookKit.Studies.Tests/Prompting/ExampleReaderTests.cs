using Microsoft.Data.Analysis;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using Parquet.Schema;
using Parquet.Serialization;

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

    [Theory]
    [InlineData("a,b\n1\n", 2, "ends before b")]
    [InlineData("a,b\n1,2\n1,2,3\n", 3, "3 values for 2 columns")]
    [InlineData("a,b\n1,\"x", 2, "not closed")]
    [InlineData("a,a\n1,2", 1, "twice")]
    [InlineData("", 1, "empty")]
    public void A_bad_csv_row_is_named(string text, long line, string detail)
    {
        var error = Assert.Throws<PromptFileException>(() => ExampleReader.ReadCsv(new StringReader(text), "f.csv"));
        Assert.Equal(line, error.Line);
        Assert.Contains(detail, error.Message);
    }

    [Fact]
    public async Task Parquet_columns_keep_the_schemas_order()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"), new DataField<double>("score"));
        var rows = new List<IDictionary<string, object?>>
        {
            new Dictionary<string, object?> { ["label"] = 1L, ["score"] = 0.5, ["text"] = "été" },
            new Dictionary<string, object?> { ["label"] = 0L, ["score"] = 2.0, ["text"] = "b" },
        };
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeUntypedAsync(rows, schema, stream, cancellationToken: TestContext.Current.CancellationToken);
        stream.Position = 0;
        var examples = await ExampleReader.ReadParquetAsync(stream, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["{'text': 'été', 'label': 1, 'score': 0.5}", "{'text': 'b', 'label': 0, 'score': 2.0}"], examples.Select(e => e.ToString()));
        using var garbage = new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var error = await Assert.ThrowsAsync<PromptFileException>(() => ExampleReader.ReadParquetAsync(garbage, "x.parquet", cancellation: TestContext.Current.CancellationToken));
        Assert.StartsWith("x.parquet", error.Message);
    }

    [Fact]
    public void A_data_frame_gives_its_rows()
    {
        var frame = new DataFrame(new StringDataFrameColumn("text", ["a", null!]), new Int32DataFrameColumn("label", [1, 2]));
        Assert.Equal(["{'text': 'a', 'label': 1}", "{'text': None, 'label': 2}"], ExampleReader.ReadDataFrame(frame).Select(e => e.ToString()));
        Assert.Contains("title", Assert.Throws<PromptFileException>(() => ExampleReader.ReadDataFrame(frame, ["title"])).Message);
    }
}
