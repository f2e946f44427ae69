using System.Text.Json;
using NotebookKit.Prompting;

namespace NotebookKit.Tests.Prompting;

/// <summary>The public prompts themselves, where the data folder is at hand (variable NOTEBOOKKIT_DATA).</summary>
public class ConformanceTests
{
    private static string Promptsource()
    {
        string? data = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        string? folder = data?.Split(Path.PathSeparator).Select(d => Path.Combine(d, "promptsource")).FirstOrDefault(Directory.Exists);
        if (folder is null) Assert.Skip("Set NOTEBOOKKIT_DATA to a folder that holds promptsource/ to compare with the public prompts.");
        return folder;
    }

    [Fact]
    public void Every_template_of_the_conformance_set_renders_byte_for_byte()
    {
        string path = Path.Combine(Promptsource(), "conformance.jsonl");
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
        var library = PromptLibrary.Open(Path.Combine(Promptsource(), "templates"));
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
        foreach (var collection in PromptLibrary.Open(Path.Combine(Promptsource(), "templates")).Collections) PromptFileTests.AssertRoundTrip(collection);
    }

    [Fact]
    public void Rendering_never_changes_an_example()
    {
        string path = Path.Combine(Promptsource(), "conformance.jsonl");
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

    /// <summary>The proportions that follow from T0's code, computed here from the rule and the prompts themselves.</summary>
    [Fact]
    public void T0_rule_gives_cnn_dailymail_a_larger_part_than_gigaword_which_has_thirteen_times_its_examples()
    {
        var library = PromptLibrary.Open(Path.Combine(Promptsource(), "templates"));
        var sources = T0Datasets.Training.Select(d => new MixtureSource(d.Name, d.TrainExamples, [.. library[d.Name].Prompts.Select(p => p.Name)])).ToList();
        var mixture = new Mixture(sources, new MixtureRule.T0());
        Assert.Equal(313, mixture.Components.Count);
        var largest = mixture.ByDataset().Take(5).Select(d => (d.Dataset, Math.Round(100 * d.Proportion, 1)));
        Assert.Equal([("cnn_dailymail/3.0.0", 15.0), ("glue/qqp", 12.6), ("xsum", 11.8), ("app_reviews", 6.7), ("ag_news", 4.9)], largest);
        double Part(MixtureRule rule, string name) => new Mixture(sources, rule).ByDataset().Single(d => d.Dataset == name).Proportion;
        Assert.True(Part(new MixtureRule.T0(), "cnn_dailymail/3.0.0") > 5 * Part(new MixtureRule.T0(), "gigaword"));
        Assert.True(Part(new MixtureRule.Capped(), "cnn_dailymail/3.0.0") < Part(new MixtureRule.Capped(), "gigaword"));
    }
}
