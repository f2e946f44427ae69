using System.Text;
using NotebookKit.Play;
using NotebookKit.Play.Prompt;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;
using TorchSharp;

namespace NotebookKit.Tests.Play;

/// <summary>The bench of T0, with models of random weights.</summary>
public sealed class PromptBenchTests : IDisposable
{
    private const string Choices = "sport ||| weather ||| the stock market";
    private readonly PromptBench _bench = TinyStands.Prompt();

    public void Dispose() => _bench.Dispose();

    private PromptAnswer Ask(string template, string choices = Choices, int row = 1) => _bench.Answer(new("toy/news", row, template, choices));

    [Fact]
    public void A_row_is_worded_as_typed_and_its_right_choice_is_known()
    {
        var answer = Ask("{{ text | upper }} ({{ answer_choices | length }})|||{{ answer_choices[label] }}");
        Assert.Equal("THE NEWS OF DAY 1. (3)", answer.Input);
        Assert.Equal(("weather", 1), (answer.Target, answer.Right));
        Assert.Equal(["sport", "weather", "the stock market"], answer.Choices);
        Assert.Equal(["no prompt", "one prompt", "all prompts"], answer.Models.Select(m => m.Model));
    }

    [Fact]
    public void The_length_rules_divide_the_sum_by_the_choice_s_own_length()
    {
        var answer = Ask("{{ text }}|||{{ answer_choices[label] }}");
        Assert.All(answer.Models, model =>
        {
            Assert.Equal(PromptBench.Rules, model.Rules.Select(r => r.Rule));
            var sum = model.Rules[0].Scores;
            Assert.All(sum, s => Assert.True(s < 0));
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(sum[i] / Encoding.UTF8.GetByteCount(answer.Choices[i]), model.Rules[2].Scores[i], 9);
                double tokens = sum[i] / model.Rules[1].Scores[i];
                Assert.Equal(Math.Round(tokens), tokens, 6);
                Assert.InRange(tokens, 2, 20);
            }
            Assert.All(model.Rules, rule => Assert.Equal(rule.Scores.Max(), rule.Scores[rule.Best]));
        });
    }

    [Fact]
    public void Calibrated_to_the_premise_itself_every_choice_is_worth_nothing()
    {
        var answer = _bench.Answer(new("", Own: "The answer is:", OwnChoices: "sport\nweather"));
        Assert.All(answer.Models, m => Assert.All(m.Rules[3].Scores, s => Assert.Equal(0, s, 4)));
        Assert.Equal((null, -1), (answer.Target, answer.Right));
    }

    [Theory]
    [InlineData("{{ text }}\n{{ label + }}|||x", Choices, "template", 2)]
    [InlineData("{% for w in text %}{{ w }}", Choices, "template", 1)]
    [InlineData("{{ text }}|||x", "{{ 1 / 0 }} ||| b", "choices", 1)]
    [InlineData("line one\n\n{{ text | nosuchfilter }}|||x", Choices, "template", 3)]
    public void A_wrong_template_is_told_under_its_line_and_column(string template, string choices, string field, int line)
    {
        var told = Assert.Throws<InputException>(() => Ask(template, choices));
        Assert.Equal((field, line), (told.Field, told.Line));
        Assert.True(told.Column > 0);
        Assert.DoesNotContain("line", told.Message, StringComparison.Ordinal); // the place stands beside it
    }

    [Fact]
    public void A_field_that_the_row_lacks_is_named_with_those_it_has()
    {
        var told = Assert.Throws<InputException>(() => Ask("{{ summary }}|||x"));
        Assert.Equal("template", told.Field);
        Assert.Contains("summary", told.Message, StringComparison.Ordinal);
        Assert.Contains("text, label", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}|||x")]
    [InlineData("{{ 'x' * 90000000 }}|||x")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}|||x")]
    public void A_template_that_asks_for_too_much_is_stopped(string template) =>
        Assert.Equal("template", Assert.Throws<InputException>(() => Ask(template)).Field);

    [Fact]
    public void A_text_beyond_the_stated_length_is_cut_and_the_answer_says_so()
    {
        var answer = Ask(new string('a', PromptBench.LongestText) + " {{ nothing that is read");
        Assert.True(answer.WasCut);
        Assert.True(answer.ReadTokens <= answer.InputTokens);
        Assert.True(Ask("{{ text }}|||x", "a ||| " + new string('b', 900)).WasCut);
    }

    [Fact]
    public void Choices_that_cannot_be_ranked_are_told_and_a_template_without_them_is_only_rendered()
    {
        Assert.Empty(Ask("{{ text }}", "").Models);
        Assert.Equal("choices", Assert.Throws<InputException>(() => Ask("{{ text }}|||x", "alone")).Field);
        Assert.Equal("choices", Assert.Throws<InputException>(() => Ask("{{ text }}|||x", string.Join("|||", Enumerable.Range(0, 30)))).Field);
        Assert.Equal("ownchoices", Assert.Throws<InputException>(() => _bench.Answer(new("", Own: "Which?", OwnChoices: "one"))).Field);
        Assert.Equal("own", Assert.Throws<InputException>(() => _bench.Answer(new("", Own: " ", OwnChoices: "one\ntwo"))).Field);
        Assert.Equal("template", Assert.Throws<InputException>(() => Ask("|||x")).Field);
        Assert.Equal("template", Assert.Throws<InputException>(() => Ask("  ")).Field);
        Assert.Equal("set", Assert.Throws<InputException>(() => _bench.Row("toy/none", 0)).Field);
        Assert.Equal("row", Assert.Throws<InputException>(() => _bench.Row("toy/news", 6)).Field);
        Assert.Equal("row", Assert.Throws<InputException>(() => _bench.Row("toy/news", -1)).Field);
    }

    [Fact]
    public void Sets_rows_and_wordings_are_those_of_the_tasks()
    {
        var set = _bench.Choices().Sets.Single();
        Assert.Equal(("toy/news", "trained on", 6), (set.Name, set.Kind, set.Rows));
        Assert.Equal(["which", "short"], set.Templates.Select(t => t.Name));
        Assert.Equal([new RowField("text", "The news of day 2."), new RowField("label", "2")], _bench.Row("toy/news", 2).Fields);
    }

    [Fact]
    public void What_notebook_02_has_trained_is_not_trained_again()
    {
        using TemporaryFolder folder = new();
        RunCache cache = new(folder.Path);
        var study = TinyStands.Prompting;
        bool IsKept() => new PromptPreparation(_ => TinyStands.Prompts, study, cache).IsKept();
        T0Comparison comparison = new(TinyStands.Prompts, study, torch.CPU, cache);
        void Run(params PromptSubset[] subsets) => new Ablation<T0Study>(T0Experiments.PromptsName, [.. subsets.Select(s => new Variant<T0Study>($"{s}", study with { Prompts = s }))], [1], comparison.Checksum)
            .Execute(comparison.Measure, cache, cancellation: TestContext.Current.CancellationToken);

        Assert.False(IsKept());
        Run(PromptSubset.One);
        Assert.False(IsKept());
        Run(PromptSubset.One, PromptSubset.All);
        Assert.True(IsKept());
        List<string> stages = [];
        using var bench = new PromptPreparation(_ => TinyStands.Prompts, study, cache).Prepare(new Telling(stages), TestContext.Current.CancellationToken);
        Assert.Equal(["making rows and word pieces"], stages.Distinct());
        Assert.Equal(3, bench.Answer(new("toy/news", 1, "{{ text }}|||{{ answer_choices[label] }}", Choices)).Models.Count);
    }
}
