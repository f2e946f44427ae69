using System.Diagnostics;

namespace NotebookKit.Benchmarks;

/// <summary>This checkout of the project, and one of any commit in the temporary folder beside it.</summary>
internal static class Checkout
{
    /// <summary>The root of this checkout.</summary>
    public static string Here()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "NotebookKit.sln"))) return folder;
        throw new DirectoryNotFoundException("The benchmark stands in no checkout of the project; run it with 'dotnet run' from one.");
    }

    /// <summary>The root of a checkout of a commit, which stays, and the commit's short name.</summary>
    public static (string Folder, string Commit) Of(string commit)
    {
        string here = Here(), name = Output(here, "git", "rev-parse", "--short", commit + "^{commit}");
        string there = Path.Combine(Path.GetTempPath(), "notebookkit-" + name);
        if (!Directory.Exists(there)) Output(here, "git", "worktree", "add", "--detach", there, name);
        return (there, name);
    }

    /// <summary>Builds a project of a checkout, and finds what the build made.</summary>
    public static string Build(string folder, string project, string file)
    {
        Output(folder, "dotnet", "build", "-c", "Release", "-m:1", project);
        return Directory.EnumerateFiles(Path.Combine(folder, project, "bin", "Release"), file, SearchOption.AllDirectories).First();
    }

    /// <summary>What a program prints; an exception if it fails.</summary>
    public static string Output(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text.Trim() : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' failed in {folder}.\n{text}");
    }
}
