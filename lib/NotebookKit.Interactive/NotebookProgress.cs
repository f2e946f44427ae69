using System.Globalization;

namespace NotebookKit.Interactive;

/// <summary>
/// Where a notebook's long operations report to. A runner that can draw takes the reports live (it puts its own sink under
/// <see cref="LiveSinkKey"/>); in any other host a few lines are printed, because no kernel redraws a line.
/// </summary>
public sealed class NotebookProgress : IProgress<ProgressReport>
{
    /// <summary>The <see cref="AppContext"/> entry under which a host offers an <see cref="IProgress{T}"/> of <see cref="ProgressReport"/>.</summary>
    public const string LiveSinkKey = "NotebookKit.LiveProgress";

    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(15);

    private readonly IProgress<ProgressReport>? live;
    private readonly TextWriter? lines;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private string stage = "";
    private long lastTime;
    private double lastShare;

    private NotebookProgress(IProgress<ProgressReport>? live, TextWriter? lines, TimeProvider clock)
    {
        this.live = live;
        this.lines = lines;
        this.clock = clock;
        lastTime = clock.GetTimestamp();
    }

    /// <summary>The right sink for the host that the notebook runs in.</summary>
    public static NotebookProgress Create() => new(AppContext.GetData(LiveSinkKey) as IProgress<ProgressReport>, null, TimeProvider.System);

    /// <summary>A sink that prints: at most one line for each tenth of a stage or for 15 seconds, and none for what is done at once.</summary>
    internal static NotebookProgress Printing(TextWriter lines, TimeProvider clock) => new(null, lines, clock);

    /// <inheritdoc/>
    public void Report(ProgressReport value)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var gap = clock.GetElapsedTime(lastTime, now);
            var isNew = value.Stage != stage;
            if (live is not null)
            {
                if (!isNew && gap < LiveInterval && value.Done != value.Total)
                    return;
                (stage, lastTime) = (value.Stage, now);
                live.Report(value);
                return;
            }
            if (isNew)
                (stage, lastTime, lastShare, gap) = (value.Stage, now, 0, TimeSpan.Zero);
            var share = value.Total > 0 ? (double)value.Done / value.Total : 0;
            if (gap < LongestGap && (gap < ShortestGap || share < lastShare + 0.1))
                return;
            (lastTime, lastShare) = (now, share);
            (lines ?? Console.Out).WriteLine(Line(value));
        }
    }

    private static string Line(ProgressReport report)
    {
        var amount = report.Total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Done:N0} of {report.Total:N0} ({(double)report.Done / report.Total:P0})")
            : report.Done.ToString("N0", CultureInfo.InvariantCulture);
        return report.Note.Length > 0 ? $"{report.Stage}: {amount}, {report.Note}" : $"{report.Stage}: {amount}";
    }
}

/// <summary>A progress report as a phrase: "pre-training 120 of 400 (30 %), loss 5.1".</summary>
internal static class ProgressText
{
    public static string Of(ProgressReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        var amount = report.Total > 0
            ? string.Create(culture, $"{report.Stage} {report.Done:N0} of {report.Total:N0} ({100 * report.Done / report.Total} %)")
            : string.Create(culture, $"{report.Stage} {report.Done:N0}");
        return report.Note.Length > 0 ? $"{amount}, {report.Note}" : amount;
    }
}
