namespace NotebookKit.Pmi;

/// <summary>How much is masked, and what replaces it. The defaults are BERT's and the paper's: 15 %, then 80/10/10.</summary>
public sealed record MaskingOptions
{
    /// <summary>The share of word pieces that is predicted. Special tokens are neither masked nor counted.</summary>
    public double Rate { get; init; } = 0.15;

    /// <summary>The share of chosen units whose pieces all become [MASK].</summary>
    public double MaskShare { get; init; } = 0.8;

    /// <summary>The share of chosen units whose pieces all become random pieces; the remaining units are left as they are.</summary>
    public double RandomShare { get; init; } = 0.1;

    /// <summary>What happens to a drawn unit that is longer than what is left of the budget. The paper does not say.</summary>
    public OverlongUnit OverlongUnit { get; init; } = OverlongUnit.Skip;

    /// <summary>The budget of a sequence: its share of pieces, rounded half up, but at least one unless the rate is 0.</summary>
    /// <param name="pieces">The number of pieces without special tokens.</param>
    public int Budget(int pieces) => pieces == 0 || Rate == 0 ? 0 : Math.Max(1, (int)(Rate * pieces + 0.5));

    /// <summary>Throws when a share makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is not between 0 and 1, or the two shares exceed 1.</exception>
    public void Validate()
    {
        Check(Rate, nameof(Rate));
        Check(MaskShare, nameof(MaskShare));
        Check(RandomShare, nameof(RandomShare));
        if (MaskShare + RandomShare > 1 + 1e-9)
            throw new ArgumentOutOfRangeException(nameof(RandomShare), RandomShare, $"MaskShare ({MaskShare}) and RandomShare must not exceed 1 together.");

        static void Check(double share, string name)
        {
            if (!(share >= 0 && share <= 1)) throw new ArgumentOutOfRangeException(name, share, "A share lies between 0 and 1.");
        }
    }
}

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
