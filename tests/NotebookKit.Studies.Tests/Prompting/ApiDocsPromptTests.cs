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
    private static readonly Lazy<PromptTasks> Lazily = new(() => PromptTasks.FromApiDocs(PinnedApiDocs.Value, PromptLibrary.Open(Folder), T0Experiments.Of("smoke")));

    private static PromptTasks Tasks => PinnedApiDocs.Value is not null ? Lazily.Value : throw new InvalidOperationException();

    /// <summary>The set whose choices come in any length has the prompts of another.</summary>
    private static IEnumerable<(PromptTask Task, Prompt Prompt)> All => Tasks.Where(t => !t.Name.Contains(',')).SelectMany(t => t.Prompts.Prompts.Select(p => (t, p)));

    private static string[] Texts(PromptExample example, string field) => [.. ((IEnumerable<object?>)example.First(f => f.Key == field).Value!).Cast<string>()];

    private static string Text(PromptExample example, string field) => (string)example.First(f => f.Key == field).Value!;

    [Fact]
    public void There_are_eight_sets_to_train_on_and_each_kind_of_held_out_set()
    {
        Assert.Equal(T0Experiments.Datasets, Tasks.Training.Select(t => t.Name));
        Assert.Equal((8, 2, 3), (Tasks.Training.Count, Tasks.HeldOutDatasets.Count, Tasks.HeldOutTasks.Count));
        Assert.DoesNotContain(Tasks.HeldOutTasks, t => Tasks.Training.Any(u => u.Family == t.Family));
        Assert.All(Tasks, t => Assert.True(t.Prompts.Prompts.Count >= 10, t.Name));
        Assert.All(Tasks.Training, t => Assert.Equal(1, t.Prompts.Prompts.Count(p => p.Metadata.OriginalTask == false)));
    }

    [Fact]
    public void Wrong_choices_are_as_long_as_the_right_one_and_as_they_come_they_are_not()
    {
        double Gap(string set) => Tasks[set][Split.Test].Take(300).Average(row =>
        {
            string[] choices = Texts(row, "choices");
            int right = Length(choices[(int)(long)row.First(f => f.Key == "label").Value!]);
            return choices.Average(c => Math.Abs(Length(c) - right));
        });
        foreach (string set in new[] { "member_name", "parameter_name", "type_name", "returns_of" }) Assert.True(Gap("api_docs/" + set) < 1, $"{set}: {Gap("api_docs/" + set):F2}");
        Assert.True(Gap("api_docs/type_name, any length") > 2 * Gap("api_docs/type_name"));

        static int Length(string choice) => Tasks.Tokens!.Target(choice, int.MaxValue).Length;
    }

    [Fact]
    public void Marks_are_drawn_anew_for_each_row_and_each_is_one_piece()
    {
        var rows = Tasks["api_docs/member_name"][Split.Train].Take(400).Select(row => Texts(row, "marks")).ToList();
        Assert.All(rows, marks => Assert.Equal(4, marks.Distinct().Count()));
        // The mark of the right answer can be any: no mark is right in more than a twelfth of the rows.
        Assert.True(Tasks["api_docs/member_name"][Split.Train].Take(400).CountBy(row => Texts(row, "marks")[(int)(long)row.First(f => f.Key == "label").Value!]).Max(c => c.Value) < 400 / 12);
        Assert.All(rows.SelectMany(marks => marks).Distinct(), mark => Assert.Equal(2, Tasks.Tokens!.Target(mark, int.MaxValue).Length));
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
            var worded = task[Split.Valid].Take(60).Select(e => prompt.Apply(e, ChoiceSource.First)).ToList();
            Assert.All(worded, w => Assert.True(w.IsUsable && w.Parts.Count == 2, $"{task.Name}/{prompt.Name}"));
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
    public void No_type_and_no_text_stands_in_two_parts()
    {
        foreach (string field in new[] { "type", "text" })
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
            Assert.Equal([PromptNovelty.Wording, PromptNovelty.Wording, PromptNovelty.Wording, PromptNovelty.WordingAndAnswerWords, PromptNovelty.WordingAndAnswerWords], task.HeldOutPrompts.Select(task.NoveltyOf));
            Assert.Equal(7, task.TrainingPrompts.Count);
            Assert.All(task.HeldOutPrompts, p => Assert.True(p.Metadata.OriginalTask));
            Assert.Single(task.TrainingPrompts.Where(p => p.Metadata.OriginalTask == true).Select(p => p.AnswerChoices).Distinct());
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
