using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using NotebookKit.Prompting;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk prompts render</c>: lines with a template and an example in, lines with the rendered text out.</summary>
internal static class PromptsRenderCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var input = new Option<string>("--input") { Description = "JSON Lines with key, jinja, answer_choices and example; - for standard input.", Required = true };
        var choice = PromptsLine.ChoiceOption();
        var command = new Command("render", "Render templates: reads JSON Lines, writes a line with key and output (or error) for each.") { input, choice };
        command.SetAction(parsed => PromptsLine.Guard(() => Run(parsed.GetRequiredValue(input), PromptsLine.ParseChoice(parsed.GetRequiredValue(choice)))));
        return command;
    }

    private static int Run(string path, Func<string, ChoiceSource> choices)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var (_, line) in PromptsLine.Read(path))
        {
            object result;
            try
            {
                result = new { key = line.Key, output = line.Render(choices(line.Key)) };
            }
            catch (Exception e) when (e is TemplateException or ArgumentException)
            {
                result = new { key = line.Key, error = e.Message };
            }
            output.WriteLine(JsonSerializer.Serialize(result, Json));
        }
        return 0;
    }
}
