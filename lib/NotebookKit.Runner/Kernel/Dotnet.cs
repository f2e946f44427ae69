namespace NotebookKit.Runner.Kernel;

/// <summary>The dotnet command and what it keeps on this machine.</summary>
internal static class Dotnet
{
    /// <summary>The command that runs this process, found from the runtime's own folder: root/shared/Microsoft.NETCore.App/version.</summary>
    public static string Host
    {
        get
        {
            string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            string host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
            return File.Exists(host) ? host : "dotnet";
        }
    }

    /// <summary>The folder of downloaded packages, where a restored tool lies too.</summary>
    public static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
