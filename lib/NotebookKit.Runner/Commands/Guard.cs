using NotebookKit.Prompting;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Studies.Datasets;
using NotebookKit.Training;

namespace NotebookKit.Runner.Commands;

/// <summary>How a command ends, for scripts: as diff and grep have it.</summary>
internal static class ExitCode
{
    /// <summary>Done, and nothing to complain of.</summary>
    public const int Done = 0;

    /// <summary>Done, and something was found: a notebook failed, a number differs, a prompt or a data file has a fault.</summary>
    public const int Found = 1;

    /// <summary>Not done, because of what was given: the message names the thing, the place and the cure.</summary>
    public const int Refused = 2;

    /// <summary>A fault of this program; the report names the place in the code.</summary>
    public const int Bug = 70;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}

/// <summary>The one place where an exception becomes a message and an exit code.</summary>
internal static class Guard
{
    /// <summary>Runs a command's action.</summary>
    /// <param name="action">The action; gives an <see cref="ExitCode"/>.</param>
    /// <param name="interrupted">What an interruption leaves behind, for the reader.</param>
    /// <param name="error">Where messages go; standard error if null.</param>
    public static async Task<int> RunAsync(Func<Task<int>> action, string interrupted = "", TextWriter? error = null)
    {
        error ??= Console.Error;
        try
        {
            // Off the command line's own thread, which waits for Ctrl-C.
            return await Task.Run(action);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"Interrupted. {interrupted}".TrimEnd());
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (IsOfTheInput(e))
        {
            // The library states the fact; which command cures it is known here.
            await error.WriteLineAsync(e is DatasetException { Dataset.Length: > 0 } missing ? $"{e.Message} The command: nbk data get {missing.Dataset}" : e.Message);
            return ExitCode.Refused;
        }
        catch (Exception e)
        {
            await error.WriteLineAsync($"A fault of nbk, not of what it was given. Please report it with the command line and this text:{Environment.NewLine}{e}");
            return ExitCode.Bug;
        }
    }

    /// <summary>Runs a command's action that is over before it returns.</summary>
    public static int Run(Func<int> action, string interrupted = "", TextWriter? error = null) =>
        RunAsync(() => Task.FromResult(action()), interrupted, error).GetAwaiter().GetResult();

    // What files, options and the machine can be the cause of. ArgumentException and InvalidOperationException are not among them: a bug
    // must not read as the user's mistake.
    private static bool IsOfTheInput(Exception e) => e
        is IOException or InvalidDataException or UnauthorizedAccessException or FormatException or NotSupportedException or KeyNotFoundException or OutOfMemoryException
        or NotebookFormatException or PromptFileException or DatasetException or TorchUnavailableException;
}
