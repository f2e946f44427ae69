namespace NotebookKit.Pmi;

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
