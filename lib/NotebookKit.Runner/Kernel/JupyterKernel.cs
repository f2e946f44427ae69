using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookKit.Interactive;

namespace NotebookKit.Runner.Kernel;

/// <summary>
/// The genuine .NET Interactive kernel under Jupyter, with an interrupt that keeps the work. As it comes, an interrupt ends it: Jupyter sends
/// the kernel's process group a signal. Here the first process keeps the signal for itself and leaves a mark, at which an operation that
/// reports its progress stops (<see cref="Interruption"/>); the kernel never hears of it.
/// </summary>
internal static class JupyterKernel
{
    /// <summary>The kernel's name, as the notebooks' metadata have it.</summary>
    public const string Name = ".net-csharp";

    private const string Tool = "microsoft.dotnet-interactive";

    /// <summary>Where Jupyter looks for a user's kernels.</summary>
    public static string UserFolder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string data = Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named ? named
                : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
                : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } share ? share : Path.Combine(home, ".local", "share"), "jupyter");
            return Path.Combine(data, "kernels");
        }
    }

    /// <summary>Writes the kernel spec.</summary>
    /// <param name="folder">A folder of kernels; it is made if need be.</param>
    /// <param name="checkout">The checkout, whose manifest of tools names the kernel's version.</param>
    /// <returns>The file.</returns>
    /// <exception cref="FileNotFoundException">The kernel is not on this machine.</exception>
    public static string Install(string folder, string checkout)
    {
        string file = Path.Combine(folder, Name, "kernel.json");
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Dotnet.Host, Path.Combine(AppContext.BaseDirectory, "nbk.dll"), "kernel", "jupyter", FindTool(checkout), "{connection_file}"),
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
            ["interrupt_mode"] = "signal",
        };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, spec.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
        return file;
    }

    /// <summary>Runs the kernel to its end.</summary>
    /// <param name="tool">The kernel's main assembly.</param>
    /// <param name="connection">Jupyter's file with the ports.</param>
    /// <returns>The kernel's exit code.</returns>
    public static async Task<int> RunAsync(string tool, string connection)
    {
        string mark = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"notebookkit-interrupt-{Environment.ProcessId}"));
        string[] kernel = [Dotnet.Host, tool, "jupyter", "--default-kernel", "csharp", connection, "--http-port-range", "2048-3000", "--http-local-only"];
        // A signal that is ignored when a program starts stays so; only the shell can say it before the kernel is there.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(kernel[0], kernel[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT; exec \"$@\"", "sh", .. kernel]);
        start.Environment[Interruption.Variable] = mark;
        start.Environment.TryAdd("OMP_NUM_THREADS", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        start.Environment.TryAdd("DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT", "1");
        start.Environment.TryAdd("DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE", "1");
        using var process = Process.Start(start)!;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            File.WriteAllText(mark, "");
        });
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => process.Kill(entireProcessTree: true));
        try
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally
        {
            File.Delete(mark);
        }
    }

    /// <summary>The main assembly of the tool that the checkout's manifest names, as `dotnet tool restore` has put it on this machine.</summary>
    private static string FindTool(string checkout)
    {
        string manifest = Path.Combine(checkout, ".config", "dotnet-tools.json");
        string version = JsonNode.Parse(File.ReadAllText(manifest))!["tools"]![Tool]!["version"]!.GetValue<string>();
        string folder = Path.Combine(Dotnet.Packages, Tool, version, "tools");
        return (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "Microsoft.DotNet.Interactive.App.dll", SearchOption.AllDirectories).FirstOrDefault() : null)
            ?? throw new FileNotFoundException($"The kernel, {Tool} {version}, is not on this machine. Run 'dotnet tool restore' in the checkout, then this command again.");
    }
}
