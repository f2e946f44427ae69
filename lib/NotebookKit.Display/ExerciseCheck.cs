using System.Net;

namespace NotebookKit.Display;

/// <summary>The answer to an exercise: right, or not yet and what to look at. It throws nothing, so that a notebook with open exercises runs to its end.</summary>
/// <param name="What">What was asked for.</param>
/// <param name="IsRight">Whether the reader's value is right, best by comparison with the library's.</param>
/// <param name="Hint">What to look at if it is not.</param>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record ExerciseCheck(string What, bool IsRight, string Hint) : IDisplayable
{
    /// <inheritdoc/>
    public string ToHtml() => $"<p class=\"nbk-check\">{WebUtility.HtmlEncode(ToString())}</p>";

    /// <inheritdoc/>
    public override string ToString() => IsRight ? $"✓ Right: {What}" : $"✗ Not yet: {What}. {Hint}";
}
