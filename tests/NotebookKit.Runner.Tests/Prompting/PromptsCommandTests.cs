using NotebookKit.Runner.Commands.Prompts;
using NotebookKit.Tests.Runner;

namespace NotebookKit.Tests.Prompting;

/// <summary><c>nbk prompts check</c> on a folder: what is wrong is named with its file, prompt and place.</summary>
public sealed class PromptsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Template(string id, string name, string jinja, string choices = "null", string? key = null) =>
        $"  {key ?? id}: !Template\n    answer_choices: {choices}\n    id: {id}\n    jinja: \"{jinja}\"\n    metadata: !TemplateMetadata\n      choices_in_prompt: false\n      languages: []\n      metrics: []\n      original_task: true\n    name: {name}\n    reference: ''\n";

    private (int Code, string Output) Check(params string[] args)
    {
        var output = new StringWriter();
        int code = PromptsCommand.Create().Parse(["check", "--folder", _folder.Path, .. args]).Invoke(new() { Output = output });
        return (code, output.ToString());
    }

    [Fact]
    public void Faults_name_file_prompt_line_and_column()
    {
        const string first = "11111111-1111-1111-1111-111111111111";
        const string second = "22222222-2222-2222-2222-222222222222";
        _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + Template(first, "broken", "{{ text }}\\n{% if x %} ||| y") + Template(second, "no target", "{{ text }}"));
        _folder.Write("b/templates.yaml", "dataset: b\ntemplates:\n" + Template(first, "twice", "{{ text }} ||| y", "'{{ x'"));
        _folder.Write("c/templates.yaml", "dataset: c\ntemplates: [\n");
        var (code, output) = Check();
        Assert.Equal(1, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, l => l.Contains(Path.Combine("a", "templates.yaml")) && l.Contains("broken, line 2, column"));
        Assert.Contains(lines, l => l.Contains("no target: no '|||'"));
        Assert.Contains(lines, l => l.Contains(Path.Combine("b", "templates.yaml")) && l.Contains("twice (answer choices), line 1, column"));
        Assert.Contains(lines, l => l.Contains("is also that of a/broken"));
        Assert.Contains(lines, l => l.Contains(Path.Combine("c", "templates.yaml")) && l.Contains("line "));
        Assert.Equal("3 prompts: 5 faults", lines[^1]);
    }

    private const string First = "11111111-1111-1111-1111-111111111111";
    private const string Second = "22222222-2222-2222-2222-222222222222";

    [Fact]
    public void What_promptsources_own_check_refuses_is_one_fault_each()
    {
        (string Name, string Templates, string Fault)[] faults =
        [
            ("name", Template(First, "one", "{{ a }} ||| x") + Template(Second, "one", "{{ b }} ||| x"), "line 14: one: the prompt on line 3 has the same name"),
            ("text", Template(First, "one", "{{ a }} ||| x") + Template(Second, "two", "{{ a }} ||| x"), "line 14: two: the template is that of one on line 3"),
            ("key", Template(First, "one", "{{ a }} ||| x", key: Second), $"line 3: one: it is listed under {Second}, but its id is {First}"),
            ("id", Template(First, "one", "{{ a }} ||| x") + Template(First, "two", "{{ b }} ||| x", key: Second), "is also that of"),
            ("separators", Template(First, "one", "{{ a }} ||| x ||| y"), "line 3: one: 2 times '|||'"),
            ("in a branch", Template(First, "one", "{% if a %} b ||| {% else %} c {% endif %} ||| y"), "line 3: one: 2 times '|||'"),
            ("choices", Template(First, "one", "{{ a }} ||| {{ answer_choices[0] }}"), "line 3: one: the template uses answer_choices"),
            ("uuid", Template("x", "one", "{{ a }} ||| x"), "line 3: one: the id 'x' is no UUID"),
        ];
        foreach (var (name, templates, fault) in faults)
        {
            string path = _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + templates);
            var (code, output) = Check();
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(1, code);
            // A key that is not the id comes with the id that occurs twice.
            Assert.Equal(name == "id" ? 3 : 2, lines.Length);
            Assert.Contains(lines, line => line.StartsWith($"{path}, line ", StringComparison.Ordinal) && line.Contains(fault));
        }
    }

    [Fact]
    public void One_separator_on_each_way_through_a_template_and_equal_names_in_two_data_sets_are_no_fault()
    {
        _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + Template(First, "one", "{%- if a -%} b ||| c {%- elif d %} e ||| f {% else %} {% if g %} h ||| i {% endif %} {% endif %}"));
        _folder.Write("b/templates.yaml", "dataset: b\ntemplates:\n" + Template(Second, "one", "{{ a }} ||| {{ answer_choices[0] }}", "yes ||| no"));
        Assert.Equal((0, "2 prompts: 0 faults"), (Check().Code, Check().Output.Trim()));
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_one_error_and_the_run_goes_on()
    {
        string path = _folder.Write("lines.jsonl", """
            {"key":"a","jinja":"{{ x }}","answer_choices":null,"example":{"x":"ok"},"expected":"ok"}
            {"key":"b","jinja":"{{ x }}","answer_choices":null,"example":{"x":"cut \ud83d"},"expected":"ok"}
            {"key":"c","jinja":"{{ x }}","answer_choices":null,"example":{"x":NaN},"expected":"ok"}
            {"key":"d","jinja":"{{ x }}","answer_choices":null,"example":{"x":"no","x":"ok"},"expected":"ok"}
            {"key":"e","jinja":"{{ x }}"
            {"key":"f","jinja":"{{ x }}","answer_choices":null,"example":{"x":"ok"},"expected":"ok"}

            """);
        var (code, rendered, _) = await NbkProcess.RunAsync(_folder.Path, "prompts", "render", "--input", path);
        string[] lines = rendered.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.Equal(["{\"key\":\"a\",\"output\":\"ok\"}", "{\"key\":\"d\",\"output\":\"ok\"}", "{\"key\":\"f\",\"output\":\"ok\"}"], new[] { lines[0], lines[3], lines[5] });
        Assert.All(new[] { ("b", lines[1]), ("line 3", lines[2]), ("line 5", lines[4]) }, line => Assert.StartsWith($"{{\"key\":\"{line.Item1}\",\"error\":\"{path}, line ", line.Item2));
        Assert.Contains("write null", lines[2]);
        (code, string check, _) = await NbkProcess.RunAsync(_folder.Path, "prompts", "check", path);
        Assert.Equal(1, code);
        Assert.EndsWith("6 templates: 3 as expected, 0 different, 3 failed\n", check);
    }

    [Fact]
    public async Task A_row_of_a_table_can_be_shown_in_every_wording()
    {
        _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + Template(First, "one", "It says {{ text }} ||| {{ label }}"));
        string rows = _folder.Write("rows.csv", "text,label\n\"a, b\",7\n");
        var (code, output, _) = await NbkProcess.RunAsync(_folder.Path, "prompts", "show", "--folder", _folder.Path, "one", "--example", rows);
        Assert.Equal(0, code);
        Assert.Contains("--- input ---\nIt says a, b\n\n--- target ---\n7\n", output);
    }

    [Fact]
    public void A_sound_folder_is_green_and_an_empty_one_is_an_error()
    {
        Assert.Equal(2, Check().Code);
        _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + Template("11111111-1111-1111-1111-111111111111", "fine", "{{ text }} ||| {{ label }}"));
        Assert.Equal((0, "1 prompts: 0 faults"), (Check().Code, Check().Output.Trim()));
        Assert.Equal(2, Check("--dataset", "other").Code);
    }
}
