namespace NotebookKit.Pmi;

/// <summary>What a masker chose over many sequences: how long its units are, and how close it came to its budget.</summary>
public sealed class MaskingStatistics
{
    private readonly SortedDictionary<int, long> unitsByWords = [];
    private readonly SortedDictionary<int, long> unitsByPieces = [];

    private MaskingStatistics(string scheme) => Scheme = scheme;

    /// <summary>The masker's name.</summary>
    public string Scheme { get; }

    /// <summary>The number of sequences.</summary>
    public int Sequences { get; private set; }

    /// <summary>The number of word pieces without special tokens.</summary>
    public long Pieces { get; private set; }

    /// <summary>The number of predicted pieces.</summary>
    public long Predicted { get; private set; }

    /// <summary>The sum of the budgets of all sequences, in pieces.</summary>
    public long Budget { get; private set; }

    /// <summary>The most pieces by which a sequence exceeded its budget, or 0.</summary>
    public int LargestOvershoot { get; private set; }

    /// <summary>The most pieces by which a sequence stayed below its budget, or 0.</summary>
    public int LargestUndershoot { get; private set; }

    /// <summary>The share of pieces that is predicted.</summary>
    public double Rate => Pieces == 0 ? 0 : (double)Predicted / Pieces;

    /// <summary>By how much the predicted pieces exceed the budgets, as a share of the budgets; negative when they stay below.</summary>
    public double Overshoot => Budget == 0 ? 0 : (double)(Predicted - Budget) / Budget;

    /// <summary>How many chosen units have 1, 2, 3, … words; 0 words is a piece inside a longer word.</summary>
    public IReadOnlyDictionary<int, long> UnitsByWords => unitsByWords;

    /// <summary>How many chosen units have 1, 2, 3, … pieces.</summary>
    public IReadOnlyDictionary<int, long> UnitsByPieces => unitsByPieces;

    /// <summary>
    /// The dose: the share of masked words that lie in a unit of two words or more, 0 without any. The rest is masked as whole-word masking does.
    /// </summary>
    public double ShareInUnits
    {
        get
        {
            long words = unitsByWords.Sum(units => units.Key * units.Value);
            return words == 0 ? 0 : (double)unitsByWords.Where(units => units.Key > 1).Sum(units => units.Key * units.Value) / words;
        }
    }

    /// <summary>Masks all sequences once.</summary>
    /// <param name="masker">The scheme.</param>
    /// <param name="sequences">Ready ids [time] each.</param>
    /// <param name="random">The source of all draws.</param>
    public static MaskingStatistics Measure(Masker masker, IEnumerable<int[]> sequences, ref MaskingRandom random)
    {
        MaskingStatistics statistics = new(masker.Name);
        foreach (int[] sequence in sequences) statistics.Add(masker.Explain(sequence, ref random), masker.Options);
        return statistics;
    }

    private void Add(MaskedSequence masked, MaskingOptions options)
    {
        int pieces = masked.Units.Sum(unit => unit.Length);
        int predicted = 0;
        foreach (MaskingUnit unit in masked.Units)
        {
            if (unit.Action == UnitAction.Visible) continue;
            predicted += unit.Length;
            unitsByWords[unit.Words] = unitsByWords.GetValueOrDefault(unit.Words) + 1;
            unitsByPieces[unit.Length] = unitsByPieces.GetValueOrDefault(unit.Length) + 1;
        }
        int budget = options.Budget(pieces);
        Sequences++;
        Pieces += pieces;
        Predicted += predicted;
        Budget += budget;
        LargestOvershoot = Math.Max(LargestOvershoot, predicted - budget);
        LargestUndershoot = Math.Max(LargestUndershoot, budget - predicted);
    }
}
