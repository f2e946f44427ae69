using NotebookKit.Display;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;

namespace NotebookKit.Tests.Prompting;

/// <summary>The display of a prompt: what came from the example is marked, and nothing is lost or added.</summary>
public class PromptAnatomyTests
{
    private static readonly PromptExample Example = new(
    [
        new("text", "  A <b> c ||| d "), new("label", 1), new("words", new[] { "x", "y" }),
    ]);

    private static string Text(ColoredText shown, string row) => string.Concat(Spans(shown, row).Select(s => s.Text));

    private static IReadOnlyList<ColoredSpan> Spans(ColoredText shown, string row) => shown.Rows.Single(r => r.Title == row).Spans;

    [Theory]
    [InlineData("Is {{ text }} good? {{ answer_choices | join(', ') }} ||| {{ answer_choices[label] }}", "no ||| yes")]
    [InlineData("{% for w in words %}{{ loop.index }}{{ w | upper }}{% endfor %} |||{% if label %} {{ text[2:] }}{% endif %}", null)]
    [InlineData("{% set t = text %}{# note #}{%- set s %}{{ t }}{% endset %}{{ s }}|||{{ 1 }}", null)]
    [InlineData("no fields ||| at all", null)]
    public void Template_and_parts_are_shown_whole(string jinja, string? answers)
    {
        var prompt = new Prompt("p", jinja, answers);
        var shown = prompt.Show(Example);
        var worded = prompt.Apply(Example);
        Assert.Equal(jinja, Text(shown, "template"));
        Assert.Equal(worded.Input, Text(shown, "input"));
        Assert.Equal(worded.Target, Text(shown, "target"));
        Assert.Equal(answers is not null, shown.Rows.Any(r => r.Title == "answer choices"));
    }

    [Fact]
    public void A_field_has_one_colour_in_template_and_rendering_and_own_wording_has_none()
    {
        var shown = new Prompt("p", "Good: {{ text }}? {{ answer_choices | join(', ') }} ||| {{ answer_choices[label] }}", "no ||| yes").Show(Example);
        int? color = Spans(shown, "template").Single(s => s.Text == "text").Color;
        Assert.NotNull(color);
        Assert.Equal(color, Spans(shown, "input").Single(s => s.Text.Contains("<b>")).Color);
        Assert.Null(Spans(shown, "input")[0].Color);
        Assert.Equal("Good: ", Spans(shown, "input")[0].Text);
        var target = Assert.Single(Spans(shown, "target"));
        Assert.Equal(("yes", Spans(shown, "template").First(s => s.Text == "answer_choices").Color), (target.Text, target.Color));
        Assert.NotEqual(color, target.Color);
        Assert.Contains("&lt;b&gt;", shown.ToHtml());
        Assert.Contains("[text]", shown.ToString());
    }

    [Fact]
    public void An_attribute_of_the_same_name_as_a_field_is_not_marked()
    {
        var shown = new Prompt("p", "{{ o.text }}{{ text }}").Show(Example.With("o", new Dictionary<string, object?> { ["text"] = "t" }));
        Assert.Equal(["o", "text"], Spans(shown, "template").Where(s => s.Color is not null).Select(s => s.Text));
        Assert.Equal(2, Spans(shown, "input").Count(s => s.Color is not null));
    }
}
