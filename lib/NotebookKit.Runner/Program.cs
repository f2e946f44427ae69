using System.CommandLine;
using NotebookKit.Runner.Commands;
using NotebookKit.Runner.Commands.Pmi;
using NotebookKit.Runner.Commands.Prompts;

var root = new RootCommand("NotebookKit: run, check and explore the notebooks.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    PlayCommand.Create(),
    DoctorCommand.Create(),
    SlidesCommand.Create(),
    PictureCommand.Create(),
    KernelCommand.Create(),
    DataCommand.Create(),
    PromptsCommand.Create(),
    PmiCommand.Create(),
};
// Ctrl-C: time to end the kernels and to write what the notebooks have produced.
var parsed = root.Parse(args);
int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15), EnableDefaultExceptionHandler = false });
return parsed.Errors.Count > 0 ? ExitCode.Refused : code;
