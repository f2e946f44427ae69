using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;

namespace NotebookKit.Tests.Prompting;

/// <summary>The public data sets with promptsource's prompts, where they are at hand (variable NOTEBOOKKIT_DATA).</summary>
public class DatasetPromptTests
{
    private static readonly Lazy<PromptTasks> Lazily = new(() => PromptTasks.FromDatasets(new DatasetStore(
        DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")),
        Path.Combine(Path.GetTempPath(), "notebookkit-no-cache"),
        Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA")!.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))));

    private static PromptTasks Tasks
    {
        get
        {
            Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA")), "NOTEBOOKKIT_DATA names no folder with the public data sets.");
            return Lazily.Value;
        }
    }

    [Fact]
    public void There_are_23_sets_over_8_tasks_to_train_on_and_8_sets_of_other_tasks_held_out()
    {
        Assert.Equal((23, 8), (Tasks.Training.Count, Tasks.Training.Select(t => t.Family).Distinct().Count()));
        Assert.Equal(8, Tasks.HeldOutTasks.Count);
        Assert.Empty(Tasks.HeldOutDatasets);
        var without = Tasks.HoldOut("trec", "glue/mrpc", "medical_questions_pairs");
        Assert.Equal(["trec"], without.HeldOutDatasets.Select(t => t.Name));
        Assert.Equal((20, 10), (without.Training.Count, without.HeldOutTasks.Count));
        Assert.Empty(without["trec"].TrainingPrompts);
        Assert.Throws<KeyNotFoundException>(() => Tasks.HoldOut("treck"));
    }

    [Fact]
    public void Every_set_has_prompts_that_apply_to_at_least_95_of_100_examples()
    {
        foreach (var task in Tasks)
        {
            var part = task.IsHeldOut ? Split.Test : Split.Train;
            var some = new PromptTask(task.Family, false, task.Prompts, [], split => [.. task[split].Take(60)]);
            int fitting = task.Prompts.Prompts.Count(prompt => some.Apply(prompt, part).Count() >= 0.95 * some[part].Count);
            Assert.True(fitting >= 4, $"{task.Name}: {fitting} of {task.Prompts.Prompts.Count}");
        }
    }

    [Fact]
    public void No_sentence_of_the_two_sets_of_film_reviews_stands_in_two_parts()
    {
        static string Letters(PromptExample row, string field) =>
            string.Concat(((string)row.First(f => f.Key == field).Value!).Where(char.IsLetterOrDigit)).ToLowerInvariant();
        HashSet<string> Texts(string set, string field, Split split) => [.. Tasks[set][split].Select(row => Letters(row, field))];
        var trained = Texts("rotten_tomatoes", "text", Split.Train);
        Assert.True(trained.Overlaps(Texts("glue/sst2", "sentence", Split.Train)));
        foreach (var split in new[] { Split.Valid, Split.Test })
        {
            Assert.False(trained.Overlaps(Texts("glue/sst2", "sentence", split)));
            Assert.False(Texts("glue/sst2", "sentence", Split.Train).Overlaps(Texts("rotten_tomatoes", "text", split)));
        }
    }

    [Fact]
    public void Questions_on_one_passage_lie_in_one_part()
    {
        foreach (var (set, field) in new[] { ("ropes", "background"), ("xquad/xquad.en", "context"), ("wiki_qa", "question"), ("dream", "dialogue") })
        {
            var parts = Enum.GetValues<Split>().Select(split => Tasks[set][split].Select(row => System.Text.Json.JsonSerializer.Serialize(row.First(f => f.Key == field).Value)).ToHashSet()).ToList();
            Assert.False(parts[0].Overlaps(parts[1]) || parts[0].Overlaps(parts[2]) || parts[1].Overlaps(parts[2]), set);
        }
    }
}
