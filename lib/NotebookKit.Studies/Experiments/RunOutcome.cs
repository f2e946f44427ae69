using System.Globalization;

namespace NotebookKit.Studies.Experiments;

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
