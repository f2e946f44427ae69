using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// Chooses the setting of each editor on the edits to choose by: the one with the largest gain, success less cost, over all seeds. The same rule
/// for a rate of fine-tuning, a strength of MEND, a distance of a cache.
/// </summary>
public static class MendChoice
{
    /// <summary>The editor of a variant "editor @ setting".</summary>
    public static string Editor(string variant) => variant.Split(" @ ")[0];

    /// <summary>The chosen variant of every editor, in the order of the editors.</summary>
    /// <param name="rows">The rows of <see cref="MendComparison.Compare"/>.</param>
    public static IReadOnlyList<string> Of(ResultRows rows) =>
    [
        .. rows.Variants.GroupBy(Editor).Select(settings => settings.MaxBy(variant =>
            rows.Where(r => r.Variant == variant && r.Metric == "chosen by: gain").Select(r => r.Value).DefaultIfEmpty(double.NegativeInfinity).Average())!),
    ];

    /// <summary>Only the rows of the chosen settings, under the editors' names.</summary>
    public static ResultRows Chosen(this ResultRows rows)
    {
        HashSet<string> chosen = [.. Of(rows)];
        return new(rows.Where(r => chosen.Contains(r.Variant)).Select(r => r with { Variant = Editor(r.Variant) }));
    }
}
