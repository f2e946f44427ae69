namespace NotebookKit.Prompting;

/// <summary>Which prompts of a library are wanted; a null asks for nothing.</summary>
/// <param name="Dataset">A data set (<c>super_glue</c>) or one subset of it (<c>super_glue/copa</c>).</param>
/// <param name="Task">A task of the library's task list.</param>
/// <param name="OriginalTask">Only prompts that pose the data set's own task, or only those that do not.</param>
/// <param name="Metric">Only prompts that name this metric.</param>
/// <param name="Name">Only prompts whose name contains this text, whatever its case.</param>
public sealed record PromptFilter(string? Dataset = null, string? Task = null, bool? OriginalTask = null, string? Metric = null, string? Name = null)
{
    /// <summary>Whether a prompt passes.</summary>
    public bool Accepts(PromptCollection collection, Prompt prompt, string? task)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(prompt);
        return (Dataset is null || collection.Dataset == Dataset || collection.Name == Dataset)
            && (Task is null || string.Equals(Task, task, StringComparison.OrdinalIgnoreCase))
            && (OriginalTask is null || (prompt.Metadata.OriginalTask ?? false) == OriginalTask)
            && (Metric is null || prompt.Metadata.Metrics.Contains(Metric, StringComparer.OrdinalIgnoreCase))
            && (Name is null || prompt.Name.Contains(Name, StringComparison.OrdinalIgnoreCase));
    }
}
