namespace NotebookKit.Studies.Experiments;

/// <summary>What became of a claim.</summary>
public enum Verdict
{
    /// <summary>Every contrast that tests it has its whole interval where the claim puts it.</summary>
    Shown,

    /// <summary>Some of the contrasts have.</summary>
    InPart,

    /// <summary>None has; or the interval is on the other side.</summary>
    NotSeen,

    /// <summary>Nothing here tests it.</summary>
    NotTested,
}

/// <summary>A claim of a paper, and what became of it here: one row of a <see cref="ClaimTable"/>.</summary>
/// <param name="Text">The claim in a short sentence.</param>
/// <param name="Source">Where the paper makes it: "Table 2", "§3", "abstract".</param>
public sealed record Claim(string Text, string Source)
{
    /// <summary>The id of the cell that tests it; "" for none.</summary>
    public string Cell { get; init; } = "";

    /// <summary>What was measured.</summary>
    public string Measure { get; init; } = "";

    /// <summary>The measured value or difference; null where there is none.</summary>
    public double? Estimate { get; init; }

    /// <summary>Its interval; null where there is none.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The number of seeds (or pairs) behind it; 0 where nothing is random or nothing was tested.</summary>
    public int Seeds { get; init; }

    /// <summary>The preset of the run; "" for what does not depend on one.</summary>
    public string Preset { get; init; } = "";

    /// <summary>What became of it.</summary>
    public Verdict Verdict { get; init; } = Verdict.NotTested;

    /// <summary>Why the verdict is what it is.</summary>
    public string Why { get; init; } = "";

    /// <summary>Tested by contrasts: shown if all are as expected, shown in part if some are. The estimate is the first one's.</summary>
    /// <param name="cell">The id of the cell that shows them.</param>
    /// <param name="preset">The preset of the run.</param>
    /// <param name="expected">Where the claim puts the contrasts.</param>
    /// <param name="contrasts">The contrasts, the main one first.</param>
    public Claim Tested(string cell, string preset, Finding expected, params IReadOnlyList<Contrast> contrasts)
    {
        if (contrasts.Count == 0) throw new ArgumentException($"“{Text}”: there is no contrast to test it by.", nameof(contrasts));
        int held = contrasts.Count(c => c.Finding == expected);
        return Judged(
            cell, preset, contrasts[0].Name + ", " + contrasts[0].Metric, contrasts[0].Difference.Mean, contrasts[0].Interval, contrasts[0].Differences.Count,
            held == contrasts.Count ? Verdict.Shown : held > 0 ? Verdict.InPart : Verdict.NotSeen,
            contrasts.Count == 1 ? Words(contrasts[0]) : $"{held} of {contrasts.Count} as claimed: {string.Join("; ", contrasts.Select(c => $"{c.Name} {Words(c)}"))}");
    }

    /// <summary>Tested by something that is no contrast, such as an exact check of a formula or a count.</summary>
    /// <param name="cell">The id of the cell that shows it.</param>
    /// <param name="preset">The preset of the run, or "".</param>
    /// <param name="measure">What was measured.</param>
    /// <param name="estimate">The value.</param>
    /// <param name="interval">Its interval, or null.</param>
    /// <param name="seeds">The number of seeds, 0 where nothing is random.</param>
    /// <param name="verdict">What became of it, computed from the value.</param>
    /// <param name="why">Why, in a few words.</param>
    public Claim Judged(string cell, string preset, string measure, double? estimate, Interval? interval, int seeds, Verdict verdict, string why) =>
        this with { Cell = cell, Preset = preset, Measure = measure, Estimate = estimate, Interval = interval is { IsKnown: true } ? interval : null, Seeds = seeds, Verdict = verdict, Why = why };

    /// <summary>Not tested here, and what a test would take.</summary>
    /// <param name="why">What is missing: a model, a data set.</param>
    /// <param name="cost">What the training would cost, or null.</param>
    public Claim NotTested(string why, TrainingCost? cost = null) => this with { Verdict = Verdict.NotTested, Why = cost is null ? why : $"{why}; it would take {cost}" };

    private static string Words(Contrast contrast) => contrast.Finding switch
    {
        Finding.Above => "is above 0",
        Finding.Below => "is below 0",
        Finding.Level => $"is level within {contrast.Margin.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
        _ when contrast.Differences.Count == 1 => $"has one of the {contrast.Pairs} only",
        _ when !contrast.Interval.IsKnown => "has no spread, so no interval",
        _ => "has an interval that holds 0",
    };
}
