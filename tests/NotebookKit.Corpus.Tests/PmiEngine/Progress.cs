namespace NotebookKit.Tests.PmiEngine;

/// <summary>Calls back at once, on the reporting thread.</summary>
internal sealed class Progress(Action<ProgressReport> action) : IProgress<ProgressReport>
{
    public void Report(ProgressReport report) => action(report);
}
