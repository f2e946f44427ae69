using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// What was expected before the runs that are committed, from probes with one seed each (numbers in the texts). Written on 30 November 2026,
/// before the first of those runs; whatever comes out is printed beside it.
/// </summary>
public static class MendExpectations
{
    /// <summary>The expectations.</summary>
    public static IReadOnlyList<Expectation> All { get; } =
    [
        new("facts", "The network adds to the rates alone (.970 against .885 where every phrasing was taught)", "an interval of MEND − rates only that is not above 0",
            rows => Chosen(rows, "MEND", "rates only", "success"), Finding.Above),
        new("facts", "With few phrasings taught, MEND carries an edit to more rephrasings than tuned fine-tuning", "an interval of MEND − FT that is not above 0",
            rows => Chosen(rows, "MEND", "FT", "success"), Finding.Above),
        new("facts", "The cache reaches other words at the price of the neighbours", "no more damage than MEND's",
            rows => Chosen(rows, "cache", "MEND", "drawdown, same relation"), Finding.Above),
        new("claims", "MEND flips more rephrasings than fine-tuning that stops when the label flips (.89 against .85)", "an interval of MEND − FT that is not above 0",
            rows => Chosen(rows, "MEND", "FT", "success"), Finding.Above),
        new("claims", "and damages fewer other claims (.11 against .16)", "an interval of MEND − FT that is not below 0",
            rows => Chosen(rows, "MEND", "FT", "drawdown, other claims"), Finding.Below),
        new("claims", "Fine-tuning with KL and a margin is another point: less success (.77), less damage (.04)", "an interval of FT+KL − MEND in success that is not below 0",
            rows => Chosen(rows, "FT+KL to a margin", "MEND", "success"), Finding.Below),
        new("passages", "MEND writes more of the ten tokens than fine-tuning at the paper's stop and lowest rate (.66 against .28)", "an interval of MEND − FT @ lowest rate that is not above 0",
            rows => EditReport.Between(rows, MendChoice.Of(rows).FirstOrDefault(v => v.StartsWith("MEND @", StringComparison.Ordinal)) ?? "", rows.Variants.FirstOrDefault(v => v.StartsWith("FT @", StringComparison.Ordinal)) ?? "", "success"), Finding.Above),
        new("passages", "Fine-tuning to a margin writes more still (.93), for more perplexity", "an interval of FT to a margin − MEND that is not above 0",
            rows => Chosen(rows, "FT to a margin", "MEND", "success"), Finding.Above),
        new("passages", "The rates alone write next to nothing (.01)", "an interval of MEND − rates only that is not above 0",
            rows => Chosen(rows, "MEND", "rates only", "success"), Finding.Above),
        new("passages", "The cache fails in generation, as in the paper's Table 11", "an interval of cache − MEND in success that is not below 0",
            rows => Chosen(rows, "cache", "MEND", "success"), Finding.Below),
        new("together", "At 25 edits at once MEND is ahead of ENN (.89 against .35 in the paper)", "an interval of MEND − ENN that is not above 0",
            rows => EditReport.Between(rows, "MEND, k = 25", "ENN, k = 25", "success"), Finding.Above),
        new("together", "and least squares (MALMEN) are ahead of MEND's sum", "an interval of MALMEN − MEND that is not above 0",
            rows => EditReport.Between(rows, "MALMEN, k = 25", "MEND, k = 25", "success"), Finding.Above),
    ];

    private static Contrast? Chosen(ResultRows rows, string editor, string rival, string metric) => EditReport.Between(MendChoice.Chosen(rows), editor, rival, metric);
}
