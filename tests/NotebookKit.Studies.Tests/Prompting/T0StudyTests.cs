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

    private static readonly T0Study Tiny = T0Study.Of("smoke") with
    {
        Model = new() { DModel = 16, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2, DropoutRate = 0 },
        Pieces = new() { VocabularySize = 200 },
        Training = T0Study.Of("smoke").Training with { BatchSize = 8, MicroBatchSize = 8, Training = new() { Steps = 120, WarmUpSteps = 12, LearningRate = 3e-2 } },
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
        Assert.Equal(6, kinds[ZeroShotKind.HeldOutDataset].Count()); // every prompt with choices, and only those
        Assert.Equal(6, kinds[ZeroShotKind.HeldOutTask].Count());
        Assert.All(Comparison.Value.Tests, t => Assert.Equal((0.5, 6), (t.Chance, t.Examples.Count)));
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
    public void A_language_model_is_trained_on_bare_texts_and_p_0_on_no_prompt()
    {
        using var untrained = Comparison.Value.Train(Tiny with { Prompts = PromptSubset.None }, 1, cancellation: TestContext.Current.CancellationToken);
        using var languageModel = Comparison.Value.Train(Tiny with { Prompts = PromptSubset.None, LanguageModelSteps = 3 }, 1, cancellation: TestContext.Current.CancellationToken);
        using var fresh = new T5ForConditionalGeneration(untrained.Config, new Seed(1).For("weights").ToInt64());
        Assert.True(Same(untrained, fresh));
        Assert.False(Same(untrained, languageModel));
        Assert.False(languageModel.training);

        static bool Same(T5ForConditionalGeneration a, T5ForConditionalGeneration b) =>
            a.parameters().Zip(b.parameters()).All(p => p.First.Equals(p.Second));
    }

    [Theory]
    [InlineData("smoke")]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void Every_preset_can_be_keyed_and_no_other_is_taken_for_one(string preset)
    {
        Assert.NotEmpty(CanonicalJson.Of(T0Study.Of(preset)));
        Assert.Contains("smoke, cpu, long or gpu", Assert.Throws<ArgumentException>(() => T0Study.Of("tpu")).Message);
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
