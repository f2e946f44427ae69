namespace NotebookKit.Prompting;

/// <summary>The tokens of one example.</summary>
/// <param name="Inputs">Input ids; T0's have no end-of-sequence token.</param>
/// <param name="Targets">Target ids, with their end-of-sequence token.</param>
public sealed record TokenPair(IReadOnlyList<int> Inputs, IReadOnlyList<int> Targets);

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

/// <summary>
/// Packs short examples together, so that little of a batch is padding (T0 trains on 1,024 inputs and 256 targets a row). Examples keep
/// their order: a row is closed when the next example does not fit, and longer examples are cut.
/// </summary>
/// <param name="InputLength">Tokens of input in a row.</param>
/// <param name="TargetLength">Tokens of target in a row.</param>
public sealed record Packing(int InputLength = 1024, int TargetLength = 256)
{
    /// <summary>Packs a sequence of examples; lazy.</summary>
    public IEnumerable<PackedRow> Pack(IEnumerable<TokenPair> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var row = new List<TokenPair>();
        int inputs = 0;
        int targets = 0;
        foreach (var example in examples)
        {
            int input = Math.Min(example.Inputs.Count, InputLength);
            int target = Math.Min(example.Targets.Count, TargetLength);
            if (row.Count > 0 && (inputs + input > InputLength || targets + target > TargetLength))
            {
                yield return Row(row);
                row.Clear();
                (inputs, targets) = (0, 0);
            }
            row.Add(example);
            inputs += input;
            targets += target;
        }
        if (row.Count > 0) yield return Row(row);
    }

    private PackedRow Row(List<TokenPair> examples)
    {
        var packed = new PackedRow(new int[InputLength], new int[InputLength], new int[InputLength], new int[TargetLength], new int[TargetLength], new int[TargetLength]);
        Fill(examples.Select(e => e.Inputs), packed.Inputs, packed.InputSegments, packed.InputPositions);
        Fill(examples.Select(e => e.Targets), packed.Targets, packed.TargetSegments, packed.TargetPositions);
        return packed;
    }

    private static void Fill(IEnumerable<IReadOnlyList<int>> sequences, int[] ids, int[] segments, int[] positions)
    {
        int at = 0;
        int segment = 0;
        foreach (var sequence in sequences)
        {
            segment++;
            for (int i = 0; i < sequence.Count && i < ids.Length; i++, at++)
            {
                ids[at] = sequence[i];
                segments[at] = segment;
                positions[at] = i;
            }
        }
    }
}
