using Microsoft.DotNet.Interactive;

namespace NotebookKit.Interactive;

/// <summary>
/// The reader's wish that a long operation stops. Code in a cell cannot be stopped from outside; an operation that reports its progress
/// looks here between two steps.
/// </summary>
public static class Interruption
{
    /// <summary>The environment variable that names a file: while it exists, the running cell is asked to stop.</summary>
    public const string Variable = "NOTEBOOKKIT_INTERRUPT";

    private static readonly string? Mark = Environment.GetEnvironmentVariable(Variable);

    private static bool IsAsked => (Mark is not null && File.Exists(Mark)) || KernelInvocationContext.Current?.CancellationToken.IsCancellationRequested == true;

    /// <summary>A wish that came while no operation looked belongs to a cell that is over.</summary>
    internal static void Forget()
    {
        if (Mark is not null) File.Delete(Mark);
    }

    /// <exception cref="OperationCanceledException">The reader asked for a stop; the message says where the operation stood.</exception>
    internal static void Heed(ProgressReport at)
    {
        if (!IsAsked) return;
        Forget();
        throw new OperationCanceledException(
            $"Stopped on request: {ProgressText.Of(at)}. What was made before is kept; run the cell again, and finished parts are not made a second time.");
    }
}
