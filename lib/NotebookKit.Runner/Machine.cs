using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NotebookKit.Runner;

/// <summary>What a result was made on.</summary>
internal static class Machine
{
    /// <summary>The processor and the number of its cores that this process may use.</summary>
    public static string Describe()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.Create(CultureInfo.InvariantCulture, $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores");
    }

    /// <summary>The short name of the commit that is checked out, with '+' when files differ from it; empty without git.</summary>
    public static async Task<string> CommitAsync(string root)
    {
        var commit = await GitAsync(root, "rev-parse", "--short", "HEAD");
        return commit.Length == 0 ? "" : commit + (await GitAsync(root, "status", "--porcelain", "--untracked-files=no") is "" ? "" : "+");
    }

    private static async Task<string> GitAsync(string root, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = await git.StandardOutput.ReadToEndAsync();
            await git.WaitForExitAsync();
            return git.ExitCode == 0 ? text.Trim() : "";
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
