using NotebookKit.Training;

namespace NotebookKit.Prompting;

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
