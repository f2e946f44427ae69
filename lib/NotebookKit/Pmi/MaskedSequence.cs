namespace NotebookKit.Pmi;

/// <summary>A masked sequence with the units behind it, for display and analysis.</summary>
/// <param name="Tokens">The ids before masking.</param>
/// <param name="Inputs">The ids that the model sees.</param>
/// <param name="Labels">The ids to predict, <see cref="IMasker.NotPredicted"/> elsewhere.</param>
/// <param name="Units">All units in order; special tokens belong to none.</param>
public sealed record MaskedSequence(int[] Tokens, int[] Inputs, int[] Labels, IReadOnlyList<MaskingUnit> Units);
