using NotebookKit.Runner.Kernel;

namespace NotebookKit.Runner.Execution;

/// <summary>The processes of a suite's notebooks, each started while the one before it is at work: a start takes seconds.</summary>
internal sealed class KernelStarts(IReadOnlyList<NotebookFile> files, int threads) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, KernelProcess> _waiting = [];
    private readonly HashSet<int> _begun = [];

    /// <summary>Starts the process of a notebook, if there is such a notebook and it has none yet.</summary>
    public void Begin(int number)
    {
        lock (_gate)
        {
            if (number < files.Count && _begun.Add(number))
                _waiting[number] = KernelProcess.Start(files[number].Folder, threads);
        }
    }

    /// <summary>Hands over the process of a notebook, which is the caller's from here on.</summary>
    public KernelProcess Take(int number)
    {
        Begin(number);
        lock (_gate)
            return _waiting.Remove(number, out var process) ? process : throw new InvalidOperationException($"The process of notebook {number} was taken before.");
    }

    /// <summary>Ends those that nobody took.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _waiting.Values)
        {
            process.Kill();
            await process.DisposeAsync();
        }
    }
}
