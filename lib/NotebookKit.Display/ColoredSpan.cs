namespace NotebookKit.Display;

/// <summary>A piece of a <see cref="ColoredText"/>.</summary>
/// <param name="Text">The words, as they stand; a space before or after belongs to the span.</param>
/// <param name="Color">The unit's colour by number (<see cref="HouseStyle.Color"/>); null for plain text.</param>
/// <param name="Mark">What happened to the words.</param>
/// <param name="Label">A short note after the words, for example a score or the name of a variable.</param>
/// <param name="Tooltip">A longer note, shown when a reader points at the words.</param>
public sealed record ColoredSpan(string Text, int? Color = null, SpanMark Mark = SpanMark.None, string? Label = null, string? Tooltip = null)
{
    /// <summary>Plain text becomes a span without colour.</summary>
    /// <param name="text">The words.</param>
    public static implicit operator ColoredSpan(string text) => new(text);
}
