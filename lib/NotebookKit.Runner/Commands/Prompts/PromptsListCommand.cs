using System.CommandLine;
using NotebookKit.Prompting;
using NotebookKit.Templates.Language;
using Spectre.Console;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary><c>nbk prompts list</c>: the prompts of a folder, one a line.</summary>
internal static class PromptsListCommand
{
    public static Command Create()
    {
        var browsing = new PromptsBrowsing();
        var command = new Command("list", "List the prompts of a folder of templates.");
        browsing.AddTo(command);
        command.SetAction(parsed => Guard.Run(() => Run(browsing.Library(parsed), browsing.Filter(parsed))));
        return command;
    }

    private static int Run(PromptLibrary library, PromptFilter filter)
    {
        var found = library.Find(filter).ToList();
        var table = new Table().Border(TableBorder.None);
        foreach (string header in new[] { "data set", "prompt", "task", "original", "choices", "held out", "metrics" }) table.AddColumn(header);
        foreach (var item in found)
        {
            table.AddRow(new Text(item.Collection.Name), new Text(item.Prompt.Name), new Text(item.Task ?? ""),
                new Text(item.Prompt.Metadata.OriginalTask switch { true => "yes", false => "no", null => "" }),
                new Text(Choices(item.Prompt)), new Text(item.Prompt.IsHeldOut ? "yes" : ""), new Text(string.Join(", ", item.Prompt.Metadata.Metrics)));
        }
        // A pipe has no width, and a name broken over two lines cannot be searched for.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 1000;
        AnsiConsole.Write(table);
        Console.WriteLine($"{found.Count} prompts in {found.Select(f => f.Collection.Name).Distinct().Count()} data sets");
        return 0;
    }

    private static string Choices(Prompt prompt)
    {
        if (prompt.AnswerChoices is null) return "";
        try
        {
            return prompt.FixedChoices is { } choices ? $"{choices.Count} fixed" : "computed";
        }
        catch (TemplateException)
        {
            return "broken";
        }
    }
}
