using System.Diagnostics;
using NotebookKit.Runner.Kernel;

namespace NotebookKit.Tests.Runner;

/// <summary>Jupyter's client and the genuine kernel of .NET Interactive on this machine, under the kernel spec that <c>nbk</c> writes.</summary>
internal static class Jupyter
{
    private static readonly Lazy<string?> Converter = new(() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "jupyter-nbconvert")).FirstOrDefault(File.Exists));

    /// <summary>Runs a notebook in the genuine kernel and writes its executed copy beside it.</summary>
    /// <returns>What nbconvert said, when it failed.</returns>
    public static async Task<string?> ExecuteAsync(TemporaryFolder folder, string notebook, string copy)
    {
        var (code, output) = await RunAsync(folder, ConverterOrSkip(), "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=900", "--output", copy, folder.File(notebook));
        return code == 0 ? null : output;
    }

    /// <summary>Runs a script in the Python that has Jupyter's client.</summary>
    public static Task<(int Code, string Output)> PythonAsync(TemporaryFolder folder, string script)
    {
        // The script's first line names the Python that it was installed for.
        var python = File.ReadLines(ConverterOrSkip()).First()[2..].Trim();
        return RunAsync(folder, python, script);
    }

    private static string ConverterOrSkip()
    {
        Needed.OrSkip(Converter.Value is not null, "There is no jupyter-nbconvert on the PATH: install Jupyter's nbconvert and client.");
        return Converter.Value!;
    }

    private static async Task<(int Code, string Output)> RunAsync(TemporaryFolder folder, string program, params string[] arguments)
    {
        try
        {
            JupyterKernel.Install(folder.File("jupyter/kernels"), CheckoutFolder.Root);
        }
        catch (FileNotFoundException e)
        {
            Needed.OrSkip(false, e.Message);
        }
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = folder.File("jupyter");
        using var process = Process.Start(start)!;
        var (output, errors) = await NbkProcess.EndAsync(process);
        return (process.ExitCode, output + errors);
    }
}
