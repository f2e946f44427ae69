using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Tests.Prompting;

/// <summary>
/// <c>census.jsonl</c>: an example, then templates that cross every filter, method, slice, operator, test, loop variable and white space
/// control with values of every kind, each with what CPython 3.11 and Jinja2 3.1.2 render (<c>choice</c> took the first item).
/// </summary>
public class CensusTests
{
    [Fact]
    public void Every_template_of_the_census_renders_byte_for_byte_as_in_python()
    {
        string[] lines = File.ReadAllLines(Path.Combine(CheckoutFolder.Root, "tests", "NotebookKit.Tests", "Prompting", "census.jsonl"));
        using var first = JsonDocument.Parse(lines[0]);
        var example = PromptExample.FromJson(first.RootElement.GetProperty("example"));
        var different = new List<string>();
        foreach (string line in lines[1..])
        {
            var (jinja, choices, expected) = JsonSerializer.Deserialize<string?[]>(line) is [{ } j, var c, { } e] ? (j, c, e) : throw new InvalidDataException(line);
            string output;
            try
            {
                output = new Prompt("census", jinja, choices).RenderText(example, ChoiceSource.First, new PromptOptions(Truncate: false, RequireFields: false));
            }
            catch (TemplateException error)
            {
                output = error.Message;
            }
            if (output != expected) different.Add($"{jinja}\n  python: {expected}\n  here:   {output}");
        }
        Assert.True(lines.Length > 1_000);
        Assert.True(different.Count == 0, string.Join('\n', different.Take(10)));
    }
}
