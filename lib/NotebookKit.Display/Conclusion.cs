using System.Net;

namespace NotebookKit.Display;

/// <summary>Two to four sentences under a result, made by the cell from the data, so that they change with it.</summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Conclusion : IDisplayable
{
    /// <summary>Takes the sentences; empty ones are left out, so that a cell can say a thing only where the data do: <c>gap > 0 ? "…" : ""</c>.</summary>
    /// <param name="sentences">The sentences.</param>
    public Conclusion(params IEnumerable<string> sentences) => Sentences = [.. sentences.Where(s => s.Length > 0)];

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <inheritdoc/>
    public string ToHtml() =>
        $"<blockquote class=\"nbk-conclusion\" style=\"border-left:4px solid {HouseStyle.Color(0)};margin:.5em 0;padding:.2em 1em\"><strong>What this shows.</strong> {WebUtility.HtmlEncode(string.Join(' ', Sentences))}</blockquote>";

    /// <inheritdoc/>
    public override string ToString() => "What this shows. " + string.Join(' ', Sentences);
}
