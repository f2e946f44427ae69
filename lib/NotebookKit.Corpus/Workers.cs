using System.Runtime.ExceptionServices;

namespace NotebookKit.Corpus;

/// <summary>Runs the same body on several threads.</summary>
internal static class Workers
{
    /// <summary>
    /// Calls the body once for each worker number 0, 1, … The token that it gets is also cancelled when another worker fails; the first
    /// failure is rethrown as it was thrown.
    /// </summary>
    public static void Run(int workers, CancellationToken cancellation, Action<int, CancellationToken> body)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? failure = null;
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            try
            {
                body(worker, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        });
        failure?.Throw();
    }
}
