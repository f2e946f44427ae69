using NotebookKit.Display;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Studies.Prompting;

/// <summary>Shows how a prompt is made: the template and what it becomes for one example, each field in the same colour in both.</summary>
public static class PromptAnatomy
{
    private const string Computed = "computed";

    /// <summary>
    /// Four rows: the template with its fields and filters marked, the input and the target with the words that came from the example
    /// marked, and the answer choices. Everything that is not marked is the prompt's own wording. Values are shown whole, not truncated.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="example">The example that it words.</param>
    /// <param name="choices">Randomness for prompts that draw, or null.</param>
    /// <exception cref="ArgumentException">The example lacks fields that the prompt mentions.</exception>
    /// <exception cref="TemplateException">The template cannot be parsed or rendered.</exception>
    public static ColoredText Show(this Prompt prompt, PromptExample example, ChoiceSource? choices = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(example);
        var rendered = prompt.RenderTraced(example, choices, PromptOptions.Default);
        // Fields in the order in which the template names them; the answer choices are one more, and so are computed values.
        string[] names = [.. prompt.Template.Names.Select(name => name.Text).Where(name => IsField(prompt, name)).Distinct(), Computed];
        var rows = new List<(string, IEnumerable<ColoredSpan>)> { ("template", TemplateSpans(prompt, names)) };
        string[] titles = ["input", "target", "more"];
        foreach (var (number, part) in rendered.Pieces.Index())
            rows.Add((titles[Math.Min(number, 2)], part.Select(piece => RenderedSpan(prompt, piece, names))));
        if (prompt.ChoicesFor(example, choices) is { } answers) rows.Add(("answer choices", [string.Join(" | ", answers)]));
        return new ColoredText(prompt.Name, rows);
    }

    private static bool IsField(Prompt prompt, string name) => name == Prompt.ChoicesVariable || prompt.Fields.Contains(name);

    private static IEnumerable<ColoredSpan> TemplateSpans(Prompt prompt, string[] names)
    {
        string source = prompt.Template.Text;
        int done = 0;
        foreach (var (name, start, isMember, isFilter) in prompt.Template.Names)
        {
            bool field = !isMember && IsField(prompt, name);
            if (!field && !isFilter) continue;
            if (start > done) yield return source[done..start];
            done = start + name.Length;
            yield return field
                ? new(name, Array.IndexOf(names, name), Tooltip: name == Prompt.ChoicesVariable ? "the answer choices" : "a field of the example")
                : new(name, Array.IndexOf(names, Computed), Tooltip: "a filter");
        }
        if (done < source.Length) yield return source[done..];
    }

    /// <summary>The colour of a printed value is that of the first field that its expression mentions; what loops and assignments made is computed.</summary>
    private static ColoredSpan RenderedSpan(Prompt prompt, RenderedPiece piece, string[] names)
    {
        if (piece.Names is null) return piece.Text;
        string name = piece.Names.FirstOrDefault(name => IsField(prompt, name)) ?? Computed;
        return new(piece.Text, Array.IndexOf(names, name), Tooltip: name);
    }
}
