namespace NotebookKit.Display;

/// <summary>
/// Something that knows how to show itself: as HTML, and as plain text through <see cref="object.ToString"/>.
/// A type that implements it and carries <c>[TypeFormatterSource(typeof(DisplayFormatters))]</c> shows well in every notebook host.
/// </summary>
public interface IDisplayable
{
    /// <summary>A self-contained HTML fragment: encoded text, no network address, readable in light and dark, and still readable when a host strips styles.</summary>
    string ToHtml();
}
