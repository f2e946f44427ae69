using NotebookKit.Interactive;

namespace NotebookKit.Tests.Runner;

public class NotebookProgressTests
{
    private readonly StringWriter lines = new() { NewLine = "\n" };
    private readonly Clock clock = new();

    [Fact]
    public void What_is_done_at_once_prints_nothing()
    {
        Report(steps: 1000, seconds: 2);
        Assert.Empty(lines.ToString());
    }

    [Fact]
    public void A_long_stage_prints_at_most_a_line_a_tenth()
    {
        Report(steps: 1000, seconds: 100);
        var printed = lines.ToString().TrimEnd().Split('\n');
        Assert.InRange(printed.Length, 5, 10);
        Assert.StartsWith("training: 100 of 1,000 (10 %), loss 2", printed[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_stage_prints_a_line_each_15_seconds()
    {
        Report(steps: 1000, seconds: 3600);
        Assert.InRange(lines.ToString().Split('\n').Length - 1, 200, 240);
    }

    private void Report(int steps, double seconds)
    {
        var progress = NotebookProgress.Printing(lines, clock);
        for (var step = 0; step <= steps; step++)
        {
            progress.Report(new ProgressReport("training", step, steps, "loss 2"));
            clock.Ticks += (long)(seconds / steps * TimeSpan.TicksPerSecond);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
