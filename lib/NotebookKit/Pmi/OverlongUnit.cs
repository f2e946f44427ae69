namespace NotebookKit.Pmi;

/// <summary>What happens to a drawn unit that is longer than what is left of the budget.</summary>
public enum OverlongUnit
{
    /// <summary>
    /// It is passed over and the next one drawn, so the budget is never exceeded. In a short sequence this shuts long units out: with 15
    /// pieces the budget is 2, and no unit of three pieces is ever masked. Pack short texts into long sequences.
    /// </summary>
    Skip,

    /// <summary>It is masked and ends the draw, so the budget may be exceeded by less than one unit.</summary>
    Take,
}
