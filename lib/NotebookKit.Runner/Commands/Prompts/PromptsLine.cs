using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>
/// The lines that <c>prompts render</c> and <c>prompts check</c> read: a JSON object each, with <c>key</c>, <c>jinja</c>,
/// <c>answer_choices</c> (or null), <c>example</c>, and for checking <c>expected</c>. A line that cannot be read fails when it is rendered,
/// so that one odd row does not stop the run.
/// </summary>
internal sealed record PromptsLine(string Key, string Jinja, string? AnswerChoices, PromptExample Example, string? Expected)
{
    private PromptFileException? _fault;

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
            text = text.TrimStart('\uFEFF'); // a byte order mark, at the start or where files were joined
            if (!string.IsNullOrWhiteSpace(text)) yield return (number, Parse(text, path, number));
        }
    }

    private static PromptsLine Parse(string text, string path, long number)
    {
        string key = $"line {number}";
        try
        {
            using var document = PromptExample.ParseJson(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new JsonException("a line must be a JSON object");
            string Text(string name) => Optional(name) ?? throw new JsonException($"the field '{name}' is missing or null");
            string? Optional(string name) => !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
                : value.ValueKind == JsonValueKind.String ? value.GetString()
                : throw new JsonException($"the field '{name}' must be a string");
            key = Text("key");
            if (!root.TryGetProperty("example", out var example)) throw new JsonException("the field 'example' is missing");
            return new PromptsLine(key, Text("jinja"), Optional("answer_choices"), PromptExample.FromJson(example), Optional("expected"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new PromptsLine(key, "", null, new PromptExample([]), null) { _fault = new PromptFileException(path, number, e.Message, e) };
        }
    }

    /// <summary>The text before splitting, with the choices as promptsource computes them, and without truncation.</summary>
    /// <exception cref="PromptFileException">The line could not be read.</exception>
    public string Render(ChoiceSource choices)
    {
        if (_fault is not null) throw _fault;
        var prompt = new Prompt(Key, Jinja, AnswerChoices, id: Key);
        return prompt.RenderText(Example, choices, new PromptOptions(Truncate: false, RequireFields: false));
    }
}
