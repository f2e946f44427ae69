using System.Diagnostics;
using System.Globalization;

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

    // Bit 1 of the mask of ignored signals is SIGINT's.
    private static bool InterruptsAreIgnored => OperatingSystem.IsLinux()
        && (ulong.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;

    /// <summary>Leaves the test out where no interrupt can reach a process.</summary>
    public static void SkipWithoutInterrupts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with the command 'kill'.");
        Assert.SkipWhen(InterruptsAreIgnored, "This run was started in the background with interrupts ignored (nohup does that), and so is every process it starts.");
    }

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
