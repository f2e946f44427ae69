using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>
/// <c>nbk prompts render</c>: lines with a template and an example in, lines with the rendered text out. Without input, the prompts of the
/// folder word examples from the API documentation.
/// </summary>
internal static class PromptsRenderCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var browsing = new PromptsBrowsing();
        var input = new Option<string?>("--input") { Description = "JSON Lines with key, jinja, answer_choices and example; - for standard input. Without it, prompts of the folder word examples from the API documentation." };
        var rows = new Option<int>("--rows") { Description = "Without --input: the examples that each prompt words.", DefaultValueFactory = _ => 1 };
        var choice = PromptsLine.ChoiceOption();
        var command = new Command("render", "Render templates: writes a JSON line with key and output (or error) for each line of the input, or for each prompt of the folder.") { input, rows, choice };
        browsing.AddTo(command);
        command.SetAction(parsed => Guard.Run(() =>
        {
            var choices = PromptsLine.ParseChoice(parsed.GetRequiredValue(choice));
            return Run(parsed.GetValue(input) is { } path ? PromptsLine.Read(path).Select(l => (l.Line.Key, (Func<string>)(() => l.Line.Render(choices(l.Line.Key)))))
                : Offline(browsing.Library(parsed), browsing.Filter(parsed), parsed.GetValue(rows), choices));
        }));
        return command;
    }

    /// <summary>What each prompt of an offline task makes of the first examples of the test part.</summary>
    private static IEnumerable<(string Key, Func<string> Render)> Offline(PromptLibrary library, PromptFilter filter, int rows, Func<string, ChoiceSource> choices)
    {
        var tasks = PromptTasks.FromApiDocs(ApiDocs.Load(), library);
        foreach (var item in library.Find(filter))
        {
            if (tasks.FirstOrDefault(t => t.Prompts == item.Collection) is not { } task) continue;
            for (int row = 0; row < Math.Min(rows, task[Split.Test].Count); row++)
            {
                var (key, example) = ($"{item.FullName}#{row}", task[Split.Test][row]);
                yield return (key, () => item.Prompt.RenderText(example, choices(key)));
            }
        }
    }

    private static int Run(IEnumerable<(string Key, Func<string> Render)> lines)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var (key, render) in lines)
        {
            object result;
            try
            {
                result = new { key, output = render() };
            }
            catch (Exception e) when (e is TemplateException or ArgumentException or PromptFileException)
            {
                result = new { key, error = e.Message };
            }
            output.WriteLine(JsonSerializer.Serialize(result, Json));
        }
        return 0;
    }
}
