namespace NotebookKit.Templates.Language;

/// <summary>
/// How much a template may ask for. Templates come from strangers; a render that passes a limit ends with a
/// <see cref="TemplateException"/> of kind <see cref="TemplateErrorKind.Limit"/>.
/// </summary>
/// <param name="Work">
/// Units of work: an iteration, a list item made or compared, and every sixteen characters of text made or scanned cost one each.
/// </param>
/// <param name="OutputLength">Characters (UTF-16 units) of output, and of any one string made on the way.</param>
/// <param name="Depth">Nesting of macro calls and recursive loops while rendering.</param>
public sealed record RenderLimits(long Work = 20_000_000, int OutputLength = 8_000_000, int Depth = 64)
{
    /// <summary>The limits used when none are given.</summary>
    public static RenderLimits Default { get; } = new();
}
