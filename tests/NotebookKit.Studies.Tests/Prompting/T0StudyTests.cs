using NotebookKit.Models;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;
using NotebookKit.Tests.Training;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Prompting;

[Collection(nameof(GlobalGenerator))]
public class T0StudyTests
{
    /// <summary>Two data sets on colours and sizes, one held-out data set and one held-out task.</summary>
    private static PromptTasks Tasks { get; } = new(
    [
        Task("colour", "choose", held: false, ["red", "blue"]),
        Task("size", "choose", held: false, ["large", "small"]),
        Task("shape", "choose", held: true, ["round", "flat"]),
        Task("pair", "compare", held: true, ["yes", "no"]),
    ]);

    private static readonly T0Study Tiny = T0Experiments.Of("smoke") with
    {
        Datasets = [],
        MixtureCap = 0,
        Start = new() { Steps = 0 },
        Checks = 2,
        ValidationExamples = 6,
        Model = new() { DModel = 16, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2, DropoutRate = 0 },
        Pieces = new() { VocabularySize = 200 },
        Training = T0Experiments.Of("smoke").Training with { BatchSize = 8, MicroBatchSize = 8, SortedBatches = 2, Training = new() { Steps = 120, WarmUpSteps = 12, LearningRate = 1e-2, Beta2 = 0.98 } },
        TestExamples = 6,
        Examples = 10,
    };

    private static readonly Lazy<T0Comparison> Comparison = new(() => new(Tasks, Tiny, torch.CPU));

    [Fact]
    public void Tests_are_told_apart_by_what_of_them_is_new()
    {
        var kinds = Comparison.Value.Tests.ToLookup(t => t.Kind, t => $"{t.Dataset}/{t.Prompt}");
        Assert.Equal(["colour/first", "size/first"], kinds[ZeroShotKind.TrainedPrompt]);
        Assert.Equal(["colour/other wording", "size/other wording"], kinds[ZeroShotKind.NewWording]);
        Assert.Equal(["colour/other words", "size/other words"], kinds[ZeroShotKind.OtherAnswerWords]);
        Assert.Equal(["colour/new words", "size/new words"], kinds[ZeroShotKind.NewAnswerWords]);
        Assert.Equal(6, kinds[ZeroShotKind.HeldOutDataset].Count()); // every prompt with choices that poses the set's own task, and only those
        Assert.Equal(6, kinds[ZeroShotKind.HeldOutTask].Count());
        Assert.All(Comparison.Value.Tests, t => Assert.Equal((0.5, 6), (t.Chance, t.Examples.Count)));
    }

    [Fact]
    public void No_test_is_cut_and_what_was_dropped_for_it_is_counted()
    {
        Assert.All(Comparison.Value.Lengths(Tiny), l => Assert.True(l.IsWhole, $"{l}"));
        Assert.Equal(Tasks.Select(t => t.Name), Comparison.Value.Dropped.Select(d => d.Dataset));
        Assert.All(Comparison.Value.Dropped, d => Assert.Equal((0, 6), (d.Dropped, d.Kept)));

        // A row is dropped for all prompts if it is too long with one of them: the longest input of the shorter limit then fits it.
        int longest = Comparison.Value.Lengths(Tiny).Where(l => l.Dataset == "colour").Max(l => l.LongestInput);
        T0Comparison shorter = new(Tasks, Tiny with { Training = Tiny.Training with { InputLength = longest - 1 } }, torch.CPU);
        Assert.True(shorter.Dropped.Single(d => d.Dataset == "colour").Dropped > 0);
        Assert.All(shorter.Lengths(Tiny with { Training = Tiny.Training with { InputLength = longest - 1 } }), l => Assert.True(l.IsWhole, $"{l}"));
        Assert.True(shorter.Tests.Where(t => t.Dataset == "colour").Select(t => t.Examples.Count).Distinct().Count() <= 1);
    }

    [Fact]
    public void Every_test_has_the_lines_that_need_no_model()
    {
        var lines = Comparison.Value.Baselines();
        Assert.Equal(Comparison.Value.Tests.Select(t => (t.Dataset, t.Prompt, t.Chance, t.Majority)), lines.Select(l => (l.Dataset, l.Prompt, l.Chance, l.Majority)));
        // The answer stands in the text, and a word that every choice has tells nothing.
        Assert.All(lines, l => Assert.Equal(1, l.Overlap));
    }

    [Theory]
    [InlineData(PromptSubset.None, 0)]
    [InlineData(PromptSubset.One, 1)]
    [InlineData(PromptSubset.OriginalTask, 3)]
    [InlineData(PromptSubset.All, 7)]
    public void The_prompts_of_a_variant_are_nested_and_never_a_held_out_one(PromptSubset subset, int count)
    {
        var trained = Comparison.Value.Trained(Tiny with { Prompts = subset });
        Assert.Equal(["colour", "size"], trained.Select(t => t.Task.Name));
        Assert.All(trained, t => Assert.Equal(count, t.Prompts.Count));
        Assert.All(trained, t => Assert.Empty(t.Prompts.Intersect(t.Task.HeldOutPrompts)));
        Assert.All(trained, t => Assert.Equal(t.Task.TrainingPrompts.Take(1).Where(_ => count > 0), t.Prompts.Take(1)));
        Assert.Equal("size", Assert.Single(Comparison.Value.Trained(Tiny with { Datasets = ["size"] })).Task.Name);
    }

    [Fact]
    public void A_data_set_that_is_not_trained_has_no_trained_prompt_to_test()
    {
        T0Comparison fewer = new(Tasks, Tiny with { Datasets = ["size"] }, torch.CPU);
        Assert.Equal(["size", "shape", "pair"], fewer.Tests.Select(t => t.Dataset).Distinct());
        Assert.Equal(Comparison.Value.Tests.Count(t => t.Dataset != "colour"), fewer.Tests.Count);
    }

    [Fact]
    public void A_run_draws_data_sets_and_prompts_alike_and_no_more_distinct_texts_than_it_may()
    {
        var tokens = Comparison.Value.Tokens;
        var exampleAt = Comparison.Value.Prompted(Tiny, new Seed(1));
        var drawn = Enumerable.Range(0, 960).Select(n => exampleAt(n)).Select(e => (Input: tokens.Text(e.Inputs), Target: tokens.Text(e.Targets))).ToList();

        Assert.Equal(480, drawn.Count(d => d.Input.Contains("colour")));
        Assert.Equal(80, drawn.Count(d => d.Input.StartsWith("say it again : colour")));
        Assert.Equal(80, drawn.Count(d => d.Input.StartsWith("seldom : colour") && d.Input.Contains("blue")));
        Assert.DoesNotContain(drawn, d => d.Input.StartsWith("never"));
        var numbers = drawn.SelectMany(d => d.Input.Split(' ').Where(w => w.All(char.IsDigit))).Distinct();
        Assert.Equal(10, numbers.Count());
        Assert.Equal(drawn[7], (tokens.Text(exampleAt(7).Inputs), tokens.Text(exampleAt(7).Targets)));
    }

    [Fact]
    public void One_seed_gives_one_result_and_rows_are_read_back_by_kind_and_normalisation()
    {
        Measurement[] Rows(int seed, T0Study study) => [.. Comparison.Value.Measure(new Run<T0Study>("v", study, seed, "", null, TestContext.Current.CancellationToken))];
        T0Study one = Tiny with { Prompts = PromptSubset.One };
        Measurement[] first = Rows(1, one);
        Assert.Equal(first, Rows(1, one));

        var rows = new ResultRows(first.Select(m => new ResultRow("v", 1, m.Step, m.Metric, m.Value)));
        foreach (LengthNormalisation rule in Enum.GetValues<LengthNormalisation>())
            Assert.Equal(
                Comparison.Value.Tests.Select(t => (t.Kind, t.Dataset, t.Prompt)),
                PromptAccuracy.Of(rows, rule).Select(a => (a.Kind, a.Dataset, a.Prompt)));
        RunSpread spread = Assert.Single(PromptAccuracy.Spreads(PromptAccuracy.Of(rows).Where(a => a.Kind == ZeroShotKind.TrainedPrompt)));
        Assert.Equal(PromptAccuracy.Of(rows).Where(a => a.Kind == ZeroShotKind.TrainedPrompt).Average(a => a.Accuracy), spread.Median, 1e-9);
        Assert.True(spread.Median > 0.9, $"the trained prompt is answered by copying a word of the input; accuracy {spread.Median}");
    }

    [Fact]
    public void Every_variant_of_a_seed_begins_with_the_same_weights_which_are_p_0_and_kept()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var study = Tiny with { Start = new() { Steps = 4, BatchSize = 8, Synthetic = true, Matching = true } };
            T0Comparison comparison = new(Tasks, study, torch.CPU, new RunCache(folder));
            using var first = comparison.Train(study with { Prompts = PromptSubset.None }, 1, cancellation: TestContext.Current.CancellationToken);
            List<string> stages = [];
            using var again = comparison.Train(study with { Prompts = PromptSubset.None, Examples = 3, MixtureCap = 5 }, 1, new Told(r => stages.Add(r.Stage)), cancellation: TestContext.Current.CancellationToken);
            Assert.Empty(stages); // found, not trained again, whatever else the variant sets
            Assert.True(Same(first, again));
            Assert.False(first.training);

            using var other = comparison.Train(study with { Prompts = PromptSubset.None }, 2, cancellation: TestContext.Current.CancellationToken);
            using var control = comparison.Train(study with { Prompts = PromptSubset.None, Start = study.Start with { Matching = false } }, 1, cancellation: TestContext.Current.CancellationToken);
            Assert.False(Same(first, other));
            Assert.False(Same(first, control));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static bool Same(T5ForConditionalGeneration a, T5ForConditionalGeneration b) =>
            a.parameters().Zip(b.parameters()).All(p => p.First.Equals(p.Second));
    }

    [Fact]
    public void The_tested_checkpoint_is_the_one_that_answers_most_validation_rows_of_trained_prompts()
    {
        Measurement[] rows = [.. Comparison.Value.Measure(new Run<T0Study>("v", Tiny with { Checks = 4 }, 1, "", null, TestContext.Current.CancellationToken))];
        var checks = rows.Where(r => r.Metric == T0Comparison.Validation).ToList();
        Assert.Equal([30, 60, 90, 120], checks.Select(c => c.Step));
        Assert.Equal(checks.Last(c => c.Value == checks.Max(o => o.Value)).Step, rows.Single(r => r.Metric == T0Comparison.ChosenStep).Value);
        Assert.Equal([30, 60, 90, 120], rows.Where(r => r.Metric == T0Comparison.FirstPrompts).Select(r => r.Step));
        // New wordings are measured at every check, for the comparison at equal convergence.
        Assert.Equal(4 * Comparison.Value.Tests.Count(t => t.Kind == ZeroShotKind.NewWording), rows.Count(r => r.Metric.StartsWith("at a check: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_start_practises_its_tasks_in_turn_and_the_control_leaves_matching_out()
    {
        var tokens = Comparison.Value.Tokens;
        string[] texts = ["one two three red blue", "large small size of it"];
        int[] Marks(bool matching) => [.. Enumerable.Range(0, 40).Select(n => new T0Start { Synthetic = true, Matching = matching }.Examples(texts, tokens, new Seed(1))(n))
            .Select(e => e.Inputs[0] - tokens.Count).Select(mark => mark is >= 0 and < 3 ? mark : -1)];
        Assert.Equal([10, 10, 10, 10], Marks(true).CountBy(m => m).OrderBy(m => m.Key).Select(m => m.Value)); // texts, copy, twice, match
        Assert.Equal([-1, 0, 1], Marks(false).Distinct().Order());
    }

    [Fact]
    public void A_text_too_short_to_hide_anything_gives_way_to_the_next_one()
    {
        var tokens = Comparison.Value.Tokens;
        TokenPair[] From(params string[] texts) => [.. Enumerable.Range(0, 40).Select(n => new T0Start().Examples(texts, tokens, new Seed(1))(n))];

        Assert.All(From("one", "", "one two three red blue", "two"), pair => Assert.True(pair.Inputs.Count() + pair.Targets.Count() > 3));
        Assert.Contains("No text has two tokens", Assert.Throws<ArgumentException>(() => From("one", "")).Message);
    }

    [Fact]
    public void The_best_of_equal_convergence_is_the_check_that_first_reaches_the_others_best()
    {
        string Metric(string prompt) => $"{T0Comparison.AtCheck}NewWording | s | {prompt} | None";
        ResultRow Row(string variant, long step, string metric, double value) => new(variant, 1, step, metric, value);
        ResultRows rows = new(
        [
            Row("a", 10, T0Comparison.FirstPrompts, 0.5), Row("a", 20, T0Comparison.FirstPrompts, 0.7), Row("a", 10, Metric("x"), 0.1), Row("a", 20, Metric("x"), 0.3), Row("a", 20, Metric("y"), 0.5),
            Row("b", 10, T0Comparison.FirstPrompts, 0.6), Row("b", 20, T0Comparison.FirstPrompts, 0.9), Row("b", 10, Metric("x"), 0.6), Row("b", 20, Metric("x"), 0.8),
        ]);
        var equal = T0Rows.AtEqualConvergence(rows, "a", "b");
        Assert.Equal([("a", 0.4), ("b", 0.8)], equal.Select(r => (r.Variant, Math.Round(r.Value, 9))));
        Assert.Equal(0.4, equal.Contrast("b", "a", T0Rows.Median(ZeroShotKind.NewWording)).Difference.Mean, 1e-9);
    }

    [Fact]
    public void The_gate_stays_closed_until_the_siblings_of_the_held_out_set_are_answered()
    {
        ResultRows Rows(double accuracy) => new(T0Gate.SiblingSets.Select(set => new ResultRow("v", 1, 0, $"TrainedPrompt | {set} | ask | None", accuracy)).Append(new("v", 1, 0, "TrainedPrompt | api_docs/namespace | ask | None", 1)));
        Assert.False(T0Gate.Of(Rows(0.59), "v").IsOpen);
        Assert.Contains("not learnt", T0Gate.Of(Rows(0.59), "v").Why);
        Assert.True(T0Gate.Of(Rows(0.6), "v").IsOpen);
        Assert.Throws<ArgumentException>(() => T0Gate.Of(Rows(0.6), "w"));
    }

    [Fact]
    public void Claims_stay_untested_without_rows_and_every_expectation_is_told_as_not_run()
    {
        var claims = T0Claims.Of(CommittedResults.Read(Path.Combine(Path.GetTempPath(), "no such folder")));
        Assert.All(claims, c => Assert.Equal(Verdict.NotTested, c.Verdict));
        Assert.All(T0Expectations.All, e => Assert.Equal("not run", e.Outcome(new([]))));
        Assert.NotEmpty(T0Deviations.Of(T0Experiments.Of("cpu")).Rows);
    }

    private sealed class Told(Action<ProgressReport> tell) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => tell(value);
    }

    [Theory]
    [InlineData("smoke")]
    [InlineData("cpu")]
    [InlineData("long")]
    [InlineData("gpu")]
    public void Every_preset_can_be_keyed_and_no_other_is_taken_for_one(string preset)
    {
        Ablation<T0Study>[] all = [T0Experiments.Prompts(preset, "d"), T0Experiments.MoreDatasets(preset, "d"), T0Experiments.Sizes(preset, "d"), T0Experiments.Controls(preset, "d"), T0Experiments.Real(preset, "d")];
        Assert.All(all, experiment => Assert.All(experiment.Variants, v => Assert.NotEmpty(CanonicalJson.Of(v.Settings))));
        // What is compared has read equally many examples, and distinct ones where the number of data sets is compared.
        Assert.All(all, experiment => Assert.Single(experiment.Variants.Select(v => v.Settings.Training).Distinct()));
        Assert.Single(all[1].Variants.Select(v => v.Settings.Examples * v.Settings.Datasets.Count).Distinct());
        // Nothing is trained twice that another experiment has trained.
        Assert.Equal(all[0].KeyOf(all[0].Variants[^1], 1), all[2].KeyOf(all[2].Variants[^1], 1));
        Assert.Equal(all[0].KeyOf(all[0].Variants[^1], 1), all[3].KeyOf(all[3].Variants[1], 1));
        // The sets that are compared are among those that there are, and the gate's siblings among them.
        Assert.All((Ablation<T0Study>[])[all[0], all[2], all[3]], experiment => Assert.All(experiment.Variants, v => Assert.Equal(T0Experiments.Core, v.Settings.Datasets)));
        Assert.Empty(T0Experiments.Core.Except(T0Experiments.Datasets));
        Assert.Empty(T0Gate.SiblingSets.Except(T0Experiments.Core));
        Assert.Equal(T0Experiments.Datasets, all[1].Variants[^1].Settings.Datasets);
        Assert.Empty(T0Experiments.OfReal(preset).Datasets);
        Assert.Contains("smoke, cpu, long or gpu", Assert.Throws<ArgumentException>(() => T0Experiments.Of("tpu")).Message);
    }

    /// <summary>A data set whose answer stands in the text; five training prompts and three held-out ones.</summary>
    private static PromptTask Task(string name, string family, bool held, string[] words)
    {
        string choices = string.Join(" ||| ", words), capital = string.Join(" ||| ", words.Select(w => w + " one")), fresh = string.Join(" ||| ", words.Select(w => "new " + w));
        Prompt Make(string prompt, string jinja, string? answers, bool original) =>
            new(prompt, jinja, answers, new PromptMetadata(original, null, ["Accuracy"], ["en"]), id: $"{name}/{prompt}");
        const string answer = " ||| {{ answer_choices[label] }}";
        Prompt[] training =
        [
            Make("first", "Which " + name + "? {{ text }}" + answer, choices, true),
            Make("second", "{{ text }} Name the " + name + "." + answer, choices, true),
            Make("third", "The " + name + " of {{ text }} is" + answer, capital, true),
            Make("write", "Write something " + name + ". ||| {{ text }}", null, false),
            Make("copy", "Say it again: " + name + " {{ text }} ||| {{ text }}", null, false),
            Make("only one", "{% if label == 1 %}Seldom: " + name + " {{ text }} ||| {{ text }}{% endif %}", null, false),
            Make("never", "{% if label == 7 %}Never: {{ text }} ||| {{ text }}{% endif %}", null, false),
        ];
        Prompt[] heldOut =
        [
            Make("other wording", "{{ text }} What " + name + " is that?" + answer, choices, true),
            Make("other words", "{{ text }} Your " + name + "?" + answer, capital, true),
            Make("new words", "{{ text }} My " + name + "?" + answer, fresh, true),
        ];
        PromptExample Row(int i) => new([new("text", $"{i} {words[i % 2]} {name}"), new("label", i % 2)]);
        return new(family, held, new PromptCollection(name, null, [.. training, .. heldOut]), heldOut, split => [.. Enumerable.Range(split == Split.Train ? 10 : 50, 20).Select(Row)]);
    }
}
