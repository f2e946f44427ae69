using System.Diagnostics;
using System.Globalization;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using Spectre.Console;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary>What the pmi commands share: progress, the summary at the end.</summary>
internal static class PmiRun
{
    /// <summary>Runs a command.</summary>
    /// <param name="run">The command.</param>
    /// <param name="left">What an interruption leaves behind, for the reader.</param>
    public static Task<int> Guarded(Action run, string left = "Temporary files are removed; no output was written.") =>
        Guard.RunAsync(() =>
        {
            run();
            return Task.FromResult(ExitCode.Done);
        }, left);

    /// <summary>What was read, what it took, and how many n-grams there are and were kept.</summary>
    public static void PrintSummary(CountSummary summary, NgramCounts counts)
    {
        var invariant = CultureInfo.InvariantCulture;
        PrintSummary(summary);
        var table = new Table().AddColumns("n", "n-grams in the corpus", "kept");
        for (int n = 1; n <= counts.MaxLength; n++) table.AddRow(n.ToString(invariant), counts.Total(n).ToString("N0", invariant), counts.Level(n).Kept.ToString("N0", invariant));
        AnsiConsole.Write(table);
    }

    /// <summary>What was read and what it took.</summary>
    public static void PrintSummary(CountSummary summary)
    {
        var invariant = CultureInfo.InvariantCulture;
        double seconds = summary.Whole.TotalSeconds;
        Console.WriteLine(string.Create(invariant, $"{summary.Words:N0} words in {seconds:0.00} s ({summary.Words / seconds / 1e6:0.00} million a second), of which reading {summary.Reading.TotalSeconds:0.00} s"));
        Console.WriteLine(string.Create(invariant, $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20:N0} MiB, spilled {summary.SpilledBytes >> 20:N0} MiB"));
        if (summary.InvalidSequences > 0) Console.WriteLine(string.Create(invariant, $"{summary.InvalidSequences:N0} invalid places were replaced: bad UTF-8, halves of surrogate pairs, NaN, repeated fields (--strict refuses them)"));
    }
}

/// <summary>One line on the terminal that says how far the work is; silent when standard error is no terminal.</summary>
internal sealed class PmiProgress : IProgress<ProgressReport>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly bool _shown = !Console.IsErrorRedirected;
    private string _stage = "";
    private long _stageStarted, _lastShown;

    public void Report(ProgressReport report)
    {
        if (!_shown) return;
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            if (report.Stage != _stage) (_stage, _stageStarted, _lastShown) = (report.Stage, now, 0);
            if (_lastShown != 0 && Stopwatch.GetElapsedTime(_lastShown, now).TotalMilliseconds < 200) return;
            _lastShown = now;
            double seconds = Stopwatch.GetElapsedTime(_stageStarted, now).TotalSeconds;
            string line = report.Stage;
            if (report.Total > 0)
            {
                double left = report.Done > 0 ? seconds / report.Done * (report.Total - report.Done) : 0;
                line += string.Create(CultureInfo.InvariantCulture, $" {100.0 * report.Done / report.Total:0} %, {left:0} s left");
            }
            line += string.Create(CultureInfo.InvariantCulture, $", {Environment.WorkingSet >> 20} MiB");
            if (report.Note.Length > 0) line += $", {report.Note}";
            Console.Error.Write($"\r\u001b[K{line}");
        }
    }

    public void Finish()
    {
        if (_shown && _stage.Length > 0) Console.Error.Write("\r\u001b[K");
        _stage = "";
    }

    public void Dispose() => Finish();
}
