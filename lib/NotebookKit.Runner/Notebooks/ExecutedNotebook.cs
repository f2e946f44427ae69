using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>As much of an executed <c>.ipynb</c> as a page needs.</summary>
internal sealed class ExecutedNotebook
{
    private readonly JsonObject root;

    private ExecutedNotebook(string path, JsonObject root) => (Path, this.root) = (path, root);

    internal string Path { get; }

    internal IEnumerable<JsonObject> Cells => root["cells"]!.AsArray().Select(c => c!.AsObject());

    /// <summary>The reader's line about the notebook: <c>metadata.notebookkit.paper</c>, <c>.gist</c>, and the id of the cell whose figure stands for it, <c>.cover</c>.</summary>
    internal string About(string name) => root["metadata"]?["notebookkit"]?[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";

    internal static ExecutedNotebook Read(string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: not a notebook, because it is not JSON (line {e.LineNumber + 1}). Run the notebook again.", e);
        }

        return root is JsonObject o && o["cells"] is JsonArray
            ? new ExecutedNotebook(path, o)
            : throw new InvalidDataException($"{path}: not a notebook, because it has no list of cells.");
    }

    /// <summary>Writes the notebook back to where it came from.</summary>
    internal void Save() => NotebookWriter.Write(NotebookReader.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), Path), Path);

    /// <summary>nbformat keeps a text as one string or as a list of lines.</summary>
    internal static string Text(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(l => (string?)l)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        null => "",
        _ => node.ToJsonString(),
    };

    /// <summary>A JSON mime type is an object in the file; some hosts leave it as text.</summary>
    internal static JsonObject? Json(JsonNode? node)
    {
        try
        {
            return node as JsonObject ?? (node is null ? null : JsonNode.Parse(Text(node)) as JsonObject);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static IEnumerable<JsonObject> Outputs(JsonObject cell) => cell["outputs"]?.AsArray().Select(o => o!.AsObject()) ?? [];

    internal static bool HasTag(JsonObject cell, string tag) => cell["metadata"]?["tags"]?.AsArray().Any(t => (string?)t == tag) ?? false;
}
