using System.CommandLine;
using NotebookKit.Runner.Kernel;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk kernel FOLDER</c>: the process in which one notebook runs; started by <c>nbk run</c>, not by people.</summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var command = new Command("kernel", "Runs cells that come on standard input.") { folder };
        command.Hidden = true;
        command.SetAction((parsed, _) => KernelServer.RunAsync(parsed.GetRequiredValue(folder)));
        return command;
    }
}
