using CsCheck;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Tests.Prompting;

/// <summary>
/// Whatever the input, parsing and rendering end in text or in a <see cref="TemplateException"/>. CsCheck prints the seed of a failure;
/// NOTEBOOKKIT_FUZZ sets the number of inputs of each test for a long run.
/// </summary>
public class FuzzTests
{
    private static readonly PromptExample Example = PromptExample.FromJson(JinjaCases.Example);
    private static readonly RenderLimits Small = new(Work: 20_000, OutputLength: 100_000);

    private static readonly string[] Templates =
    [
        .. new[]
        {
            JinjaCases.NumbersPrintAsPythonPrintsThem, JinjaCases.MethodsOfText, JinjaCases.PercentFormatting, JinjaCases.UndefinedValues,
            JinjaCases.FiltersOnSequences, JinjaCases.FiltersOnText, JinjaCases.Loops, JinjaCases.Scopes, JinjaCases.WhitespaceAndLexing, JinjaCases.PromptIdioms,
        }.SelectMany(data => data.Select(row => row.Data.Item1)),
    ];

    private static readonly string[] Snippets =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":", "=", "~", "**", "//", "%", "-1", "99999999999999999999",
        " if ", " else ", " for ", " in ", "{% endfor %}", "{% endif %}", "{% raw %}", " is ", " not ", " and ", "none", "true", "nope", "words", "rows", "text", "big", "loop",
        "|join", "|list", "|map('upper')", "|sort", "|int", "|round", "|tojson", "|truncate(2)", "|batch(0)", "|slice(0)", "|wordwrap(0)", ".split()", ".format(", ".append(", "[::-1]", "[1:", "range(", "\uD800", "😀", "\0", "1e999",
    ];

    private static int Iterations(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("NOTEBOOKKIT_FUZZ"), out int wanted) ? wanted : usual;

    private static Gen<string> OneOf(string[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static bool EndsWell(string source)
    {
        try
        {
            PromptTemplate.Parse(source).Render(Example, ChoiceSource.First, Small);
        }
        catch (TemplateException e)
        {
            return e.Line >= 1 && e.Column >= 1;
        }
        return true;
    }

    [Fact]
    public void Random_text_ends_in_text_or_a_template_error() =>
        Gen.String[Gen.Char, 0, 60].Sample(EndsWell, iter: Iterations(2_000), threads: 1);

    [Fact]
    public void Random_bytes_end_in_text_or_a_template_error() =>
        Gen.Byte.Array[0, 80].Select(bytes => System.Text.Encoding.UTF8.GetString(bytes)).Sample(text => EndsWell("{{" + text + "}}" + text), iter: Iterations(2_000), threads: 1);

    [Fact]
    public void Random_sequences_of_the_languages_own_pieces_end_in_text_or_a_template_error() =>
        OneOf(Snippets).Array[1, 25].Select(string.Concat).Sample(text => EndsWell("{{ " + text) && EndsWell(text), iter: Iterations(3_000), threads: 1);

    [Fact]
    public void Random_edits_of_real_templates_end_in_text_or_a_template_error() =>
        Gen.Select(OneOf(Templates), Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 8], OneOf(Snippets)).Array[1, 4], (template, edits) =>
        {
            foreach (var (at, removed, inserted) in edits)
            {
                int start = at % (template.Length + 1);
                template = template[..start] + inserted + template[Math.Min(template.Length, start + removed)..];
            }
            return template;
        }).Sample(EndsWell, iter: Iterations(4_000), threads: 1);

    [Fact]
    public void Pieces_of_two_templates_joined_end_in_text_or_a_template_error() =>
        Gen.Select(OneOf(Templates), OneOf(Templates), Gen.Double.Unit, Gen.Double.Unit, (a, b, x, y) => a[..(int)(x * a.Length)] + b[(int)(y * b.Length)..])
            .Sample(EndsWell, iter: Iterations(3_000), threads: 1);

    [Fact]
    public void Slices_follow_pythons_arithmetic() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[-12, 12], Gen.Int[-12, 12], Gen.Int[-4, 4].Where(step => step != 0)).Sample((length, start, stop, step) =>
        {
            string text = "abcdefghi"[..length];
            // By definition: walk from the adjusted start to the adjusted stop.
            int Adjust(int i) => i < 0 ? Math.Max(i + length, step > 0 ? 0 : -1) : Math.Min(i, step > 0 ? length : length - 1);
            var expected = new List<char>();
            for (int i = Adjust(start); step > 0 ? i < Adjust(stop) : i > Adjust(stop); i += step) expected.Add(text[i]);
            string rendered = PromptTemplate.Parse($"{{{{ t[{start}:{stop}:{step}] }}}}").Render(new Dictionary<string, object?> { ["t"] = text });
            Assert.Equal(string.Concat(expected), rendered);
        }, iter: 1_000, threads: 1);

    [Fact]
    public void Integer_division_and_remainder_fit_together() =>
        Gen.Select(Gen.Long, Gen.Long.Where(b => b != 0)).Sample((a, b) =>
        {
            var values = new Dictionary<string, object?> { ["a"] = a, ["b"] = b };
            Assert.Equal("True True", PromptTemplate.Parse("{{ (a // b) * b + a % b == a }} {{ 0 <= a % b < b if b > 0 else 0 >= a % b > b }}").Render(values));
        }, iter: 1_000, threads: 1);

    [Fact]
    public void A_printed_float_reads_back_as_itself() =>
        Gen.Double.Where(double.IsFinite).Sample(d =>
        {
            string text = PromptTemplate.Parse("{{ d }}").Render(new Dictionary<string, object?> { ["d"] = d });
            Assert.Equal(d, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(text.Contains('.') || text.Contains('e'), text);
        }, iter: 2_000, threads: 1);

    [Fact]
    public void Sorting_is_stable_both_ways() =>
        Gen.Int[0, 5].Array[0, 40].Sample(keys =>
        {
            var rows = keys.Select((k, i) => (object?)new Dictionary<string, object?> { ["k"] = k, ["i"] = i }).ToList();
            var values = new Dictionary<string, object?> { ["rows"] = rows };
            string up = string.Join(',', keys.Select((k, i) => (k, i)).OrderBy(x => x.k).Select(x => x.i));
            string down = string.Join(',', keys.Select((k, i) => (k, i)).OrderByDescending(x => x.k).Select(x => x.i));
            Assert.Equal($"{up}|{down}", PromptTemplate.Parse("{{ rows|sort(attribute='k')|join(',',attribute='i') }}|{{ rows|sort(attribute='k',reverse=true)|join(',',attribute='i') }}").Render(values));
        }, iter: 300, threads: 1);
}
