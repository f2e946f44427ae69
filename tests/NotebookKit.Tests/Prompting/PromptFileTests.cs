using NotebookKit.Prompting;

namespace NotebookKit.Tests.Prompting;

public class PromptFileTests
{
    private const string File = """
        dataset: weather
        subset: daily
        templates:
          0b8b7c51-0000-4000-8000-000000000001: !Template
            answer_choices: dry ||| wet
            id: 0b8b7c51-0000-4000-8000-000000000001
            jinja: "Will it rain?\n{{ report }} ||| {{ answer_choices [label] }}"
            metadata: !TemplateMetadata
              choices_in_prompt: false
              languages: &languages
              - en
              metrics:
              - Accuracy
              original_task: true
            name: will it rain
            reference: ''
          0b8b7c51-0000-4000-8000-000000000002: !Template
            answer_choices: null
            id: 0b8b7c51-0000-4000-8000-000000000002
            jinja: 'Write a report. ||| {{ report }}'
            metadata: !TemplateMetadata
              choices_in_prompt: null
              languages: *languages
              metrics: []
              original_task: false
            name: "yes"
            reference: none
            task_template: true
        """;

    private static PromptCollection Read(string text) => PromptCollection.Read(new StringReader(text), "weather.yaml");

    internal static void AssertRoundTrip(PromptCollection collection)
    {
        var writer = new StringWriter();
        collection.Write(writer);
        var again = Read(writer.ToString());
        Assert.Equal((collection.Dataset, collection.Subset, collection.Prompts.Count), (again.Dataset, again.Subset, again.Prompts.Count));
        foreach (var (before, after) in collection.Prompts.Zip(again.Prompts))
        {
            Assert.Equal((before.Id, before.Name, before.Jinja, before.AnswerChoices, before.Reference), (after.Id, after.Name, after.Jinja, after.AnswerChoices, after.Reference));
            Assert.Equal(before.Metadata, after.Metadata);
            Assert.Equal(before.Extra, after.Extra);
        }
    }

    [Fact]
    public void A_file_is_read_with_its_metadata_and_aliases()
    {
        var collection = Read(File);
        Assert.Equal("weather/daily", collection.Name);
        Assert.Equal(["will it rain", "yes"], collection.Prompts.Select(p => p.Name));
        Assert.Equal(new PromptMetadata(true, false, ["Accuracy"], ["en"]), collection.Prompts[0].Metadata);
        Assert.Equal(new PromptMetadata(false, null, [], ["en"]), collection.Prompts[1].Metadata);
        Assert.Equal("true", collection.Prompts[1].Extra["task_template"]);
        Assert.Equal(["dry", "wet"], collection.Prompts[0].FixedChoices);
        Assert.Contains("it has: will it rain, yes", Assert.Throws<KeyNotFoundException>(() => collection["no such"]).Message);
    }

    [Fact]
    public void Reading_what_was_written_gives_the_same_prompts()
    {
        AssertRoundTrip(Read(File));
        string[] awkward = ["", " ", "\n", "a\n\n b \n", "\ttab", "# not a comment", "no", "null", "1.5", "- x", "key: value", "quote ' and \"", "é 😀 \u2028 \u0085", "{{ x }}\r\n", "trailing \nspace", "%", "a\n  indented\n", "x\n"];
        AssertRoundTrip(new PromptCollection("d", null, [.. awkward.Select((text, i) => new Prompt($"{text}{i}", text, text, reference: text))]));
    }

    [Theory]
    [InlineData("dataset: x\ntemplates:\n  a: !Template\n    name: n", 3, "has no 'jinja'")]
    [InlineData("templates: {}", 1, "'dataset' is missing")]
    [InlineData("dataset: x\ntemplates: !!python/object:os.system {}", 2, "not allowed")]
    [InlineData("dataset: !Evil x", 1, "not allowed")]
    [InlineData("dataset: x\nsubset: [1]", 2, "must be text")]
    [InlineData("dataset: x\ntemplates:\n  a: 1\n  a: 2", 4, "occurs twice")]
    [InlineData("dataset: x\ntemplates:\n  a: *nothing", 3, "unknown alias")]
    [InlineData("dataset: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", 1, "nested more than")]
    [InlineData("dataset: 'open", 1, "")]
    [InlineData("a: 1\ndataset: \"\\UFFFFFFFF\"", 2, "not YAML")]
    [InlineData("a: 1\ndataset: \"\\ud800\"", 2, "scalar")]
    [InlineData("- [\n>", 2, "not YAML")]
    [InlineData("a: 1\ndataset: \"one\u2028two\"", 0, "line 2 holds the character U+2028, which YAML takes for a line end; write it as \\L in double quotes")]
    [InlineData("a: 1\ndataset: \"one\u0085two\"", 0, "U+0085, which YAML takes for a line end; write it as \\N")]
    [InlineData("dataset: one\u2029two", 0, "line 1 holds the character U+2029, which YAML takes for a line end; write it as \\P")]
    [InlineData("", 0, "")]
    public void A_bad_file_is_refused_with_its_name_and_line(string text, long line, string detail)
    {
        var error = Assert.Throws<PromptFileException>(() => Read(text));
        Assert.StartsWith("weather.yaml", error.Message);
        Assert.Contains(detail, error.Message);
        Assert.True(error.Line == line || line == 0 || detail.Length == 0, error.Message);
    }

    [Fact]
    public void Keys_that_are_not_the_id_are_kept_on_the_way_back()
    {
        var prompt = Read(File.Replace("    id: 0b8b7c51-0000-4000-8000-000000000001", "    id: 0b8b7c51-0000-4000-8000-00000000000f")).Prompts[0];
        Assert.Equal(("0b8b7c51-0000-4000-8000-000000000001", "0b8b7c51-0000-4000-8000-00000000000f", 4), (prompt.Key, prompt.Id, prompt.Line));
        var writer = new StringWriter();
        new PromptCollection("d", null, [prompt]).Write(writer);
        Assert.Equal((prompt.Key, prompt.Id), (Read(writer.ToString()).Prompts[0].Key, Read(writer.ToString()).Prompts[0].Id));
    }

    [Fact]
    public void A_saved_collection_is_found_in_its_folder_and_filtered()
    {
        string folder = Directory.CreateTempSubdirectory("prompts").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "weather", "daily"));
            Read(File).Save(Path.Combine(folder, "weather", "daily", "templates.yaml"));
            var library = PromptLibrary.Open(folder, new Dictionary<string, string> { ["weather"] = "forecast" });
            string[] Found(PromptFilter filter) => [.. library.Find(filter).Select(p => p.FullName)];
            Assert.Equal(["weather/daily/will it rain", "weather/daily/yes"], Found(new(Dataset: "weather")));
            Assert.Equal(["weather/daily/will it rain"], Found(new(Dataset: "weather/daily", OriginalTask: true)));
            Assert.Equal(["weather/daily/will it rain"], Found(new(Metric: "accuracy", Task: "forecast")));
            Assert.Empty(Found(new(Task: "sentiment")));
            Assert.Contains("weather/daily", Assert.Throws<KeyNotFoundException>(() => library["weather"]).Message);
            Assert.Equal(["templates.yaml"], Directory.GetFiles(Path.Combine(folder, "weather", "daily")).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Throws<DirectoryNotFoundException>(() => PromptLibrary.Open(folder));
    }
}
