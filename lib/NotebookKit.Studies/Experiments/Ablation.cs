using System.Diagnostics;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Studies.Experiments;

/// <summary>One setting of an ablation under the name that tables and figures show.</summary>
/// <typeparam name="TSettings">An immutable record of settings.</typeparam>
/// <param name="Name">The name.</param>
/// <param name="Settings">The settings.</param>
public sealed record Variant<TSettings>(string Name, TSettings Settings)
    where TSettings : notnull;

/// <summary>What a run is given.</summary>
/// <typeparam name="TSettings">An immutable record of settings.</typeparam>
/// <param name="Variant">The variant's name; for messages only, a result that depended on it would be cached wrongly.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Seed">The seed of everything random in the run.</param>
/// <param name="WorkFolder">A folder (not made yet) for a checkpoint that should survive an interruption; "" without a cache.</param>
/// <param name="Progress">Where the run may tell how far it is.</param>
/// <param name="Cancellation">Asks the run to stop.</param>
public sealed record Run<TSettings>(string Variant, TSettings Settings, int Seed, string WorkFolder, IProgress<ProgressReport>? Progress, CancellationToken Cancellation)
    where TSettings : notnull
{
    /// <summary>Where <see cref="Keep"/> writes; "" without a cache, and for every seed but the first.</summary>
    public string WeightsFile { get; init; } = "";

    /// <summary>Keeps the weights that the run ended with, for a reader who wants to try the model: <see cref="RunCache.WeightsOf"/> of the run's key finds them.</summary>
    /// <param name="model">The trained model.</param>
    public void Keep(torch.nn.Module model)
    {
        if (WeightsFile.Length > 0) Checkpoint.SaveWeights(WeightsFile, model);
    }
}

/// <summary>
/// An experiment: variants times seeds. Every run is looked up in the cache first and stored as soon as it is finished, so
/// that an interruption loses one run at most.
/// </summary>
/// <typeparam name="TSettings">An immutable record of settings; see <see cref="CanonicalJson"/> for what it may hold.</typeparam>
public sealed record Ablation<TSettings>
    where TSettings : notnull
{
    /// <summary>Describes an experiment.</summary>
    /// <param name="name">Its name, such as "pmi-masking/pretraining".</param>
    /// <param name="variants">The settings that are compared.</param>
    /// <param name="seeds">The seeds with which each variant is run.</param>
    /// <param name="data">The checksum of the data.</param>
    /// <param name="device">The kind of device it runs on: "cpu" or "cuda".</param>
    /// <exception cref="ArgumentException">There is no variant or no seed, or one of them occurs twice.</exception>
    public Ablation(string name, IReadOnlyList<Variant<TSettings>> variants, IReadOnlyList<int> seeds, string data, string device = "cpu")
    {
        if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("An experiment needs a name.", nameof(name));
        if (variants.Count == 0) throw new ArgumentException($"{name}: there is no variant.", nameof(variants));
        if (seeds.Count == 0) throw new ArgumentException($"{name}: there is no seed.", nameof(seeds));
        if (variants.GroupBy(v => v.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{name}: two variants are called '{twice.Key}'.", nameof(variants));
        if (seeds.GroupBy(s => s).FirstOrDefault(g => g.Count() > 1) is { } again) throw new ArgumentException($"{name}: seed {again.Key} is named twice; a repeated seed is no second observation.", nameof(seeds));
        (Name, Runs, Variants, Seeds, Data, Device) = (name, name, [.. variants], [.. seeds], data, device);
    }

    /// <summary>The experiment's name.</summary>
    public string Name { get; }

    /// <summary>The settings that are compared.</summary>
    public IReadOnlyList<Variant<TSettings>> Variants { get; }

    /// <summary>The seeds with which each variant is run.</summary>
    public IReadOnlyList<int> Seeds { get; }

    /// <summary>The checksum of the data.</summary>
    public string Data { get; }

    /// <summary>The kind of device.</summary>
    public string Device { get; }

    /// <summary>Under which name its runs are kept: experiments that measure the same share the runs whose settings are equal.</summary>
    public string Runs { get; init; }

    /// <summary>The key of one run.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="NotSupportedException">The settings hold something that cannot be hashed.</exception>
    public RunKey KeyOf(Variant<TSettings> variant, int seed) => RunKey.Of(Runs, variant.Settings, seed, Data, Device);

    /// <summary>Makes every run that the cache does not hold: all variants with the first seed, then all with the next.</summary>
    /// <param name="body">One run: its measurements, depending on nothing but what it is given.</param>
    /// <param name="cache">Where finished runs are kept; null to make all of them now.</param>
    /// <param name="progress">Is told which run is at work, and what came from the cache.</param>
    /// <param name="cancellation">Stops between runs, and inside a run that heeds it.</param>
    /// <exception cref="OperationCanceledException">It was stopped; finished runs are in the cache.</exception>
    /// <exception cref="InvalidOperationException">A run measured the same metric twice at one step.</exception>
    public AblationResult Execute(
        Func<Run<TSettings>, IEnumerable<Measurement>> body,
        RunCache? cache = null,
        IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        var runs = new List<RunOutcome>();
        int total = Seeds.Count * Variants.Count;
        foreach (int seed in Seeds)
            foreach (var variant in Variants)
            {
                cancellation.ThrowIfCancellationRequested();
                var outcome = Obtain(variant, seed, body, cache, progress, cancellation);
                runs.Add(outcome);
                progress?.Report(new(Name, runs.Count, total, outcome.ToString()));
            }
        // Rows in the order of the variants, whatever the order of the runs.
        var order = Variants.Select((v, i) => (v.Name, i)).ToDictionary();
        return new(Name, Device, Data, KitVersion.Of(typeof(TSettings)), Variants.ToDictionary(v => v.Name, v => CanonicalJson.Of(v.Settings)), [.. runs.OrderBy(r => order[r.Variant])], cache?.Folder ?? "");
    }

    private RunOutcome Obtain(Variant<TSettings> variant, int seed, Func<Run<TSettings>, IEnumerable<Measurement>> body, RunCache? cache, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var key = KeyOf(variant, seed);
        string? damage = "";
        if (cache is not null && cache.TryRead(key, out var cached, out damage)) return new(variant.Name, seed, cached, FromCache: true, "", TimeSpan.Zero);

        progress?.Report(new($"{Name}: {variant.Name}, seed {seed}", 0, 0, damage));
        long started = Stopwatch.GetTimestamp();
        var made = body(new(variant.Name, variant.Settings, seed, cache?.WorkFolderOf(key) ?? "", progress, cancellation) { WeightsFile = seed == Seeds[0] ? cache?.WeightsOf(key) ?? "" : "" }).ToList();
        if (made.GroupBy(m => (m.Step, m.Metric)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"{Name}: {variant.Name}, seed {seed} measured '{twice.Key.Metric}' {twice.Count()} times at step {twice.Key.Step}. One value for each metric and step; name the metrics apart.");
        cache?.Write(key, made);
        return new(variant.Name, seed, made, FromCache: false, damage, Stopwatch.GetElapsedTime(started));
    }
}
