namespace NotebookKit.Tests.Play;

/// <summary>Hears what a preparation is at, and keeps it.</summary>
internal sealed class Telling(List<string> stages) : IProgress<ProgressReport>
{
    public void Report(ProgressReport value) => stages.Add(value.Stage);
}
