namespace NotebookKit.Pmi;

/// <summary>What a masking vocabulary ranks n-grams by. All logarithms are natural.</summary>
public enum NgramScore
{
    /// <summary>PMI_n (Levine et al. 2021, Eq. 3): the least PMI over all segmentations, so that no strong part can carry a weak whole.</summary>
    Pmi,

    /// <summary>The variant of the published lists: PMI_n with p² in the numerator, which is PMI_n + log p and favours frequent n-grams.</summary>
    PmiSquared,

    /// <summary>Naive-PMI_n (Eq. 2): against the words alone.</summary>
    Naive,

    /// <summary>log p of the n-gram: the order of raw counts (Frequency-Masking).</summary>
    Frequency,
}
