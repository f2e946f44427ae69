using System.Net;

namespace NotebookKit.Display;

/// <summary>A question to answer before the result is seen, with the answer folded away below it.</summary>
/// <param name="Question">The question.</param>
/// <param name="Options">Two or three answers to choose from; none for an open question.</param>
/// <param name="Answer">The answer and its reason, best made from the data.</param>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Prediction(string Question, IReadOnlyList<string> Options, string Answer) : IDisplayable
{
    /// <inheritdoc/>
    public string ToHtml() => $"""
        <div class="nbk-prediction"><p><strong>Predict first.</strong> {WebUtility.HtmlEncode(Question)}</p>{(Options.Count == 0 ? "" : $"<ul style=\"list-style:none\">{string.Concat(Options.Select((o, i) => $"<li><strong>{Letter(i)}</strong> {WebUtility.HtmlEncode(o)}</li>"))}</ul>")}<details><summary>Answer</summary><p>{WebUtility.HtmlEncode(Answer)}</p></details></div>
        """;

    /// <summary>The question, and the answer after some empty lines.</summary>
    public override string ToString() => string.Join('\n', Options.Select((o, i) => $"  {Letter(i)} {o}").Prepend("Predict first. " + Question).Append($"\n\n\nAnswer: {Answer}"));

    private static string Letter(int index) => $"{(char)('A' + index)}.";
}
