using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>What a code cell produced: the four output types of nbformat 4.</summary>
internal abstract record CellOutput;

/// <summary>Text written to <c>stdout</c> or <c>stderr</c>.</summary>
internal sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A value shown on the way, in one or several mime types.</summary>
internal sealed record DisplayOutput(JsonObject Data, JsonObject Metadata) : CellOutput;

/// <summary>The value of a cell's trailing expression.</summary>
internal sealed record ResultOutput(JsonObject Data, JsonObject Metadata, int? ExecutionCount) : CellOutput;

/// <summary>A failure: its type, its message and the lines a reader sees.</summary>
internal sealed record ErrorOutput(string Name, string Value, IReadOnlyList<string> Traceback) : CellOutput;
