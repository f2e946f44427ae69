using System.CommandLine;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary><c>nbk prompts show</c>: everything about the prompts whose name matches, and on request how they word an example.</summary>
internal static class PromptsShowCommand
{
    public static Command Create()
    {
        var browsing = new PromptsBrowsing();
        var name = new Argument<string>("name") { Description = "Part of a prompt's name, or DATASET/[SUBSET/]NAME." };
        var example = new Option<string?>("--example") { Description = "A file of JSON Lines, CSV or Parquet; its first row is worded by every prompt shown." };
        var choice = PromptsLine.ChoiceOption();
        var command = new Command("show", "Show prompts: template, answer choices, metadata, fields.") { name, example, choice };
        browsing.AddTo(command);
        command.SetAction(parsed => Guard.Run(() => Run(browsing.Library(parsed), browsing.Filter(parsed), parsed.GetRequiredValue(name),
            parsed.GetValue(example), PromptsLine.ParseChoice(parsed.GetRequiredValue(choice)))));
        return command;
    }

    private static int Run(PromptLibrary library, PromptFilter filter, string name, string? examplePath, Func<string, ChoiceSource> choices)
    {
        var found = library.Find(filter).Where(item => item.FullName.Contains(name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0) throw new KeyNotFoundException($"No prompt has '{name}' in its name. 'nbk prompts list' shows all.");
        PromptExample? example = null;
        if (examplePath is not null)
        {
            using var reader = File.OpenText(examplePath);
            var rows = Path.GetExtension(examplePath).ToLowerInvariant() is ".csv" or ".tsv" or ".parquet"
                ? ExampleReader.ReadAsync(examplePath).GetAwaiter().GetResult()
                : ExampleReader.ReadJsonLines(reader, examplePath);
            example = rows.FirstOrDefault() ?? throw new PromptFileException(examplePath, 0, "the file has no example");
        }
        foreach (var item in found) Show(item, example, choices);
        return 0;
    }

    private static void Show(LibraryPrompt item, PromptExample? example, Func<string, ChoiceSource> choices)
    {
        var prompt = item.Prompt;
        Console.WriteLine($"{item.FullName}\n{new string('=', Math.Min(item.FullName.Length, 100))}");
        Console.WriteLine(prompt.Jinja);
        Console.WriteLine();
        if (prompt.AnswerChoices is not null) Console.WriteLine($"answer choices:  {prompt.AnswerChoices}");
        if (item.Task is not null) Console.WriteLine($"task:            {item.Task}");
        Console.WriteLine($"original task:   {(prompt.Metadata.OriginalTask is { } original ? original ? "yes" : "no" : "not recorded")}");
        Console.WriteLine($"metrics:         {string.Join(", ", prompt.Metadata.Metrics)}");
        if (prompt.Reference.Length > 0) Console.WriteLine($"reference:       {prompt.Reference}");
        try
        {
            Console.WriteLine($"fields:          {string.Join(", ", prompt.Fields.Order(StringComparer.Ordinal))}");
            if (example is not null)
            {
                var worded = prompt.Apply(example, choices(item.FullName));
                for (int i = 0; i < worded.Parts.Count; i++) Console.WriteLine($"\n--- {(i == 0 ? "input" : i == 1 ? "target" : $"part {i + 1}")} ---\n{worded.Parts[i]}");
            }
        }
        catch (Exception e) when (e is TemplateException or ArgumentException)
        {
            Console.WriteLine($"error:           {e.Message}");
        }
        Console.WriteLine();
    }
}
