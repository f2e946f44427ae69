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
        string text = prompt.RenderTraced(example, choices, PromptOptions.Default, out var printed);
        // Fields in the order in which the template names them; the answer choices are one more, and so are computed values.
        string[] names = [.. Tokens(prompt).Where(t => t.Kind == TokenKind.Name).Select(t => t.Text).Where(name => IsField(prompt, name)).Distinct(), Computed];
        var rows = new List<(string, IEnumerable<ColoredSpan>)> { ("template", TemplateSpans(prompt, names)) };
        string[] titles = ["input", "target", "more"];
        foreach (var (number, part) in Parts(text).Index())
            rows.Add((titles[Math.Min(number, 2)], RenderedSpans(prompt, text, part, printed, names)));
        if (prompt.ChoicesFor(example, choices) is { } answers) rows.Add(("answer choices", [string.Join(" | ", answers)]));
        return new ColoredText(prompt.Name, rows);
    }

    private static bool IsField(Prompt prompt, string name) => name == Prompt.ChoicesVariable || prompt.Fields.Contains(name);

    private static List<Token> Tokens(Prompt prompt) => Lexer.Tokenize(Lexer.Normalize(prompt.Jinja));

    private static IEnumerable<ColoredSpan> TemplateSpans(Prompt prompt, string[] names)
    {
        string source = Lexer.Normalize(prompt.Jinja);
        var tokens = Tokens(prompt);
        int done = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            var (token, before) = (tokens[i], i > 0 ? tokens[i - 1] : default);
            if (token.Kind != TokenKind.Name) continue;
            bool member = before.IsOperator(".");
            bool field = !member && IsField(prompt, token.Text);
            if (!field && !before.IsOperator("|")) continue;
            if (token.Offset > done) yield return source[done..token.Offset];
            done = token.Offset + token.Text.Length;
            yield return field
                ? new(token.Text, Array.IndexOf(names, token.Text), Tooltip: token.Text == Prompt.ChoicesVariable ? "the answer choices" : "a field of the example")
                : new(token.Text, Array.IndexOf(names, Computed), Tooltip: "a filter");
        }
        if (done < source.Length) yield return source[done..];
    }

    private static IEnumerable<ColoredSpan> RenderedSpans(Prompt prompt, string text, Range part, List<PrintedValue> printed, string[] names)
    {
        var (start, end) = (part.Start.Value, part.End.Value);
        foreach (var (value, from, to) in printed)
        {
            var (first, last) = (Math.Max(from, start), Math.Min(to, end));
            if (first >= last) continue;
            if (first > start) yield return Prompt.Unprotect(text[start..first]);
            string name = FieldOf(prompt, value) ?? Computed;
            yield return new(Prompt.Unprotect(text[first..last]), Array.IndexOf(names, name), Tooltip: name);
            start = last;
        }
        if (start < end) yield return Prompt.Unprotect(text[start..end]);
    }

    /// <summary>The first field that an expression mentions; null for what loops and assignments made.</summary>
    private static string? FieldOf(Prompt prompt, Expr value) =>
        value is NameExpr { Text: var name } && IsField(prompt, name) ? name : value.Children.Select(child => FieldOf(prompt, child)).FirstOrDefault(found => found is not null);

    /// <summary>The parts between the separators, each without white space at its ends.</summary>
    private static IEnumerable<Range> Parts(string text)
    {
        for (int from = 0; from <= text.Length;)
        {
            int next = text.IndexOf(Prompt.Separator, from, StringComparison.Ordinal);
            var (start, end) = (from, next < 0 ? text.Length : next);
            from = next < 0 ? text.Length + 1 : next + Prompt.Separator.Length;
            while (end > start && UnicodeText.IsSpace(text[end - 1])) end--;
            while (start < end && UnicodeText.IsSpace(text[start])) start++;
            yield return start..end;
        }
    }
}
