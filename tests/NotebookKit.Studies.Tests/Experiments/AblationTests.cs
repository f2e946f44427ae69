using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Experiments;

public sealed class AblationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunCache _cache;

    public AblationTests() => _cache = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private sealed record Settings(int Steps, double Rate);

    private sealed class Reports : IProgress<ProgressReport>
    {
        public List<ProgressReport> All { get; } = [];

        public void Report(ProgressReport value) => All.Add(value);
    }

    private static Ablation<Settings> Describe(double rate = .5, string data = "d") =>
        new("a/test: one", [new("slow", new(2, .1)), new("fast", new(2, rate))], [3, 1], data);

    private static AblationResult Finish(Ablation<Settings> ablation, Func<Run<Settings>, IEnumerable<Measurement>> body, RunCache? cache = null, IProgress<ProgressReport>? progress = null) =>
        ablation.Execute(body, cache, progress, TestContext.Current.CancellationToken);

    private int _made;

    private IEnumerable<Measurement> Body(Run<Settings> run)
    {
        _made++;
        for (var step = 0; step < run.Settings.Steps; step++) yield return new(step, "loss", (run.Seed + step) * run.Settings.Rate);
    }

    [Fact]
    public void A_second_execution_takes_every_run_from_the_cache_and_says_so()
    {
        var first = Finish(Describe(), Body, _cache);
        var second = Finish(Describe(), Body, _cache);
        Assert.Equal(4, _made);
        Assert.Equal(first.Rows, second.Rows);
        Assert.Equal("a/test: one: 4 runs, 4 made now, 0 from the cache", first.Origin);
        Assert.Equal("a/test: one: 4 runs, 0 made now, 4 from the cache", second.Origin);
    }

    [Fact]
    public void Experiments_that_measure_the_same_share_runs_of_equal_settings()
    {
        Finish(Describe(), Body, _cache);
        Ablation<Settings> other = new("another", [new("as slow as the first", new(2, .1)), new("new", new(3, .1))], [3], "d") { Runs = "a/test: one" };
        var result = Finish(other, Body, _cache);
        Assert.Equal(5, _made);
        Assert.Equal("another: 2 runs, 1 made now, 1 from the cache", result.Origin);
        Assert.Equal(["as slow as the first", "new"], result.Rows.Variants);
    }

    [Fact]
    public void A_run_of_the_first_seed_keeps_its_weights_where_its_key_finds_them()
    {
        var ablation = Describe();
        Finish(ablation, run =>
        {
            using var model = TorchSharp.torch.nn.Linear(2, 1);
            run.Keep(model);
            return Body(run);
        }, _cache);
        Assert.True(_cache.HasWeights(ablation.Name));
        Assert.All(ablation.Variants, v => Assert.Equal((true, false), (_cache.HasWeights(ablation.KeyOf(v, 3)), _cache.HasWeights(ablation.KeyOf(v, 1)))));
    }

    [Fact]
    public void Rows_are_in_the_order_of_variants_whatever_ran_first()
    {
        var rows = Finish(Describe(), Body).Rows;
        Assert.Equal(["slow 3 0", "slow 3 1", "slow 1 0", "slow 1 1", "fast 3 0", "fast 3 1", "fast 1 0", "fast 1 1"], rows.Select(r => $"{r.Variant} {r.Seed} {r.Step}"));
    }

    [Fact]
    public void Everything_that_determines_a_run_is_in_its_key()
    {
        var key = Describe().KeyOf(Describe().Variants[0], 3);
        Assert.Equal(KitVersion.Current, key.Kit);
        var others = new[]
        {
            key with { Experiment = "b" }, key with { Settings = "b" }, key with { Seed = 4 }, key with { Data = "b" }, key with { Device = "cuda" }, key with { Kit = "b" },
        };
        Assert.Equal(7, others.Append(key).Select(k => k.Hash).Distinct().Count());
        Assert.Equal(key.Hash, (key with { }).Hash);
    }

    [Fact]
    public void Only_the_changed_variant_is_made_again()
    {
        Finish(Describe(), Body, _cache);
        Finish(Describe(rate: .25), Body, _cache);
        Assert.Equal(6, _made);
        Finish(Describe(data: "other"), Body, _cache);
        Assert.Equal(10, _made);
    }

    [Fact]
    public void An_interruption_loses_one_run_at_most()
    {
        Assert.Throws<TimeoutException>(() => Finish(Describe(), run => _made == 2 ? throw new TimeoutException() : Body(run), _cache));
        Assert.Equal(2, _made);
        var resumed = Finish(Describe(), Body, _cache);
        Assert.Equal(4, _made);
        Assert.Equal(2, resumed.Runs.Count(r => r.FromCache));
    }

    [Fact]
    public void A_run_that_fails_midway_stores_nothing()
    {
        static IEnumerable<Measurement> Fails(Run<Settings> run)
        {
            yield return new(0, "loss", 1);
            throw new TimeoutException();
        }
        Assert.Throws<TimeoutException>(() => Finish(Describe(), Fails, _cache));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Cancellation_stops_between_runs()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Describe().Execute(run =>
        {
            source.Cancel();
            return Body(run);
        }, _cache, cancellation: source.Token));
        Assert.Equal(1, _made);
    }

    public static TheoryData<string> Damages => ["flip", "cut", "empty", "foreign", "text", "swap"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_entry_is_found_reported_and_made_again(string damage)
    {
        var ablation = Describe();
        var sound = Finish(ablation, Body, _cache);
        var path = _cache.PathOf(ablation.KeyOf(ablation.Variants[0], 3));
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flip":
                bytes[^5] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "cut": File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]); break;
            case "empty": File.WriteAllBytes(path, []); break;
            case "foreign": File.WriteAllBytes(path, [0, 1, 2, 255, 10, 254]); break;
            case "text": File.WriteAllText(path, "notebookkit-run 1 abc\nnothing"); break;
            case "swap": File.Copy(_cache.PathOf(ablation.KeyOf(ablation.Variants[1], 3)), path, overwrite: true); break;
        }

        var reports = new Reports();
        var again = Finish(ablation, Body, _cache, reports);
        Assert.Equal(5, _made);
        Assert.Equal(sound.Rows, again.Rows);
        Assert.Contains(path, again.Origin);
        Assert.Contains("made again", again.Origin);
        Assert.Contains(reports.All, r => r.Note.Contains(path));
        Assert.True(_cache.TryRead(ablation.KeyOf(ablation.Variants[0], 3), out _, out var left));
        Assert.Equal("", left);
    }

    [Fact]
    public void Any_single_changed_byte_of_an_entry_is_found()
    {
        var key = Describe().KeyOf(Describe().Variants[0], 3);
        _cache.Write(key, [new(7, "loss", .5), new(8, "loss", double.NaN)]);
        Assert.True(_cache.TryRead(key, out var measurements, out _));
        Assert.Equal([new(7, "loss", .5), new(8, "loss", double.NaN)], measurements);
        var bytes = File.ReadAllBytes(_cache.PathOf(key));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 4;
            File.WriteAllBytes(_cache.PathOf(key), bytes);
            Assert.False(_cache.TryRead(key, out _, out var damage));
            Assert.NotEqual("", damage);
            bytes[i] ^= 4;
        }
    }

    [Fact]
    public void A_work_folder_lives_until_the_result_is_stored()
    {
        var folders = new List<string>();
        IEnumerable<Measurement> Keeps(Run<Settings> run)
        {
            folders.Add(run.WorkFolder);
            Directory.CreateDirectory(run.WorkFolder);
            File.WriteAllText(Path.Combine(run.WorkFolder, "checkpoint"), "");
            if (folders.Count == 1) throw new TimeoutException();
            return Body(run);
        }
        Assert.Throws<TimeoutException>(() => Finish(Describe(), Keeps, _cache));
        Assert.True(Directory.Exists(folders[0]));
        Finish(Describe(), Keeps, _cache);
        Assert.Equal(folders[0], folders[1]);
        Assert.All(folders, f => Assert.False(Directory.Exists(f)));
    }

    [Fact]
    public void Progress_names_the_run_and_counts_to_the_end()
    {
        var reports = new Reports();
        Finish(Describe(), Body, _cache, reports);
        Assert.Contains(reports.All, r => r.Stage.Contains("fast, seed 1"));
        Assert.Equal((4L, 4L), (reports.All[^1].Done, reports.All[^1].Total));
        reports.All.Clear();
        Finish(Describe(), Body, _cache, reports);
        Assert.Equal(4, reports.All.Count(r => r.Note.Contains("from the cache")));
    }

    [Fact]
    public void An_experiment_that_makes_no_sense_is_refused()
    {
        Settings settings = new(1, 1);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new Ablation<Settings>("n", [new("a", settings), new("a", settings)], [1], "d")).Message);
        Assert.Contains("seed 2", Assert.Throws<ArgumentException>(() => new Ablation<Settings>("n", [new("a", settings)], [1, 2, 2], "d")).Message);
        Assert.Contains("no variant", Assert.Throws<ArgumentException>(() => new Ablation<Settings>("n", [], [1], "d")).Message);
        var twice = Assert.Throws<InvalidOperationException>(() => Finish(new Ablation<Settings>("n", [new("a", settings)], [1], "d"), _ => [new(1, "m", 1), new(1, "m", 2)], _cache));
        Assert.Contains("'m' 2 times at step 1", twice.Message);
    }
}
