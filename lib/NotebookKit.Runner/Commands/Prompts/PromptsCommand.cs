using System.CommandLine;

namespace NotebookKit.Runner.Commands.Prompts;

/// <summary><c>nbk prompts</c>: render, check and browse prompts.</summary>
internal static class PromptsCommand
{
    public static Command Create() => new("prompts", "Render, check and browse prompt templates (Sanh et al. 2022).")
    {
        PromptsRenderCommand.Create(),
        PromptsCheckCommand.Create(),
        PromptsListCommand.Create(),
        PromptsShowCommand.Create(),
    };
}
