namespace NotebookKit.Tests.Site;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("notebookkit-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
