namespace NotebookKit.Models;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">The parameter's name, such as <c>bert.encoder.layer.0.output.dense.weight</c>.</param>
/// <param name="Type">The stored number format, as the format spells it: <c>F32</c>, <c>BF16</c>, <c>I64</c>.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Start">The first byte of the tensor, counted from the start of the file.</param>
/// <param name="Bytes">How many bytes the tensor takes.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long Bytes)
{
    /// <summary>The shape for a reader's eye, as in <c>F32 [768, 3072]</c>.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
