namespace NotebookKit.Pmi;

/// <summary>
/// Turns a sequence of word pieces into a training example of masked language modelling. An instance keeps scratch memory: use one
/// for each thread (a compiled vocabulary may be shared).
/// </summary>
public interface IMasker
{
    /// <summary>The label of a piece that is not predicted; a cross-entropy ignores it.</summary>
    const int NotPredicted = -100;

    /// <summary>The scheme's name, for tables and figures.</summary>
    string Name { get; }

    /// <summary>Masks one sequence. Allocates nothing once a sequence of that length has been seen.</summary>
    /// <param name="tokenIds">Ready ids [time]; special tokens may stand anywhere, and no unit crosses them.</param>
    /// <param name="inputIds">Receives what the model sees [time]; may be the same memory as the tokens.</param>
    /// <param name="labels">Receives the original ids where a piece is predicted, <see cref="NotPredicted"/> elsewhere [time].</param>
    /// <param name="random">The source of all draws; the same state gives the same result.</param>
    /// <exception cref="ArgumentException">The three lengths differ, or an id is not in the tokenizer's vocabulary.</exception>
    void Mask(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ref MaskingRandom random);

    /// <summary>Masks one sequence, with the same draws as <see cref="Mask"/>, and tells the units.</summary>
    MaskedSequence Explain(ReadOnlySpan<int> tokenIds, ref MaskingRandom random);
}
