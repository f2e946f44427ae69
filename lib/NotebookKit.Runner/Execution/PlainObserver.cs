using System.Diagnostics;
using System.Globalization;
using NotebookKit.Interactive;

namespace NotebookKit.Runner.Execution;

/// <summary>Tells a run in lines, for a log or a pipe: the start and the end of each notebook, and now and then where it is.</summary>
internal sealed class PlainObserver(TextWriter lines) : IRunObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Cell, int Cells, long Start, long Said)> _running = new(StringComparer.Ordinal);

    public void Started(string notebook, int codeCells)
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _running[notebook] = (0, codeCells, now, now);
            Say(string.Create(CultureInfo.InvariantCulture, $"{notebook}: started, {codeCells} code cells"));
        }
    }

    public void CellStarted(string notebook, int number)
    {
        lock (_gate)
        {
            _running[notebook] = _running[notebook] with { Cell = number };
            Now(notebook, "");
        }
    }

    public void Progress(string notebook, ProgressReport report)
    {
        lock (_gate)
            Now(notebook, ", " + ProgressText.Of(report));
    }

    public void Ended(NotebookOutcome outcome)
    {
        lock (_gate)
        {
            _running.Remove(outcome.Name);
            Say(string.Create(CultureInfo.InvariantCulture, $"{outcome.Name}: {outcome.Word} after {outcome.Time.TotalSeconds:0.0} s"));
        }
    }

    private void Now(string notebook, string what)
    {
        var at = _running[notebook];
        if (Stopwatch.GetElapsedTime(at.Said) < Interval)
            return;
        _running[notebook] = at with { Said = Stopwatch.GetTimestamp() };
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{notebook}: cell {at.Cell} of {at.Cells}, {Stopwatch.GetElapsedTime(at.Start).TotalSeconds:0} s{what}"));
    }

    private void Say(string line)
    {
        lines.WriteLine(line);
        lines.Flush();
    }
}
