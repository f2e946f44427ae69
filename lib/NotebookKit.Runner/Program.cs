using System.CommandLine;

var root = new RootCommand("NotebookKit: run, check and explore the notebooks.")
{
};
return await root.Parse(args).InvokeAsync();
