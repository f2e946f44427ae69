using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Tests.Prompting;

/// <summary>The template language equals Python's Jinja2.</summary>
public class LanguageTests
{
    private static readonly PromptExample Example = PromptExample.FromJson(JinjaCases.Example);

    [Theory]
    [MemberData(nameof(JinjaCases.NumbersPrintAsPythonPrintsThem), MemberType = typeof(JinjaCases))]
    public void Numbers_print_as_Python_prints_them(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.ContainersPrintAsPythonPrintsThem), MemberType = typeof(JinjaCases))]
    public void Containers_print_as_Python_prints_them(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.TextIsCountedAndCutByCodePoint), MemberType = typeof(JinjaCases))]
    public void Text_is_counted_and_cut_by_code_point(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.MethodsOfText), MemberType = typeof(JinjaCases))]
    public void Methods_of_text(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.PercentFormatting), MemberType = typeof(JinjaCases))]
    public void Percent_formatting(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.ComparisonAndTruth), MemberType = typeof(JinjaCases))]
    public void Comparison_and_truth(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.UndefinedValues), MemberType = typeof(JinjaCases))]
    public void Undefined_values(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.FiltersOnSequences), MemberType = typeof(JinjaCases))]
    public void Filters_on_sequences(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.FiltersOnText), MemberType = typeof(JinjaCases))]
    public void Filters_on_text(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.Loops), MemberType = typeof(JinjaCases))]
    public void Loops(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.Scopes), MemberType = typeof(JinjaCases))]
    public void Scopes(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.WhitespaceAndLexing), MemberType = typeof(JinjaCases))]
    public void Whitespace_and_lexing(string template, string expected) => Renders(template, expected);

    [Theory]
    [MemberData(nameof(JinjaCases.PromptIdioms), MemberType = typeof(JinjaCases))]
    public void Prompt_idioms(string template, string expected) => Renders(template, expected);

    private static void Renders(string template, string expected) =>
        Assert.Equal(expected, PromptTemplate.Parse(template).Render(Example, ChoiceSource.First));
}
