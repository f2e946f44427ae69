using NotebookKit.Prompting;
using NotebookKit.Templates;

namespace NotebookKit.Tests.Prompting;

/// <summary>promptsource's semantics: choices, separators inside fields, truncation, parts.</summary>
public class PromptTests
{
    private static PromptExample Example(params (string, object?)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)));

    [Fact]
    public void Computed_choices_are_split_stripped_and_seen_by_the_template()
    {
        var prompt = new Prompt("p", "Pick {{ answer_choices | join(' or ') }} ||| {{ answer_choices[label] }}", " {{ a }} |||{{ b }}\n");
        var worded = prompt.Apply(Example(("a", "red"), ("b", " blue "), ("label", 1)));
        Assert.Null(prompt.FixedChoices);
        Assert.Equal(["red", "blue"], worded.Choices);
        Assert.Equal(("Pick red or blue", "blue", 1), (worded.Input, worded.Target, worded.TargetChoice));
        Assert.True(worded.IsUsable);
    }

    [Fact]
    public void A_separator_inside_a_top_level_field_does_not_split_the_prompt()
    {
        var prompt = new Prompt("p", "{{ s }} ||| {{ t }}", "{{ s }} ||| b");
        var worded = prompt.Apply(Example(("s", "x ||| y"), ("t", "|||")));
        Assert.Equal(["x ||| y", "|||"], worded.Parts);
        Assert.Equal(["x ||| y", "b"], worded.Choices);
    }

    [Fact]
    public void A_separator_inside_a_nested_field_does_split_as_in_promptsource() =>
        Assert.Equal(["a", "b", "c"], new Prompt("p", "{{ xs[0] }} ||| c").Apply(Example(("xs", new[] { "a ||| b" }))).Parts);

    [Fact]
    public void Long_values_are_cut_at_a_word_and_short_ones_pass()
    {
        string Words(int length) => string.Concat(Enumerable.Repeat("word ", length / 5 + 1))[..length];
        var prompt = new Prompt("p", "{{ s }}");
        string Apply(string s, bool truncate = true) => prompt.Apply(Example(("s", s)), options: new PromptOptions(truncate)).Input;
        // Up to 5 characters over 2,048 pass; beyond, 2,045 are kept, less the last partial word, and three dots follow.
        Assert.Equal(Words(2053).Trim(), Apply(Words(2053)));
        Assert.Equal(Words(2044).Trim() + "...", Apply(Words(2054)));
        Assert.Equal(Words(9000).Trim(), Apply(Words(9000), truncate: false));
    }

    [Fact]
    public void Truncation_binds_to_the_last_operand_only()
    {
        string x = new('x', 3000);
        var prompt = new Prompt("p", "{{ s if c else t }}");
        Assert.Equal(3000, prompt.Apply(Example(("s", x), ("t", x), ("c", true))).Input.Length);
        Assert.Equal(2048, prompt.Apply(Example(("s", x), ("t", x), ("c", false))).Input.Length);
    }

    [Fact]
    public void Answer_choices_are_never_truncated()
    {
        string x = new('x', 3000);
        Assert.Equal([x, "b"], new Prompt("p", "q", "{{ s }} ||| b").Apply(Example(("s", x))).Choices);
    }

    [Fact]
    public void A_suppressed_prompt_is_not_usable()
    {
        var worded = new Prompt("p", "{% if label >= 0 %}q ||| a{% endif %}").Apply(Example(("label", -1)));
        Assert.Equal([""], worded.Parts);
        Assert.Null(worded.Target);
        Assert.False(worded.IsUsable);
    }

    [Fact]
    public void Missing_fields_are_named_unless_pythons_silence_is_wanted()
    {
        var prompt = new Prompt("p", "{{ text }} {{ title }} {{ label }} ||| {{ answer_choices[0] }}", "{{ first }} ||| b");
        var error = Assert.Throws<ArgumentException>(() => prompt.Apply(Example(("text", "t"))));
        Assert.Contains("first, label, title", error.Message);
        Assert.Contains("It has: text.", error.Message);
        Assert.Equal("t", prompt.Apply(Example(("text", "t")), options: new PromptOptions(RequireFields: false)).Input);
    }

    [Fact]
    public void An_example_must_not_have_a_field_of_the_choices_name() =>
        Assert.Contains("answer_choices", Assert.Throws<ArgumentException>(() => new Prompt("p", "x").Apply(Example(("answer_choices", "a")))).Message);

    [Fact]
    public void A_prompt_without_choices_sees_none() =>
        Assert.Equal("None", new Prompt("p", "{{ answer_choices }}").Apply(Example()).Input);

    [Fact]
    public void Fields_are_those_of_template_and_choices_without_the_globals()
    {
        var prompt = new Prompt("p", "{% set k = a %}{% for x in xs if x in range(k) %}{{ loop.index }}{{ x }}{% endfor %}{{ k }} ||| {{ answer_choices }}", "{{ c }}");
        Assert.Equal(["a", "c", "xs"], prompt.Fields.Order());
    }
}
