using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>A notebook in the form of nbformat 4.5: cells in order, and metadata kept as they were read.</summary>
internal sealed class Notebook
{
    public required JsonObject Metadata { get; init; }

    public required List<NotebookCell> Cells { get; init; }

    /// <summary>The reader's line about the notebook: <c>metadata.notebookkit.paper</c>, <c>.gist</c>, and the id of the cell whose figure stands for it, <c>.cover</c>.</summary>
    public string About(string name) => (Metadata["notebookkit"] as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out string? text) ? text : "";
}

internal enum CellKind { Code, Markdown, Raw }

/// <summary>One cell. Outputs and execution count exist for code cells only.</summary>
internal sealed class NotebookCell
{
    public required CellKind Kind { get; init; }

    /// <summary>The stable id, 1 to 64 letters, digits, '-' or '_', unique in its notebook.</summary>
    public required string Id { get; init; }

    public required string Source { get; set; }

    public JsonObject Metadata { get; init; } = [];

    public JsonObject? Attachments { get; init; }

    public List<CellOutput> Outputs { get; init; } = [];

    public int? ExecutionCount { get; set; }

    public IEnumerable<string> Tags => Metadata["tags"] is JsonArray tags
        ? tags.OfType<JsonValue>().Select(tag => tag.GetValue<string>())
        : [];

    public bool HasTag(string tag) => Tags.Contains(tag, StringComparer.Ordinal);
}
