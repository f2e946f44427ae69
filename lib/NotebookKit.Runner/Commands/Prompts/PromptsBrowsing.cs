using System.CommandLine;
using NotebookKit.Prompting;
using NotebookKit.Runner.Execution;
using NotebookKit.Studies.Prompting;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary>The options by which the commands of <c>prompts</c> choose prompts from a folder: that of the checkout unless another is named.</summary>
internal sealed class PromptsBrowsing
{
    private readonly Option<string?> _folder = new("--folder") { Description = "Folder of DATASET/[SUBSET/]templates.yaml; data/prompts of the checkout if not given." };
    private readonly Option<string?> _dataset = new("--dataset") { Description = "Only this data set, or subset (super_glue/copa)." };
    private readonly Option<string?> _task = new("--task") { Description = "Only data sets of this task." };
    private readonly Option<bool?> _original = new("--original-task") { Description = "Only prompts that pose the data set's own task (or, with false, the others)." };
    private readonly Option<string?> _metric = new("--metric") { Description = "Only prompts with this metric." };

    public void AddTo(Command command)
    {
        command.Options.Add(_folder);
        command.Options.Add(_dataset);
        command.Options.Add(_task);
        command.Options.Add(_original);
        command.Options.Add(_metric);
    }

    public string Folder(ParseResult parsed) => parsed.GetValue(_folder) ?? Path.Combine(Repository.Find().Root, "data", "prompts");

    public PromptLibrary Library(ParseResult parsed) => PromptLibrary.Open(Folder(parsed), PromptTasks.Known);

    public PromptFilter Filter(ParseResult parsed) => new(parsed.GetValue(_dataset), parsed.GetValue(_task), parsed.GetValue(_original), parsed.GetValue(_metric));
}
