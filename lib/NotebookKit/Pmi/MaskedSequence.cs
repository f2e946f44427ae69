namespace NotebookKit.Pmi;

/// <summary>A masked sequence with the units behind it, for display and analysis.</summary>
/// <param name="Tokens">The ids before masking.</param>
/// <param name="Inputs">The ids that the model sees.</param>
/// <param name="Labels">The ids to predict, <see cref="IMasker.NotPredicted"/> elsewhere.</param>
/// <param name="Units">All units in order; special tokens belong to none.</param>
public sealed record MaskedSequence(int[] Tokens, int[] Inputs, int[] Labels, IReadOnlyList<MaskingUnit> Units);

/// <summary>A run of word pieces that is chosen and decided upon as one.</summary>
/// <param name="Start">The place of its first piece in the sequence.</param>
/// <param name="Length">Its number of pieces.</param>
/// <param name="Words">Its number of words; 0 for a single piece inside a longer word.</param>
/// <param name="Action">What was done to it.</param>
public readonly record struct MaskingUnit(int Start, int Length, int Words, UnitAction Action);

/// <summary>What was done to a unit, decided once for all its pieces.</summary>
public enum UnitAction
{
    /// <summary>It was not chosen: visible and not predicted.</summary>
    Visible,

    /// <summary>Predicted; every piece was replaced by [MASK].</summary>
    Masked,

    /// <summary>Predicted; every piece was replaced by a random piece, each drawn anew.</summary>
    Randomized,

    /// <summary>Predicted; every piece was left as it is.</summary>
    Kept,
}
