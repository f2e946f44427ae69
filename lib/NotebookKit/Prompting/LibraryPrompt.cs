namespace NotebookKit.Prompting;

/// <summary>A prompt with the collection it belongs to and its task.</summary>
/// <param name="Collection">The data set's prompts.</param>
/// <param name="Prompt">One of them.</param>
/// <param name="Task">The data set's task, if the library knows it.</param>
public sealed record LibraryPrompt(PromptCollection Collection, Prompt Prompt, string? Task)
{
    /// <summary>Data set, subset and prompt: unique in the library.</summary>
    public string FullName => $"{Collection.Name}/{Prompt.Name}";
}
