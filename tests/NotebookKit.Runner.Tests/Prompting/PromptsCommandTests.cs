using NotebookKit.Runner.Commands.Prompts;

namespace NotebookKit.Tests.Prompting;

/// <summary><c>nbk prompts check</c> on a folder: what is wrong is named with its file, prompt and place.</summary>
public sealed class PromptsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Template(string id, string name, string jinja, string choices = "null") =>
        $"  {id}: !Template\n    answer_choices: {choices}\n    id: {id}\n    jinja: \"{jinja}\"\n    metadata: !TemplateMetadata\n      choices_in_prompt: false\n      languages: []\n      metrics: []\n      original_task: true\n    name: {name}\n    reference: ''\n";

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

    [Fact]
    public void A_sound_folder_is_green_and_an_empty_one_is_an_error()
    {
        Assert.Equal(2, Check().Code);
        _folder.Write("a/templates.yaml", "dataset: a\ntemplates:\n" + Template("11111111-1111-1111-1111-111111111111", "fine", "{{ text }} ||| {{ label }}"));
        Assert.Equal((0, "1 prompts: 0 faults"), (Check().Code, Check().Output.Trim()));
        Assert.Equal(2, Check("--dataset", "other").Code);
    }
}
