using System.Text.Json.Nodes;
using CsCheck;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;

namespace NotebookKit.Tests.Data;

public class DelimitedTextTests
{
    [Fact]
    public void Records_that_are_written_with_quotes_are_read_back()
    {
        var field = Gen.String[Gen.Char["ab,\"\n\r "], 0, 6];
        Gen.Select(field.Array[2, 4].Array[1, 5], Gen.Bool).Sample((records, carriage) =>
        {
            var text = string.Concat(records.Select(r => string.Join(',', r.Select(f => $"\"{f.Replace("\"", "\"\"")}\"")) + (carriage ? "\r\n" : "\n")));
            Assert.Equal(records, DelimitedText.Records(text).Select(r => r.ToArray()));
        });
    }

    [Fact]
    public void A_bare_field_ends_at_comma_or_line_end() =>
        Assert.Equal([["a", "", "b c"], ["d"]], DelimitedText.Records("a,,b c\r\nd\n\n"));

    [Fact]
    public void A_quoted_field_without_an_end_is_reported_with_its_line() =>
        Assert.Contains("line 3", Assert.Throws<InvalidDataException>(() => DelimitedText.Records("a\n\"b\nc\"\n").Concat(DelimitedText.Records("a\nb\n\"c\n")).ToList()).Message);

    [Fact]
    public void A_name_that_occurs_twice_is_refused() =>
        Assert.Contains("twice", Assert.Throws<InvalidDataException>(() => DelimitedText.Rows("a,a\n1,2\n").ToList()).Message);

    [Fact]
    public void Lines_are_those_of_Pythons_json_dumps() => Assert.Equal(
        "{\"b\": \"caf\\u00e9 \\ud83d\\ude00 \\\"\\\\\\n\\u007f/\", \"a\": [1, 2.50, null, true, {}]}\n",
        System.Text.Encoding.ASCII.GetString(PythonJson.Lines([JsonNode.Parse("{\"a\": [1, 2.50, null, true, {}], \"b\": \"café 😀 \\\"\\\\\\n\\u007f/\"}")!.AsObject()], ["b", "a"])));
}
