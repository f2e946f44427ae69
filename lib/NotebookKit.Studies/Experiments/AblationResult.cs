using System.Globalization;
using Microsoft.Data.Analysis;

namespace NotebookKit.Studies.Experiments;

/// <summary>The finished runs of an ablation.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Device">The kind of device.</param>
/// <param name="Data">The checksum of the data.</param>
/// <param name="Kit">Version of the code that ran (<see cref="KitVersion.Of(Type)"/>).</param>
/// <param name="Settings">The settings of every variant as canonical JSON.</param>
/// <param name="Runs">The runs, in the order of the variants.</param>
/// <param name="CacheFolder">The folder of the cache, or "".</param>
public sealed record AblationResult(
    string Name,
    string Device,
    string Data,
    string Kit,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<RunOutcome> Runs,
    string CacheFolder)
{
    /// <summary>All measurements as rows.</summary>
    public ResultRows Rows { get; } = new(Runs.SelectMany(r => r.Measurements.Select(m => new ResultRow(r.Variant, r.Seed, m.Step, m.Metric, m.Value))));

    /// <summary>How many runs came from the cache, and how many were made now; damaged entries are named.</summary>
    public string Origin
    {
        get
        {
            int cached = Runs.Count(r => r.FromCache);
            var damaged = Runs.Where(r => r.Damage.Length > 0).Select(r => r.Damage).ToList();
            return $"{Name}: {Runs.Count} runs, {Runs.Count - cached} made now"
                + (CacheFolder.Length == 0 ? ", no cache" : $", {cached} from the cache")
                + (damaged.Count > 0 ? $"; {damaged.Count} damaged entries were made again: {string.Join("; ", damaged)}" : "");
        }
    }

    /// <summary>The rows as a table.</summary>
    public DataFrame ToFrame() => Rows.ToFrame();

    /// <summary>Where the runs are from.</summary>
    public override string ToString() => Origin;
}

/// <summary>One finished run and where its result is from.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Measurements">What was measured.</param>
/// <param name="FromCache">Whether it was made earlier and found in the cache.</param>
/// <param name="Damage">What was wrong with a cache entry that had to be made again, or "".</param>
/// <param name="Elapsed">How long it took now; zero from the cache.</param>
public sealed record RunOutcome(string Variant, int Seed, IReadOnlyList<Measurement> Measurements, bool FromCache, string Damage, TimeSpan Elapsed)
{
    /// <summary>Variant, seed and origin in one line.</summary>
    public override string ToString() => FromCache
        ? $"{Variant}, seed {Seed}: from the cache"
        : string.Create(CultureInfo.InvariantCulture, $"{Variant}, seed {Seed}: {(Damage.Length > 0 ? $"made again, because {Damage}" : "made now")} in {Elapsed.TotalSeconds:F1} s");
}

/// <summary>One figure that a run produced.</summary>
/// <param name="Step">The training step at which it was taken; 0 where there are none.</param>
/// <param name="Metric">What was measured, with its unit where it has one.</param>
/// <param name="Value">The value; NaN where a run diverged.</param>
public sealed record Measurement(long Step, string Metric, double Value);
