using System.CommandLine;
using NotebookKit.Prompting;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>
/// <c>nbk prompts check</c>: renders lines and compares them with their field <c>expected</c>. Without a file, it checks the prompts of the
/// folder: every template parses, and those of the offline tasks word examples from the API documentation.
/// </summary>
internal static class PromptsCheckCommand
{
    private const int Shown = 5;

    public static Command Create()
    {
        var browsing = new PromptsBrowsing();
        var file = new Argument<string?>("file") { Description = "JSON Lines with key, jinja, answer_choices, example and expected; - for standard input. Without it, the folder is checked.", Arity = ArgumentArity.ZeroOrOne };
        var choice = PromptsLine.ChoiceOption();
        var command = new Command("check", "Compare rendered templates with the text expected of them, or check a folder of prompts; exit code 1 if anything is wrong.") { file, choice };
        browsing.AddTo(command);
        command.SetAction(parsed => Guard.Run(() => parsed.GetValue(file) is { } path
            ? Run(path, PromptsLine.ParseChoice(parsed.GetRequiredValue(choice)))
            : PromptsFolder.Check(browsing.Folder(parsed), browsing.Filter(parsed), parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static int Run(string path, Func<string, ChoiceSource> choices)
    {
        int equal = 0;
        int different = 0;
        int failed = 0;
        foreach (var (number, line) in PromptsLine.Read(path))
        {
            string difference;
            try
            {
                string output = line.Render(choices(line.Key));
                string expected = line.Expected ?? throw new PromptFileException(path, number, "the field 'expected' is missing");
                if (output == expected)
                {
                    equal++;
                    continue;
                }
                different++;
                difference = Describe(expected, output);
            }
            catch (Exception e) when (e is TemplateException or ArgumentException or PromptFileException)
            {
                failed++;
                difference = $"  error:    {e.Message}";
            }
            if (different + failed <= Shown) Console.WriteLine($"line {number}, {line.Key}\n{difference}");
        }
        int total = equal + different + failed;
        if (different + failed > Shown) Console.WriteLine($"... and {different + failed - Shown} more");
        Console.WriteLine($"{total} templates: {equal} as expected, {different} different, {failed} failed");
        return total == equal ? 0 : 1;
    }

    /// <summary>Both texts from a little before the first character in which they differ.</summary>
    private static string Describe(string expected, string output)
    {
        int at = expected.AsSpan().CommonPrefixLength(output);
        string Part(string text)
        {
            int start = Math.Max(0, at - 30);
            string part = text.Substring(start, Math.Min(80, text.Length - start));
            return (start > 0 ? "…" : "") + part.Replace("\n", "\\n") + (start + part.Length < text.Length ? "…" : "");
        }
        return $"  at character {at} of {expected.Length}\n  expected: {Part(expected)}\n  rendered: {Part(output)}";
    }
}
