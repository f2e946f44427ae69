using System.Diagnostics.CodeAnalysis;

namespace NotebookKit.Display;

/// <summary>
/// The formatters of every <see cref="IDisplayable"/>, found by name: a host asks for <c>CreateTypeFormatters</c>, and of each formatter
/// for <c>MimeType</c> and <c>Format(object, TextWriter)</c>. This is the one place of the library where a mime type is written down.
/// </summary>
public sealed class DisplayFormatters
{
    /// <summary>One formatter for HTML, one for plain text.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Hosts call it on an instance, by name.")]
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new Representation("text/html", value => (value as IDisplayable)?.ToHtml()),
        new Representation("text/plain", value => value.ToString()),
    ];

    /// <summary>Writes values in one mime type.</summary>
    /// <param name="mimeType">The type of what it writes.</param>
    /// <param name="write">The text for a value; null for a value that it does not know.</param>
    public sealed class Representation(string mimeType, Func<object, string?> write)
    {
        /// <summary>The type of what it writes.</summary>
        public string MimeType { get; } = mimeType;

        /// <summary>Writes <paramref name="value"/> to <paramref name="writer"/>; false if it does not know such values.</summary>
        public bool Format(object value, TextWriter writer)
        {
            string? text = write(value);
            writer.Write(text);
            return text is not null;
        }
    }
}

/// <summary>
/// Something that knows how to show itself: as HTML, and as plain text through <see cref="object.ToString"/>.
/// A type that implements it and carries <c>[TypeFormatterSource(typeof(DisplayFormatters))]</c> shows well in every notebook host.
/// </summary>
public interface IDisplayable
{
    /// <summary>A self-contained HTML fragment: encoded text, no network address, readable in light and dark, and still readable when a host strips styles.</summary>
    string ToHtml();
}

/// <summary>
/// Names the class that makes the formatters of a type. .NET Interactive looks for an attribute of this name, whoever declares it,
/// so a library gets its own displays there without referring to that host.
/// </summary>
/// <param name="formatterSourceType">A class with a parameterless constructor and a method <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The class that makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The representations a host should show, best first.</summary>
    public string[] PreferredMimeTypes { get; set; } = ["text/html", "text/plain"];
}
