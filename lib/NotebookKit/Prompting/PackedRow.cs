namespace NotebookKit.Prompting;

/// <summary>
/// Several examples in one row, padded with 0. Segments count from 1 within a row, and 0 marks padding: attention must stay within a
/// segment. Positions count from 0 within each example.
/// </summary>
/// <param name="Inputs">Input ids, [input length].</param>
/// <param name="InputSegments">Segment of every input, [input length].</param>
/// <param name="InputPositions">Position of every input in its example, [input length].</param>
/// <param name="Targets">Target ids, [target length].</param>
/// <param name="TargetSegments">Segment of every target, [target length].</param>
/// <param name="TargetPositions">Position of every target in its example, [target length].</param>
public sealed record PackedRow(int[] Inputs, int[] InputSegments, int[] InputPositions, int[] Targets, int[] TargetSegments, int[] TargetPositions)
{
    /// <summary>Number of examples in the row.</summary>
    public int Count => InputSegments.Append(0).Concat(TargetSegments).Max();
}
