using System.Diagnostics;

namespace NotebookKit.Tests.Runner;

/// <summary>The command <c>nbk</c> of this build as a process.</summary>
internal static class NbkProcess
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Process Start(string workingDirectory, params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "nbk.dll"), .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    public static async Task<(string Output, string Errors)> EndAsync(Process run)
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = run.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = run.StandardError.ReadToEndAsync(patience.Token);
        await run.WaitForExitAsync(patience.Token);
        return (await output, await errors);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string workingDirectory, params string[] arguments)
    {
        using var run = Start(workingDirectory, arguments);
        var (output, errors) = await EndAsync(run);
        return (run.ExitCode, output, errors);
    }
}
