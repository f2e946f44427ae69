using System.Diagnostics;
using System.Globalization;
using NotebookKit.Interactive;

namespace NotebookKit.Runner.Execution;

/// <summary>Tells a run in lines, for a log or a pipe: the start and the end of each notebook, and now and then where it is.</summary>
internal sealed class PlainObserver(TextWriter lines) : IRunObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Cell, int Cells, long Start, long Said)> running = new(StringComparer.Ordinal);

    public void Started(string notebook, int codeCells)
    {
        lock (gate)
        {
            var now = Stopwatch.GetTimestamp();
            running[notebook] = (0, codeCells, now, now);
            Say(string.Create(CultureInfo.InvariantCulture, $"{notebook}: started, {codeCells} code cells"));
        }
    }

    public void CellStarted(string notebook, int number)
    {
        lock (gate)
        {
            running[notebook] = running[notebook] with { Cell = number };
            Now(notebook, "");
        }
    }

    public void Progress(string notebook, ProgressReport report)
    {
        lock (gate)
            Now(notebook, ", " + ProgressText.Of(report));
    }

    public void Ended(NotebookOutcome outcome)
    {
        lock (gate)
        {
            running.Remove(outcome.Name);
            Say(string.Create(CultureInfo.InvariantCulture, $"{outcome.Name}: {outcome.Word} after {outcome.Time.TotalSeconds:0.0} s"));
        }
    }

    private void Now(string notebook, string what)
    {
        var at = running[notebook];
        if (Stopwatch.GetElapsedTime(at.Said) < Interval)
            return;
        running[notebook] = at with { Said = Stopwatch.GetTimestamp() };
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{notebook}: cell {at.Cell} of {at.Cells}, {Stopwatch.GetElapsedTime(at.Start).TotalSeconds:0} s{what}"));
    }

    private void Say(string line)
    {
        lines.WriteLine(line);
        lines.Flush();
    }
}
