using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using NotebookKit.Interactive;

namespace NotebookKit.Tests.Runner;

public sealed class NotebookProgressTests : IDisposable
{
    // The first kernel of a process takes what is displayed into its cells.
    private readonly CompositeKernel kernel = [];
    private readonly Clock clock = new();
    private readonly KernelInvocationContext cell = KernelInvocationContext.GetOrCreateAmbientContext(new SubmitCode(""));
    private readonly List<DisplayEvent> shown = [];
    private readonly IDisposable listening;

    public NotebookProgressTests()
    {
        Kit.Register(NotebookHost.DotNetInteractive);
        listening = cell.KernelEvents.Subscribe(new Listener(shown));
    }

    public void Dispose()
    {
        listening.Dispose();
        cell.Dispose();
        kernel.Dispose();
    }

    [Fact]
    public void What_is_done_at_once_shows_nothing()
    {
        Report(steps: 1000, seconds: 0.4);
        Assert.Empty(shown);
    }

    [Fact]
    public void A_long_stage_is_one_bar_that_is_redrawn_in_place_a_few_times_a_second()
    {
        Report(steps: 1000, seconds: 20);
        Assert.IsType<DisplayedValueProduced>(shown[0]);
        Assert.All(shown.Skip(1), update => Assert.IsType<DisplayedValueUpdated>(update));
        Assert.Single(shown.Select(display => display.ValueId).Distinct());
        Assert.InRange(shown.Count, 100, 210);
        Assert.Equal("training 1,000 of 1,000 (100 %), loss 2", Text(shown[^1], "text/plain"));
        Assert.Contains("<progress value=\"1000\" max=\"1000\">", Text(shown[^1], "text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stages_of_a_cell_share_one_bar()
    {
        var progress = NotebookProgress.Drawing(clock);
        foreach (var stage in new[] { "reading", "training", "scoring" })
            Report(steps: 10, seconds: 2, stage, progress);
        Assert.Single(shown.Select(display => display.ValueId).Distinct());
        Assert.StartsWith("scoring", Text(shown[^1], "text/plain"), StringComparison.Ordinal);
    }

    private void Report(int steps, double seconds, string stage = "training", NotebookProgress? progress = null)
    {
        progress ??= NotebookProgress.Drawing(clock);
        for (var step = 0; step <= steps; step++)
        {
            progress.Report(new ProgressReport(stage, step, steps, "loss 2"));
            clock.Ticks += (long)(seconds / steps * TimeSpan.TicksPerSecond);
        }
    }

    private static string Text(DisplayEvent shown, string mime) => shown.FormattedValues.Single(value => value.MimeType == mime).Value;

    private sealed class Listener(List<DisplayEvent> shown) : IObserver<KernelEvent>
    {
        public void OnNext(KernelEvent value)
        {
            if (value is DisplayEvent display)
                shown.Add(display);
        }

        public void OnError(Exception error) { }

        public void OnCompleted() { }
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
