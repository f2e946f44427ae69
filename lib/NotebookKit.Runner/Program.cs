using System.CommandLine;
using NotebookKit.Runner.Commands;

var root = new RootCommand("NotebookKit: run, check and explore the notebooks.")
{
    PromptsCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
