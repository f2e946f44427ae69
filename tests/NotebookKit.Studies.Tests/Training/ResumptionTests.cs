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
