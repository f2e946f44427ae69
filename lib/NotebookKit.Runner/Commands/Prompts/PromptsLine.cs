using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>
/// The lines that <c>prompts render</c> and <c>prompts check</c> read: a JSON object each, with <c>key</c>, <c>jinja</c>,
/// <c>answer_choices</c> (or null), <c>example</c>, and for checking <c>expected</c>.
/// </summary>
internal sealed record PromptsLine(string Key, string Jinja, string? AnswerChoices, PromptExample Example, string? Expected)
{
    public static Option<string> ChoiceOption() => new("--choice")
    {
        Description = "What the filters choice and random take: 'first', or 'seed:N' for repeatable choices by line key.",
        DefaultValueFactory = _ => "first",
    };

    /// <summary>The source of choices for a line; the key keeps it independent of the order of lines.</summary>
    public static Func<string, ChoiceSource> ParseChoice(string text)
    {
        if (text == "first") return _ => ChoiceSource.First;
        if (text.StartsWith("seed:", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            return key => ChoiceSource.Seeded(seed, key);
        throw new FormatException($"--choice must be 'first' or 'seed:N' with a number N, not '{text}'.");
    }

    public static IEnumerable<(long Number, PromptsLine Line)> Read(string path)
    {
        using var reader = path == "-" ? Console.In : File.OpenText(path);
        for (long number = 1; reader.ReadLine() is { } text; number++)
        {
            if (!string.IsNullOrWhiteSpace(text)) yield return (number, Parse(text, path, number));
        }
    }

    private static PromptsLine Parse(string text, string path, long number)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new JsonException("a line must be a JSON object");
            string Text(string name) => Optional(name) ?? throw new JsonException($"the field '{name}' is missing or null");
            string? Optional(string name) => !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
                : value.ValueKind == JsonValueKind.String ? value.GetString()
                : throw new JsonException($"the field '{name}' must be a string");
            if (!root.TryGetProperty("example", out var example)) throw new JsonException("the field 'example' is missing");
            return new PromptsLine(Text("key"), Text("jinja"), Optional("answer_choices"), PromptExample.FromJson(example), Optional("expected"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new PromptFileException(path, number, e.Message, e);
        }
    }

    /// <summary>The text before splitting, with the choices as promptsource computes them, and without truncation.</summary>
    public string Render(ChoiceSource choices)
    {
        var prompt = new Prompt(Key, Jinja, AnswerChoices, id: Key);
        return prompt.RenderText(Example, choices, new PromptOptions(Truncate: false, RequireFields: false));
    }

    /// <summary>Runs a command's action; what the user can mend is one line on standard error and exit code 2.</summary>
    public static int Guard(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is PromptFileException or IOException or UnauthorizedAccessException or FormatException or KeyNotFoundException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
