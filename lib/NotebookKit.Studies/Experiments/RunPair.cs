namespace NotebookKit.Studies.Experiments;

/// <summary>The run just made and the best committed one, side by side; see <see cref="CommittedResults.Beside"/>.</summary>
/// <param name="Now">The run just made.</param>
/// <param name="Committed">The best committed run; null when there is none.</param>
/// <param name="Differences">In what their conditions differ.</param>
public sealed record RunPair(ResultFile Now, ResultFile? Committed, IReadOnlyList<string> Differences)
{
    /// <summary>The one to draw conclusions from: the committed run, unless the run just made is of a longer preset or there is no other.</summary>
    public ResultFile Best => Committed is { } kept && Presets.Rank(kept.Preset) >= Presets.Rank(Now.Preset) ? kept : Now;

    /// <summary>Whether both hold the same rows, so that showing them twice would say nothing.</summary>
    public bool AreOne => Committed is { } kept && kept.Rows.SequenceEqual(Now.Rows);

    /// <summary>The runs to show, each under what it is: one when they are one, else the run just made and then the committed one.</summary>
    public IReadOnlyList<(string Title, ResultFile Run)> Shown => Committed is not { } kept
        ? [($"the run just made (preset {Now.Preset})", Now)]
        : AreOne ? [(kept.Provenance, kept)] : [($"the run just made (preset {Now.Preset})", Now), (kept.Provenance, kept)];

    /// <summary>Which is which, and in what their conditions differ.</summary>
    public override string ToString() => $"{Now.Experiment}: " + (Committed switch
    {
        null => $"the run just made (preset {Now.Preset}, {Now.Device}); no committed run of it is there.",
        var kept when AreOne => $"the run just made is the {kept.Provenance}.",
        var kept => $"first the run just made (preset {Now.Preset}, {Now.Device}), then the {kept.Provenance}. "
            + (Differences.Count == 0 ? "Settings and data are the same." : $"They differ in {string.Join("; ", Differences)}."),
    });
}
