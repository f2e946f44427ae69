using System.Diagnostics;
using NotebookKit.Models;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public sealed class ResumptionTests : IDisposable
{
    private const int EvaluateEvery = 4;

    private readonly TemporaryFolder folder = new();
    private readonly List<long> steps = [];

    public void Dispose() => folder.Dispose();

    private sealed record Settings(double LearningRate);

    private static Ablation<Settings> Study => new("resumption", [new("one", new(3e-3))], [1], "data");

    private string WorkFolder => Cache.WorkFolderOf(Study.KeyOf(Study.Variants[0], 1));

    private RunCache Cache => new(folder.File("cache"));

    [Fact]
    public void An_interrupted_run_goes_on_at_the_step_it_was_stopped_in_and_ends_with_the_same_bits()
    {
        var straight = Execute(run => Train(run, TimeSpan.Zero));
        steps.Clear();
        Assert.Throws<OperationCanceledException>(() => Execute(run => Train(run, TimeSpan.Zero, stopAt: 7), Cache));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], steps);
        steps.Clear();

        var resumed = Execute(run => Train(run, TimeSpan.Zero), Cache);

        // The seventh step was made but not kept: it is the one that is lost.
        Assert.Equal([7, 8, 9, 10, 11, 12], steps);
        Assert.Equal(straight.Runs[0].Measurements, resumed.Runs[0].Measurements);
        Assert.False(Directory.Exists(WorkFolder));
        Assert.Equal("resumption: 1 runs, 0 made now, 1 from the cache", Execute(run => Train(run, TimeSpan.Zero), Cache).Origin);
    }

    [Theory]
    [InlineData("run.checkpoint")]
    [InlineData("rows.json")]
    public void What_was_kept_but_is_damaged_is_made_again(string file)
    {
        var straight = Execute(run => Train(run, TimeSpan.Zero));
        Assert.Throws<OperationCanceledException>(() => Execute(run => Train(run, TimeSpan.Zero, stopAt: 7), Cache));
        var path = Path.Combine(WorkFolder, file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
        steps.Clear();

        var again = Execute(run => Train(run, TimeSpan.Zero), Cache);

        Assert.Equal(12, steps.Count);
        Assert.Equal(straight.Runs[0].Measurements, again.Runs[0].Measurements);
    }

    [Fact]
    public void A_short_run_is_not_kept_at_all()
    {
        Assert.Throws<OperationCanceledException>(() => Execute(run => Train(run, interval: null, stopAt: 7), Cache));

        Assert.False(Directory.Exists(WorkFolder));
    }

    [Fact]
    public void A_common_start_is_trained_once_for_all_that_share_it_and_again_when_it_is_damaged()
    {
        var key = RunKey.Of("start", new Settings(3e-3), 1, "data", "cpu");
        var trainings = 0;
        double[] Obtain()
        {
            using var model = new BertForMaskedLM(SmallBert.Config, seed: 1);
            CommonStart.Obtain(model, key, Cache, work =>
            {
                trainings++;
                using var pretraining = SmallBert.Begin(model, 1);
                Resumption resumption = new(pretraining.Run, work, TimeSpan.Zero);
                foreach (var step in pretraining.Steps())
                {
                    // The first attempt is interrupted; the second has less to do.
                    if (trainings == 1 && step.Step == 7) throw new OperationCanceledException();
                    steps.Add(step.Step);
                    resumption.Keep();
                }
            });
            return [.. model.Weights()];
        }

        Assert.Throws<OperationCanceledException>(Obtain);
        Assert.Equal(6, steps.Count);
        var made = Obtain();
        Assert.Equal(12, steps.Count);
        Assert.False(Directory.Exists(Cache.WorkFolderOf(key)));
        Assert.Equal(made, Obtain());
        Assert.Equal(2, trainings);

        File.WriteAllBytes(Cache.WeightsOf(key), File.ReadAllBytes(Cache.WeightsOf(key))[..^9]);
        Assert.Equal(made, Obtain());
        Assert.Equal(3, trainings);
    }

    /// <summary>Two variants of two seeds in processes that are killed: nothing that was finished is made again, and the entries are those of a run that was let alone.</summary>
    [Fact]
    public async Task A_killed_process_loses_one_step_and_no_run()
    {
        var (alone, killed) = (folder.File("alone"), folder.File("killed"));
        await VictimAsync(alone, killAt: int.MaxValue);
        foreach (var step in new[] { 7, 31 }) await VictimAsync(killed, step);
        await VictimAsync(killed, killAt: int.MaxValue);

        Assert.Equal(Entries(alone), Entries(killed));
        Assert.Equal(48, Steps(alone));
        Assert.InRange(Steps(killed), 48, 48 + 2);

        static string[] Entries(string folder) => [.. Directory.EnumerateFiles(folder, "*.run", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => Path.GetFileName(f) + File.ReadAllText(f))];
    }

    private const string VictimFolder = "NOTEBOOKKIT_TEST_VICTIM";

    /// <summary>What the processes of the test above run; alone it is no test.</summary>
    [Fact]
    public void Victim()
    {
        if (Environment.GetEnvironmentVariable(VictimFolder) is not { Length: > 0 } work)
        {
            Assert.Skip("Only the test of a killed process runs it.");
            return;
        }
        Ablation<Settings> study = new("victim", [new("one", new(3e-3)), new("two", new(1e-3))], [1, 2], "data");
        study.Execute(
            run =>
            {
                using var model = new BertForMaskedLM(SmallBert.Config, run.Seed);
                using var pretraining = SmallBert.Begin(model, (ulong)run.Seed);
                Resumption resumption = new(pretraining.Run, run.WorkFolder, TimeSpan.Zero);
                foreach (var step in pretraining.Steps())
                {
                    File.AppendAllText(Path.Combine(work, "steps"), "step\n");
                    if (step.Step % EvaluateEvery == 0) resumption.Add(new(step.Step, "weights", model.Weights().Sum() * run.Settings.LearningRate));
                    resumption.Keep();
                    Thread.Sleep(20); // so that a kill falls where it was aimed
                }
                return resumption.Rows;
            },
            new RunCache(work),
            cancellation: TestContext.Current.CancellationToken);
    }

    // By the length, since the file is being written.
    private static int Steps(string work) => new FileInfo(Path.Combine(work, "steps")) is { Exists: true } file ? (int)(file.Length / "step\n".Length) : 0;

    private static async Task VictimAsync(string work, int killAt)
    {
        Directory.CreateDirectory(work);
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(ResumptionTests).Assembly.Location, "-method", $"{typeof(ResumptionTests).FullName}.{nameof(Victim)}"]) start.ArgumentList.Add(argument);
        start.Environment[VictimFolder] = work;
        using var process = Process.Start(start)!;
        var told = Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        while (!process.HasExited && Steps(work) < killAt) await Task.Delay(5, TestContext.Current.CancellationToken);
        if (killAt == int.MaxValue) Assert.True(process.ExitCode == 0, string.Concat(await told));
        else Assert.False(process.HasExited, string.Concat(killAt, " steps were not reached"));
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static AblationResult Execute(Func<Run<Settings>, IEnumerable<Measurement>> body, RunCache? cache = null) =>
        Study.Execute(body, cache, cancellation: TestContext.Current.CancellationToken);

    private IReadOnlyList<Measurement> Train(Run<Settings> run, TimeSpan? interval, long stopAt = long.MaxValue)
    {
        using var model = new BertForMaskedLM(SmallBert.Config, run.Seed);
        using var pretraining = SmallBert.Begin(model, (ulong)run.Seed);
        Resumption resumption = new(pretraining.Run, run.WorkFolder, interval);
        foreach (var step in pretraining.Steps(run.Cancellation))
        {
            steps.Add(step.Step);
            if (step.Step == stopAt) throw new OperationCanceledException();
            if (step.Step % EvaluateEvery == 0) resumption.Add(new(step.Step, "weights", model.Weights().Sum()));
            resumption.Keep();
        }
        return resumption.Rows;
    }
}
