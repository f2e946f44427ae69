using System.CommandLine;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Kernel;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk kernel</c>: the C# kernel for Jupyter and VS Code, and the processes that are started by hosts, not by people.</summary>
internal static class KernelCommand
{
    public static Command Create() => new("kernel", "The C# kernel for Jupyter and VS Code.") { Install(), Jupyter(), Cells() };

    private static Command Install()
    {
        var path = new Option<string?>("--path") { Description = "The folder of kernels to write to (the user's own, where Jupyter looks)." };
        var command = new Command("install", "Register the kernel with Jupyter: an interrupt stops a training between two steps and keeps the work.") { path };
        command.SetAction(parsed =>
        {
            try
            {
                Console.WriteLine($"Written: {JupyterKernel.Install(Path.GetFullPath(parsed.GetValue(path) ?? JupyterKernel.UserFolder), Repository.Find().Root)}");
                return 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    /// <summary>Started by Jupyter, as the kernel spec says.</summary>
    private static Command Jupyter()
    {
        var tool = new Argument<string>("tool");
        var connection = new Argument<string>("connection-file");
        var command = new Command("jupyter", "Runs the kernel of .NET Interactive under Jupyter.") { tool, connection };
        command.Hidden = true;
        command.SetAction((parsed, _) => JupyterKernel.RunAsync(parsed.GetRequiredValue(tool), parsed.GetRequiredValue(connection)));
        return command;
    }

    /// <summary>Started by <c>nbk run</c>: the process in which one notebook runs.</summary>
    private static Command Cells()
    {
        var folder = new Argument<string>("folder");
        var command = new Command("cells", "Runs cells that come on standard input.") { folder };
        command.Hidden = true;
        command.SetAction((parsed, _) => KernelServer.RunAsync(parsed.GetRequiredValue(folder)));
        return command;
    }
}
