namespace NotebookKit.Studies.Data;

/// <summary>A text and its class.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The index of its class in <see cref="LabelledTexts.Labels"/>.</param>
/// <param name="Group">What the text belongs to; a group lies in one part only, so that nothing leaks from training to test.</param>
public sealed record LabelledText(string Text, int Label, string Group);
