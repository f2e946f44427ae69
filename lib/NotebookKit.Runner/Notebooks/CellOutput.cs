using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>What a code cell produced: the four output types of nbformat 4.</summary>
internal abstract record CellOutput;

/// <summary>Text written to <c>stdout</c> or <c>stderr</c>.</summary>
internal sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A value in one or several mime types, and what is noted about each.</summary>
internal abstract record ShownOutput(JsonObject Data, JsonObject Metadata) : CellOutput
{
    /// <summary>The value of a mime type as text; null if there is none.</summary>
    public string? Text(string mime) => Data[mime] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out string? text) => text,
        var other => other.ToJsonString(),
    };

    /// <summary>The value of a JSON mime type, an object in the file that some hosts leave as text; null if there is none.</summary>
    public JsonObject? Json(string mime)
    {
        try
        {
            return Data[mime] as JsonObject ?? (Text(mime) is { } text ? JsonNode.Parse(text) as JsonObject : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A value shown on the way.</summary>
internal sealed record DisplayOutput(JsonObject Data, JsonObject Metadata) : ShownOutput(Data, Metadata);

/// <summary>The value of a cell's trailing expression.</summary>
internal sealed record ResultOutput(JsonObject Data, JsonObject Metadata, int? ExecutionCount) : ShownOutput(Data, Metadata);

/// <summary>A failure: its type, its message and the lines a reader sees.</summary>
internal sealed record ErrorOutput(string Name, string Value, IReadOnlyList<string> Traceback) : CellOutput;
