using System.Text.Json.Nodes;

namespace NotebookKit.Studies.Experiments;

/// <summary>The result files of a folder, and the one to show beside a run that was just made.</summary>
public sealed class CommittedResults
{
    private CommittedResults(IReadOnlyList<ResultFile> files) => Files = files;

    /// <summary>The files, in ordinal order of their names.</summary>
    public IReadOnlyList<ResultFile> Files { get; }

    /// <summary>Reads every result file of a folder (.json, but not the tables of claims); a folder that is not there holds none.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A file is not a result file; the message names file and field.</exception>
    public static CommittedResults Read(string folder) => new(
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Where(f => !ClaimTable.IsOne(f)).Order(StringComparer.Ordinal).Select(ResultFile.Read)] : []);

    /// <summary>The best committed run of an experiment: of the longest preset, and of those the latest.</summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <returns>The file, or null when there is none.</returns>
    public ResultFile? Best(string experiment) => Files
        .Where(f => f.Experiment == experiment)
        .OrderByDescending(f => Presets.Rank(f.Preset)).ThenByDescending(f => f.Date).ThenBy(f => f.Source, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The run just made beside the best committed run of its experiment.</summary>
    /// <param name="now">The run just made.</param>
    /// <param name="preset">Its preset.</param>
    /// <param name="device">Its device in words.</param>
    /// <param name="data">The data's name and version in words.</param>
    public RunPair Beside(AblationResult now, string preset, string device = "", string data = "")
    {
        var best = Best(now.Name);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return new(ResultFile.From(now, preset, device.Length > 0 ? device : now.Device, today, data), best, best is null ? [] : [.. Differences(now, best)]);
    }

    /// <summary>What is shown where a run is compared with a committed one: which is which, and in what their conditions differ.</summary>
    /// <param name="now">The run just made.</param>
    public string Compare(AblationResult now)
    {
        if (Best(now.Name) is not { } kept) return $"{now.Name}: shown is the run just made; no committed run of it is there.";
        var differences = Differences(now, kept).ToList();
        return $"{now.Name}: first the run just made ({now.Device}, kit {now.Kit}), then the {kept.Provenance}. "
            + (differences.Count == 0 ? "Settings and data are the same." : $"They differ in {string.Join("; ", differences)}.");
    }

    /// <summary>Every setting, variant and data set in which a run and a committed one differ: "lr 0.1 → 0.2", the run's value first.</summary>
    /// <param name="now">The run just made.</param>
    /// <param name="kept">The committed run.</param>
    public static IEnumerable<string> Differences(AblationResult now, ResultFile kept)
    {
        if (now.Data != kept.Checksum) yield return "the data";
        if (now.Settings.Keys.Except(kept.Settings.Keys).ToList() is { Count: > 0 } added) yield return $"variants only here: {string.Join(", ", added)}";
        if (kept.Settings.Keys.Except(now.Settings.Keys).ToList() is { Count: > 0 } left) yield return $"variants only there: {string.Join(", ", left)}";
        var seeds = (Now: now.Runs.Select(r => r.Seed).Distinct().Count(), Kept: kept.Rows.Select(r => r.Seed).Distinct().Count());
        if (seeds.Now != seeds.Kept) yield return $"seeds {seeds.Now} → {seeds.Kept}";
        var changes = now.Settings.Keys.Intersect(kept.Settings.Keys)
            .SelectMany(variant => Changes(JsonNode.Parse(now.Settings[variant]), JsonNode.Parse(kept.Settings[variant]), ""))
            .Distinct();
        foreach (string? change in changes) yield return change;
    }

    private static IEnumerable<string> Changes(JsonNode? here, JsonNode? there, string path)
    {
        if (JsonNode.DeepEquals(here, there)) return [];
        if (here is JsonObject a && there is JsonObject b)
            return a.Select(p => p.Key).Union(b.Select(p => p.Key)).SelectMany(key => Changes(a[key], b[key], path.Length > 0 ? $"{path}.{key}" : key));
        return [$"{path} {here?.ToJsonString() ?? "none"} → {there?.ToJsonString() ?? "none"}"];
    }
}
