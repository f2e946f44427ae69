using System.Globalization;
using System.Net;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookKit.Interactive;

/// <summary>
/// Where a notebook's long operations report to: one bar a cell that moves in place. A host that draws by itself takes the reports
/// instead (it puts its own sink under <see cref="LiveSinkKey"/>). Between two reports the operation can be stopped: see <see cref="Interruption"/>.
/// </summary>
public sealed class NotebookProgress : IProgress<ProgressReport>
{
    /// <summary>The <see cref="AppContext"/> entry under which a host offers an <see cref="IProgress{T}"/> of <see cref="ProgressReport"/>.</summary>
    public const string LiveSinkKey = "NotebookKit.LiveProgress";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Unseen = TimeSpan.FromMilliseconds(500);

    private readonly IProgress<ProgressReport>? _live;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private KernelCommand? _cell;
    private DisplayedValue? _bar;
    private string _stage = "";
    private long _begun, _last;

    private NotebookProgress(IProgress<ProgressReport>? live, TimeProvider clock)
    {
        (_live, _clock) = (live, clock);
        _begun = _last = clock.GetTimestamp();
    }

    /// <summary>The right sink for the host that the notebook runs in.</summary>
    public static NotebookProgress Create() => new(AppContext.GetData(LiveSinkKey) as IProgress<ProgressReport>, TimeProvider.System);

    /// <summary>A sink that draws a bar in the running cell.</summary>
    internal static NotebookProgress Drawing(TimeProvider clock) => new(null, clock);

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The reader asked for a stop.</exception>
    public void Report(ProgressReport value)
    {
        lock (_gate)
        {
            long now = _clock.GetTimestamp();
            var context = KernelInvocationContext.Current;
            if (context is not null && !ReferenceEquals(context.Command, _cell))
                (_cell, _bar, _stage, _begun, _last) = (context.Command, null, "", now, now);
            bool isNew = value.Stage != _stage;
            _stage = value.Stage;
            // A step may take microseconds: neither the eye nor the file system is asked at each.
            if (_clock.GetElapsedTime(_last, now) < Shortest && !isNew && value.Done != value.Total)
                return;
            _last = now;
            Interruption.Heed(value);
            if (_live is not null)
                _live.Report(value);
            else if (_bar is not null)
                _bar.Update(new ProgressBar(value));
            else if (context is not null && _clock.GetElapsedTime(_begun, now) >= Unseen)
                _bar = new ProgressBar(value).Display("text/html", "text/plain");
        }
    }
}

/// <summary>How far a long operation has come, to be shown in place.</summary>
/// <param name="Report">The latest report.</param>
internal sealed record ProgressBar(ProgressReport Report)
{
    /// <summary>A bar where the total is known, and the phrase.</summary>
    public string ToHtml()
    {
        string bar = Report.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $"<progress value=\"{Report.Done}\" max=\"{Report.Total}\"></progress> ") : "";
        return $"<div class=\"nbk-progress\">{bar}{WebUtility.HtmlEncode(ProgressText.Of(Report))}</div>";
    }

    /// <summary>The phrase.</summary>
    public override string ToString() => ProgressText.Of(Report);
}

/// <summary>A progress report as a phrase: "pre-training 120 of 400 (30 %), loss 5.1".</summary>
public static class ProgressText
{
    /// <summary>The phrase for one report.</summary>
    public static string Of(ProgressReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        string amount = report.Total > 0
            ? string.Create(culture, $"{report.Stage} {report.Done:N0} of {report.Total:N0} ({100 * report.Done / report.Total} %)")
            : string.Create(culture, $"{report.Stage} {report.Done:N0}");
        return report.Note.Length > 0 ? $"{amount}, {report.Note}" : amount;
    }
}
