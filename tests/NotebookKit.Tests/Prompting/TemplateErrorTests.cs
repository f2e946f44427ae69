using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Tests.Prompting;

public class TemplateErrorTests
{
    private static readonly PromptExample Example = PromptExample.FromJson("""{"n": 3, "s": "text", "xs": [1, 2], "d": {"k": 1}}""");

    [Theory]
    [InlineData("{{ n", TemplateErrorKind.Syntax, 1, 5)]
    [InlineData("a\nb {% if n %}", TemplateErrorKind.Syntax, 2, 13)]
    [InlineData("{% for x xs %}{% endfor %}", TemplateErrorKind.Syntax, 1, 10)]
    [InlineData("{{ n | nofilter }}", TemplateErrorKind.Syntax, 1, 8)]
    [InlineData("{# never closed", TemplateErrorKind.Syntax, 1, 1)]
    [InlineData("{{ (1, 2] }}", TemplateErrorKind.Syntax, 1, 9)]
    [InlineData("{% include 'x' %}", TemplateErrorKind.Syntax, 1, 4)]
    [InlineData("{{ 'a\\N{}' }}", TemplateErrorKind.Syntax, 1, 6)]
    [InlineData("{{ 'a\\N{BULLET' }}", TemplateErrorKind.Syntax, 1, 6)]
    [InlineData("{{ 'a\\N{NO SUCH NAME}' }}", TemplateErrorKind.Syntax, 1, 6)]
    [InlineData("{{ nope.x }}", TemplateErrorKind.Undefined, 1, 9)]
    [InlineData("line\n  {{ n + s }}", TemplateErrorKind.Type, 2, 8)]
    [InlineData("{{ n // 0 }}", TemplateErrorKind.ZeroDivision, 1, 6)]
    [InlineData("{{ xs.index(9) }}", TemplateErrorKind.Value, 1, 7)]
    [InlineData("{{ xs.pop(9) }}", TemplateErrorKind.Index, 1, 7)]
    [InlineData("{{ d.pop('z') }}", TemplateErrorKind.Key, 1, 6)]
    [InlineData("{{ n() }}", TemplateErrorKind.Type, 1, 5)]
    [InlineData("{{ [] | choice }}", TemplateErrorKind.Index, 1, 9)]
    public void An_error_names_the_template_the_line_and_the_column(string source, TemplateErrorKind kind, int line, int column)
    {
        var error = Assert.Throws<TemplateException>(() => PromptTemplate.Parse(source, "my template").Render(Example, ChoiceSource.First));
        Assert.Equal((kind, line, column), (error.Kind, error.Line, error.Column));
        Assert.StartsWith($"my template, line {line}, column {column}: ", error.Message);
    }

    [Fact]
    public void An_error_in_a_truncated_template_gives_the_place_in_the_text_as_written()
    {
        var prompt = new Prompt("p", "{{ s }} {{ s }} and {{ n.real.z.z }}");
        var error = Assert.Throws<TemplateException>(() => prompt.Apply(Example));
        Assert.Equal((1, 33), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("{% set x = 'ab' %}{% for i in range(60) %}{% set x = x + x %}{% endfor %}{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% for i in range(1000000000000) %}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{{ 'x' * 10000000000 }}")]
    [InlineData("{{ [0] * 10000000000 }}")]
    [InlineData("{{ 10 ** 100000000 }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{{ 'x'.center(1000000000) }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set ns = namespace(x=(1,)) %}{% for i in range(50) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}")]
    [InlineData("{% set l = [1] %}{% for x in l %}{{ l.append(1) or '' }}{% endfor %}")]
    public void A_template_that_asks_for_too_much_ends_with_a_limit(string source)
    {
        var error = Assert.Throws<TemplateException>(() => PromptTemplate.Parse(source).Render(Example, ChoiceSource.First));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("1 + (", ")")]
    [InlineData("{1: ", "}")]
    [InlineData("n[", "]")]
    [InlineData("range(", ")")]
    [InlineData("1 if ", "")]
    [InlineData("n ~ ", "")]
    [InlineData("n + ", "")]
    [InlineData("n and ", "")]
    [InlineData("n == ", "")]
    public void Deep_nesting_is_an_error_or_a_result_but_never_the_end_of_the_process(string open, string close)
    {
        foreach (int depth in new[] { 10, 1_000, 100_000 })
        {
            string nest = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            try
            {
                PromptTemplate.Parse("{{ " + nest + " }}").Render(Example);
            }
            catch (TemplateException)
            {
                // Refused, with a place.
            }
        }
    }

    [Fact]
    public void Deep_blocks_and_long_chains_are_refused_not_fatal()
    {
        foreach (string unit in new[] { "{% if 1 %}", "{% for i in [1] %}", "{% set x %}", "{% filter upper %}" })
            Assert.Throws<TemplateException>(() => PromptTemplate.Parse(string.Concat(Enumerable.Repeat(unit, 50_000))));
        Assert.Throws<TemplateException>(() => PromptTemplate.Parse("{{ s" + string.Concat(Enumerable.Repeat(".lower()", 50_000)) + " }}"));
        Assert.Throws<TemplateException>(() => PromptTemplate.Parse("{{ s" + string.Concat(Enumerable.Repeat("|lower", 50_000)) + " }}"));
    }

    [Theory]
    [InlineData("{{ s.__class__ }}", "")]
    [InlineData("{{ ''['__class__'] }}{{ [].__class__ }}{{ n.__class__ }}", "")]
    [InlineData("{{ s.Length }}{{ s.GetType }}{{ s['GetHashCode'] }}{{ xs.Items }}{{ xs.Capacity }}", "")]
    [InlineData("{{ s|attr('GetType') }}{{ s|attr('upper') is callable }}", "True")]
    public void Nothing_of_dotnet_or_of_pythons_object_model_is_visible(string source, string expected) =>
        Assert.Equal(expected, PromptTemplate.Parse(source).Render(Example));

    [Fact]
    public void Nothing_can_be_done_with_an_attribute_of_pythons_object_model() =>
        Assert.Throws<TemplateException>(() => PromptTemplate.Parse("{{ ''.__class__.__mro__ }}").Render(Example));

    [Fact]
    public void Random_filters_need_a_source_and_repeat_with_their_seed()
    {
        var template = PromptTemplate.Parse("{{ range(1000) | list | choice }} {{ range(1000) | list | random }}");
        Assert.Throws<TemplateException>(() => template.Render(Example));
        Assert.Equal(template.Render(Example, ChoiceSource.Seeded(5)), template.Render(Example, ChoiceSource.Seeded(5)));
        Assert.NotEqual(template.Render(Example, ChoiceSource.Seeded(5)), template.Render(Example, ChoiceSource.Seeded(6)));
        Assert.Equal("0 0", template.Render(Example, ChoiceSource.First));
    }

    [Fact]
    public void Seeded_choices_are_uniform()
    {
        var source = ChoiceSource.Seeded(1);
        var counts = new int[6];
        for (int i = 0; i < 60_000; i++) counts[source.Next(6)]++;
        // Chi-square with 5 degrees of freedom: 20.5 is exceeded once in a thousand, and the seed is fixed.
        Assert.True(counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000) < 20.5, string.Join(" ", counts));
    }

    [Fact]
    public void A_template_renders_alike_from_many_threads()
    {
        var template = PromptTemplate.Parse("{% set ns = namespace(t=0) %}{% for x in xs %}{% set ns.t = ns.t + x %}{{ xs.append(x) or '' if xs|length < 6 else '' }}{% endfor %}{{ ns.t }} {{ xs }} {{ d.update({'z': n}) or d }}");
        string expected = template.Render(Example);
        Parallel.For(0, 2_000, _ => Assert.Equal(expected, template.Render(Example)));
        Assert.Equal("{'n': 3, 's': 'text', 'xs': [1, 2], 'd': {'k': 1}}", Example.ToString());
    }
}
