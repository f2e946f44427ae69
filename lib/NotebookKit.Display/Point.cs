namespace NotebookKit.Display;

/// <summary>One point of a scatter plot, with error bars in both directions.</summary>
/// <param name="Series">Its colour and shape.</param>
/// <param name="X">Its position.</param>
/// <param name="Y">Its value.</param>
/// <param name="DeviationX">Half the length of the horizontal error bar; 0 for none.</param>
/// <param name="DeviationY">Half the length of the vertical error bar; 0 for none.</param>
/// <param name="Label">What it is; shown when a reader points at it.</param>
public sealed record Point(string Series, double X, double Y, double DeviationX = 0, double DeviationY = 0, string Label = "");
