using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NotebookKit.Runner.Execution;

namespace NotebookKit.Runner.Doctor;

/// <summary>What the machine offers: system, .NET, C libraries, memory, disk.</summary>
internal static class SystemFindings
{
    /// <summary>A build with its natives and a run's caches fit into this, with some room.</summary>
    private const double NeededGigabytes = 3;

    private const double Gigabyte = 1L << 30;

    public static IEnumerable<Finding> All(Repository repository)
    {
        yield return new("system", Verdict.Good, $"{SystemName()}, {RuntimeInformation.OSArchitecture}");
        yield return Sdk(repository);
        yield return new("runtime", Verdict.Good, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        if (OperatingSystem.IsLinux())
            yield return new("C libraries", Verdict.Good, $"glibc {GlibcVersion() ?? "not found (another C library)"}, libstdc++ {LibstdcxxVersion() ?? "not found"}");
        yield return new("processor", Verdict.Good, Machine.Describe());
        yield return new("memory", Verdict.Good, Text($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gigabyte:0.0} GiB"));
        yield return Disk(repository);
    }

    /// <summary>The newest symbol version that a libstdc++ defines, from the text of the file; null when there is none.</summary>
    internal static string? NewestGlibcxx(ReadOnlySpan<byte> library)
    {
        Version? newest = null;
        var mark = "GLIBCXX_"u8;
        for (int at = library.IndexOf(mark); at >= 0; at = library.IndexOf(mark))
        {
            library = library[(at + mark.Length)..];
            int length = library.IndexOfAnyExcept("0123456789."u8);
            if (length > 0 && Version.TryParse(Encoding.ASCII.GetString(library[..length]), out var version) && (newest is null || version > newest))
                newest = version;
        }
        return newest is null ? null : $"GLIBCXX_{newest}";
    }

    private static Finding Sdk(Repository repository)
    {
        string wanted = $"the SDK that {Path.Combine(repository.Root, "global.json")} asks for";
        try
        {
            using var dotnet = Process.Start(new ProcessStartInfo("dotnet", "--version")
            {
                WorkingDirectory = repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string version = dotnet.StandardOutput.ReadToEnd().Trim();
            dotnet.WaitForExit();
            return dotnet.ExitCode == 0
                ? new("SDK", Verdict.Good, version)
                : new("SDK", Verdict.Broken, $"'dotnet --version' fails: {wanted} is not installed; get it from https://dot.net.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new("SDK", Verdict.Broken, $"There is no command 'dotnet' on the PATH; install {wanted} or add its folder to the PATH.");
        }
    }

    private static Finding Disk(Repository repository)
    {
        double free = new DriveInfo(repository.Root).AvailableFreeSpace / Gigabyte;
        return free >= NeededGigabytes
            ? new("free disk", Verdict.Good, Text($"{free:0.0} GiB"))
            : new("free disk", Verdict.Lacking, Text($"{free:0.0} GiB; a build with its native libraries wants {NeededGigabytes:0} GiB, so make room."));
    }

    private static string SystemName()
    {
        const string file = "/etc/os-release", key = "PRETTY_NAME=";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.OSDescription : line[key.Length..].Trim('"');
    }

    private static string? GlibcVersion()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out nint function))
            return null;
        return Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<TextFunction>(function)());
    }

    private delegate nint TextFunction();

    private static string? LibstdcxxVersion()
    {
        const string name = "libstdc++.so.6";
        if (!NativeLibrary.TryLoad(name, out _))
            return null;
        using var process = Process.GetCurrentProcess();
        string? path = process.Modules.Cast<ProcessModule>().FirstOrDefault(module => Path.GetFileName(module.FileName).StartsWith(name, StringComparison.Ordinal))?.FileName;
        return path is null ? null : NewestGlibcxx(File.ReadAllBytes(path));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
