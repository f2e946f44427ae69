using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Tests.Prompting;

/// <summary>The public prompts themselves, where the data folder is at hand (variable NOTEBOOKKIT_DATA).</summary>
public class ConformanceTests
{
    [Fact]
    public void Every_template_of_the_conformance_set_renders_byte_for_byte()
    {
        string path = Path.Combine(PublicData.Promptsource(), "conformance.jsonl");
        if (!File.Exists(path)) Assert.Skip($"{path} is not there.");
        int lines = 0;
        var different = new List<string>();
        foreach (string text in File.ReadLines(path))
        {
            lines++;
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var prompt = new Prompt(root.GetProperty("key").GetString()!, root.GetProperty("jinja").GetString()!, root.GetProperty("answer_choices").GetString());
            var example = PromptExample.FromJson(root.GetProperty("example"));
            var options = new PromptOptions(Truncate: false, RequireFields: false);
            string output = prompt.RenderText(example, ChoiceSource.First, options);
            var choices = prompt.ChoicesFor(example, ChoiceSource.First, options);
            var expectedChoices = root.GetProperty("expected_choices").ValueKind == JsonValueKind.Null ? null
                : root.GetProperty("expected_choices").EnumerateArray().Select(c => c.GetString()!).ToArray();
            if (output != root.GetProperty("expected").GetString() || !(choices ?? []).SequenceEqual(expectedChoices ?? [])) different.Add(prompt.Name);
        }
        Assert.True(lines > 0);
        Assert.Empty(different);
    }

    [Fact]
    public void Every_public_template_parses_as_written_and_as_rewritten_for_truncation()
    {
        var library = PromptLibrary.Open(Path.Combine(PublicData.Promptsource(), "templates"));
        var prompts = library.Find(new PromptFilter()).ToList();
        Assert.Equal((279, 2085), (library.Collections.Count, prompts.Count));
        Assert.Equal(911, prompts.Count(p => p.Prompt.FixedChoices is not null));
        Assert.Equal(1145, prompts.Count(p => p.Prompt.AnswerChoices is not null));
        Assert.Equal(1535, prompts.Count(p => p.Prompt.Metadata.OriginalTask == true));
        foreach (var item in prompts) Assert.NotNull(PromptTemplate.ParseTruncated(item.Prompt.Jinja, item.FullName));
    }

    [Fact]
    public void Public_files_survive_reading_and_writing()
    {
        foreach (var collection in PromptLibrary.Open(Path.Combine(PublicData.Promptsource(), "templates")).Collections) PromptFileTests.AssertRoundTrip(collection);
    }

    [Fact]
    public void Rendering_never_changes_an_example()
    {
        string path = Path.Combine(PublicData.Promptsource(), "conformance.jsonl");
        if (!File.Exists(path)) Assert.Skip($"{path} is not there.");
        foreach (string text in File.ReadLines(path).Where(line => line.Contains(".append(") || line.Contains(".pop(") || line.Contains(".update(")))
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var prompt = new Prompt("p", root.GetProperty("jinja").GetString()!, root.GetProperty("answer_choices").GetString());
            var example = PromptExample.FromJson(root.GetProperty("example"));
            string before = example.ToString();
            string first = prompt.RenderText(example, ChoiceSource.First, new PromptOptions(RequireFields: false));
            Assert.Equal(first, prompt.RenderText(example, ChoiceSource.First, new PromptOptions(RequireFields: false)));
            Assert.Equal(before, example.ToString());
        }
    }
}
