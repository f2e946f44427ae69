namespace NotebookKit.Display;

/// <summary>One observation among many: a point of a box plot or one entry of a histogram.</summary>
/// <param name="Group">The box or the histogram it belongs to, for example the task.</param>
/// <param name="Value">What was observed.</param>
/// <param name="Label">What it is, shown when a reader points at it, for example the name of the prompt.</param>
/// <param name="Series">Its colour when each group holds several boxes, for example the model.</param>
public sealed record Sample(string Group, double Value, string Label = "", string Series = "");
