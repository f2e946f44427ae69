using System.Text;
using System.Text.Json.Nodes;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>Small notebooks written for a test.</summary>
internal static class NotebookText
{
    public static JsonObject Code(string source, params string[] tags) => new()
    {
        ["cell_type"] = "code",
        ["id"] = $"c{Math.Abs(string.GetHashCode(source, StringComparison.Ordinal)) % 1000}-{Guid.NewGuid():N}"[..20],
        ["metadata"] = tags.Length == 0 ? [] : new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]) },
        ["source"] = source,
        ["outputs"] = new JsonArray(),
        ["execution_count"] = null,
    };

    public static JsonObject Markdown(string source) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = $"m-{Guid.NewGuid():N}"[..20],
        ["metadata"] = new JsonObject(),
        ["source"] = source,
    };

    public static JsonObject Notebook(params JsonObject[] cells) => new()
    {
        ["cells"] = new JsonArray([.. cells]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = ".NET (C#)" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    public static Notebook Parse(JsonNode json) => Parse(json.ToJsonString());

    public static Notebook Parse(string text) => NotebookReader.Parse(Encoding.UTF8.GetBytes(text), "some.ipynb");

    /// <summary>The plain text of a mime type of an output.</summary>
    public static string Data(CellOutput output, string mime) => output switch
    {
        DisplayOutput display => display.Data[mime]!.GetValue<string>(),
        ResultOutput result => result.Data[mime]!.GetValue<string>(),
        _ => throw new ArgumentException($"{output} holds no data."),
    };
}
