using NotebookKit.Templates.Language;

namespace NotebookKit.Prompting;

/// <summary>How a <see cref="Prompt"/> is applied; the defaults are promptsource's.</summary>
/// <param name="Truncate">
/// Whether every printed expression is cut to 2,048 characters, by promptsource's own rewriting of the text: <c>}}</c> becomes
/// <c> | string | truncate(2048) }}</c>. The filter binds to the last operand only, so <c>{{ a if c else b }}</c> cuts <c>b</c> alone.
/// </param>
/// <param name="RequireFields">
/// Whether a field that the prompt mentions and the example lacks is an error that names it. Python prints nothing in its place.
/// </param>
/// <param name="Limits">What rendering may use.</param>
public sealed record PromptOptions(bool Truncate = true, bool RequireFields = true, RenderLimits? Limits = null)
{
    /// <summary>promptsource's behaviour, with missing fields as errors.</summary>
    public static PromptOptions Default { get; } = new();
}
