using System.Diagnostics;

namespace NotebookKit.Runner.Site;

/// <summary>The Chromium, Chrome or Edge of this machine, run without a window and without a network.</summary>
/// <param name="path">The program.</param>
public sealed class Browser(string path)
{
    /// <summary>The environment variable that names the browser to use.</summary>
    public const string Variable = "NOTEBOOKKIT_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];

    /// <summary>The program.</summary>
    public string Path { get; } = path;

    /// <summary>The browser that <see cref="Variable"/> names, or the first of the usual ones; null if there is none.</summary>
    /// <exception cref="FileNotFoundException">The variable names a file that is not there.</exception>
    public static Browser? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? new Browser(named) : throw new FileNotFoundException($"{Variable} names '{named}', but there is no such file. Correct the variable or clear it.", named);
        }

        return Candidates().FirstOrDefault(File.Exists) is { } found ? new Browser(found) : null;
    }

    /// <summary>Opens a local page, lets its scripts come to an end, and gives back the document as they left it.</summary>
    /// <param name="page">A local HTML file.</param>
    /// <param name="patience">How long the browser may take.</param>
    /// <param name="cancellation">Ends the browser.</param>
    /// <exception cref="TimeoutException">The browser was not done in time and was ended.</exception>
    /// <exception cref="InvalidOperationException">The browser could not be started, or failed.</exception>
    public async Task<string> OpenAsync(string page, TimeSpan patience, CancellationToken cancellation = default)
    {
        // A profile of its own: the reader's browser may be open on the usual one, and nothing of ours should stay there.
        var profile = Directory.CreateTempSubdirectory("notebookkit-browser-");
        try
        {
            var start = new ProcessStartInfo(Path)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                ArgumentList =
                {
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
                    "--force-color-profile=srgb", "--hide-scrollbars", $"--user-data-dir={profile.FullName}",

                    // Virtual time: timers run out at once, and the document is written when nothing is left to do.
                    "--virtual-time-budget=120000", "--dump-dom", new Uri(System.IO.Path.GetFullPath(page)).AbsoluteUri,
                },
            };
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Path} could not be started.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(patience);
            try
            {
                var document = process.StandardOutput.ReadToEndAsync(limit.Token);
                var complaints = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0
                    ? await document
                    : throw new InvalidOperationException($"{Path} ended with code {process.ExitCode}: {LastLine(await complaints)}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"{Path} was not done after {patience.TotalSeconds:F0} s.");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{Path} could not be started: {e.Message}", e);
        }
        finally
        {
            Remove(profile);
        }
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1];

    // Helper processes of the browser may hold a file for a moment longer; what is left lies in the system's temporary folder.
    private static void Remove(DirectoryInfo folder)
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static IEnumerable<string> Candidates()
    {
        string suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in Names)
        {
            foreach (string folder in folders)
            {
                yield return System.IO.Path.Combine(folder, name + suffix);
            }
        }

        yield return "/snap/bin/chromium";
        yield return "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        yield return "/Applications/Chromium.app/Contents/MacOS/Chromium";
        yield return "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge";
        foreach (var root in new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData })
        {
            yield return System.IO.Path.Combine(Environment.GetFolderPath(root), "Google", "Chrome", "Application", "chrome.exe");
            yield return System.IO.Path.Combine(Environment.GetFolderPath(root), "Microsoft", "Edge", "Application", "msedge.exe");
        }
    }
}
