using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;
using NotebookKit.Tests.Data;

namespace NotebookKit.Tests.Prompting;

/// <summary>The offline tasks and the prompts in <c>data/prompts</c>, on real examples.</summary>
public class ApiDocsPromptTests
{
    private static readonly string Folder = Path.Combine(CheckoutFolder.Root, "data", "prompts");
    private static readonly Lazy<PromptTasks> Lazily = new(() => PromptTasks.FromApiDocs(PinnedApiDocs.Value, PromptLibrary.Open(Folder)));

    private static PromptTasks Tasks => PinnedApiDocs.Value is not null ? Lazily.Value : throw new InvalidOperationException();

    private static IEnumerable<(PromptTask Task, Prompt Prompt)> All => Tasks.SelectMany(t => t.Prompts.Prompts.Select(p => (t, p)));

    private static string Text(PromptExample example, string field) => (string)example.First(f => f.Key == field).Value!;

    [Fact]
    public void There_are_seven_sets_to_train_on_and_each_kind_of_held_out_set()
    {
        Assert.Equal((7, 2, 2), (Tasks.Training.Count, Tasks.HeldOutDatasets.Count, Tasks.HeldOutTasks.Count));
        Assert.Equal(4, Tasks.Training.Select(t => t.Family).Distinct().Count());
        Assert.DoesNotContain(Tasks.HeldOutTasks, t => Tasks.Training.Any(u => u.Family == t.Family));
        Assert.All(Tasks, t => Assert.True(t.Prompts.Prompts.Count >= 10, t.Name));
        Assert.All(Tasks, t => Assert.Contains(t.Prompts.Prompts, p => p.Metadata.OriginalTask == false));
    }

    [Fact]
    public void Names_and_ids_are_unique()
    {
        Assert.Equal(All.Count(), All.Select(p => $"{p.Task.Name}/{p.Prompt.Name}").Distinct().Count());
        Assert.Equal(All.Count(), All.Select(p => p.Prompt.Id).Distinct().Count());
        Assert.All(All, p => Assert.True(Guid.TryParse(p.Prompt.Id, out _)));
    }

    [Fact]
    public void Every_prompt_words_every_example_with_two_parts_and_a_target_among_the_choices()
    {
        foreach (var (task, prompt) in All)
        {
            var worded = task[Split.Valid].Select(e => prompt.Apply(e, ChoiceSource.First)).ToList();
            // Only one prompt of the pair tasks is for some examples alone: it asks for a text that belongs to another.
            if (prompt.Name != "write_the_second") Assert.All(worded, w => Assert.True(w.IsUsable && w.Parts.Count == 2, $"{task.Name}/{prompt.Name}"));
            if (prompt.AnswerChoices is null) continue;
            Assert.All(worded, w => Assert.True(w.TargetChoice >= 0, $"{task.Name}/{prompt.Name}: '{w.Target}' is none of {string.Join(", ", w.Choices!)}"));
            Assert.All(worded, w => Assert.Equal(w.Choices!.Count, w.Choices.Distinct().Count()));
        }
    }

    [Fact]
    public void The_input_of_an_original_task_is_the_same_whatever_the_label()
    {
        foreach (var (task, prompt) in All.Where(p => p.Prompt.Metadata.OriginalTask == true))
        {
            foreach (var example in task[Split.Test].Take(40))
            {
                var worded = prompt.Apply(example);
                for (int label = 0; label < worded.Choices!.Count; label++)
                {
                    var other = prompt.Apply(example.With("label", label));
                    Assert.Equal(worded.Input, other.Input);
                    Assert.Equal(label, other.TargetChoice);
                }
            }
        }
    }

    [Fact]
    public void Choices_stand_in_the_input_exactly_if_the_prompt_says_so()
    {
        foreach (var (task, prompt) in All.Where(p => p.Prompt.Metadata.OriginalTask == true))
        {
            var worded = task[Split.Test].Take(40).Select(e => prompt.Apply(e)).ToList();
            Assert.Equal(prompt.Metadata.ChoicesInPrompt, worded.All(w => w.Choices!.All(choice => w.Input.Contains(choice, StringComparison.OrdinalIgnoreCase))));
        }
    }

    [Fact]
    public void Classes_are_balanced_in_every_part()
    {
        foreach (var task in Tasks)
        {
            foreach (var split in Enum.GetValues<Split>())
            {
                var counts = task[split].CountBy(e => e.First(f => f.Key == "label").Value!).Select(c => c.Value).Distinct().ToList();
                Assert.Single(counts);
                Assert.True(task[split].Count >= 100, $"{task.Name}: {task[split].Count} in {split}");
            }
            var prompt = task.Prompts.Prompts[0];
            Assert.Equal(1.0 / task.Apply(prompt, Split.Test).First().Choices!.Count, task.Majority(prompt), 9);
        }
    }

    [Fact]
    public void No_type_and_no_text_stands_in_two_parts()
    {
        foreach (string field in new[] { "type", "first", "second", "summary", "description", "condition" })
        {
            var part = new Dictionary<string, Split>();
            foreach (var task in Tasks)
            {
                foreach (var split in Enum.GetValues<Split>())
                {
                    foreach (var example in task[split].Where(e => e.Contains(field)))
                    {
                        // Within one task no text may cross; a type may cross in none.
                        string key = field == "type" ? Text(example, field) : $"{task.Name}: {Text(example, field)}";
                        if (!part.TryAdd(key, split)) Assert.Equal(part[key], split);
                    }
                }
            }
        }
    }

    [Fact]
    public void Held_out_prompts_separate_new_wording_from_new_answer_words()
    {
        foreach (var task in Tasks.Training)
        {
            var kinds = task.HeldOutPrompts.CountBy(task.NoveltyOf).ToDictionary();
            Assert.InRange(kinds[PromptNovelty.Wording], 3, 4);
            Assert.Equal(1, kinds[PromptNovelty.AnswerWords]);
            Assert.Equal(1, kinds[PromptNovelty.WordingAndAnswerWords]);
            Assert.InRange(task.TrainingPrompts.Count, 7, 8);
            Assert.All(task.HeldOutPrompts, p => Assert.True(p.Metadata.OriginalTask));
            var trained = task.TrainingPrompts.Where(p => p.Metadata.OriginalTask == true).Select(p => p.AnswerChoices).Distinct().Count();
            Assert.True(trained >= 2, $"{task.Name}: the trained prompts share one set of answer words");
        }
        Assert.All(Tasks.Where(t => t.IsHeldOut), t => Assert.Empty(t.TrainingPrompts));
    }

    [Fact]
    public void Any_prefix_of_a_part_is_a_fair_sample_of_the_labels()
    {
        foreach (var task in Tasks)
        {
            long[] labels = [.. task[Split.Test].Take(100).Select(e => (long)e.First(f => f.Key == "label").Value!)];
            int classes = (int)task[Split.Test].Max(e => (long)e.First(f => f.Key == "label").Value!) + 1;
            // Five standard deviations of a fair draw.
            double share = 1.0 / classes, deviation = Math.Sqrt(labels.Length * share * (1 - share));
            Assert.All(Enumerable.Range(0, classes), label => Assert.True(
                Math.Abs(labels.Count(l => l == label) - labels.Length * share) < 5 * deviation, $"{task.Name}: label {label} is {labels.Count(l => l == label)} of the first {labels.Length}"));
        }
    }

    [Fact]
    public void The_files_are_as_the_library_writes_them()
    {
        foreach (string path in Directory.EnumerateFiles(Folder, "templates.yaml", SearchOption.AllDirectories))
        {
            var text = new StringWriter();
            PromptCollection.Load(path).Write(text);
            Assert.Equal(File.ReadAllText(path), text.ToString());
        }
    }
}
