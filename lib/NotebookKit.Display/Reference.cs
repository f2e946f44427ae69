namespace NotebookKit.Display;

/// <summary>A line that scores must be read against: chance, the largest class, a bag of words.</summary>
/// <param name="Group">The panel it is drawn in.</param>
/// <param name="Value">Where, in units of the axis.</param>
/// <param name="Label">What it is, in a word or two.</param>
public sealed record Reference(string Group, double Value, string Label);
