namespace NotebookKit.Display;

/// <summary>What happened to the words of a <see cref="ColoredSpan"/>.</summary>
public enum SpanMark
{
    /// <summary>Nothing; a colour only says that they belong together.</summary>
    None,

    /// <summary>They are hidden from the model, or stand out for another reason.</summary>
    Masked,

    /// <summary>They were taken out.</summary>
    Removed,

    /// <summary>They were put in.</summary>
    Added,
}
