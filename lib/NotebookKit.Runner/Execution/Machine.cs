using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NotebookKit.Runner.Execution;

/// <summary>What a result was made on.</summary>
internal static class Machine
{
    /// <summary>The processor and the number of its cores that this process may use.</summary>
    public static string Describe()
    {
        string? model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.Create(CultureInfo.InvariantCulture, $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores");
    }

    /// <summary>The same for a notebook that could use <paramref name="devices"/>, with the names of the GPUs among them.</summary>
    public static async Task<string> DescribeAsync(IReadOnlyList<string> devices)
    {
        if (!devices.Any(device => device.StartsWith("cuda", StringComparison.Ordinal)))
            return Describe();
        string names = await LinesOfAsync("nvidia-smi", "--query-gpu=name", "--format=csv,noheader");
        return $"{(names.Length > 0 ? string.Join(", ", names.Split('\n')) : string.Join(", ", devices.Skip(1)))}; {Describe()}";
    }

    /// <summary>The short name of the commit that is checked out, with '+' when files differ from it; empty without git.</summary>
    public static async Task<string> CommitAsync(string root)
    {
        string commit = await GitAsync(root, "rev-parse", "--short", "HEAD");
        return commit.Length == 0 ? "" : commit + (await GitAsync(root, "status", "--porcelain", "--untracked-files=no") is "" ? "" : "+");
    }

    private static Task<string> GitAsync(string root, params string[] arguments) => LinesOfAsync("git", ["-C", root, .. arguments]);

    /// <summary>What a program prints, or an empty text when it fails or is not there.</summary>
    private static async Task<string> LinesOfAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? text.Trim() : "";
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
