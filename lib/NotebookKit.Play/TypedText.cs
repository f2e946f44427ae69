namespace NotebookKit.Play;

/// <summary>A text as a reader typed it, cut at a length that the page states.</summary>
internal static class TypedText
{
    /// <summary>The text, or its beginning; a pair of surrogates is never cut in two.</summary>
    /// <param name="text">What came from the page.</param>
    /// <param name="longest">Characters (UTF-16 units) that are kept.</param>
    /// <param name="wasCut">Whether something was left out.</param>
    internal static string Cut(string? text, int longest, out bool wasCut)
    {
        text ??= "";
        wasCut = text.Length > longest;
        if (!wasCut) return text;
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
