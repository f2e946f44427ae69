namespace NotebookKit.Pmi;

/// <summary>A run of word pieces that is chosen and decided upon as one.</summary>
/// <param name="Start">The place of its first piece in the sequence.</param>
/// <param name="Length">Its number of pieces.</param>
/// <param name="Words">Its number of words; 0 for a single piece inside a longer word.</param>
/// <param name="Action">What was done to it.</param>
public readonly record struct MaskingUnit(int Start, int Length, int Words, UnitAction Action);
