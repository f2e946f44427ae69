using System.CommandLine;
using NotebookKit.Runner.Commands;

var root = new RootCommand("NotebookKit: run, check and explore the notebooks.")
{
    PmiCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
