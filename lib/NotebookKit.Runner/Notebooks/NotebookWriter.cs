using System.Buffers;
using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>Writes nbformat 4.5, always the same bytes for the same notebook, and never half a file.</summary>
internal static class NotebookWriter
{
    /// <summary>The file is replaced as a whole.</summary>
    /// <exception cref="NotebookFormatException">The notebook would break a rule of nbformat 4.5; nothing is written.</exception>
    public static void Write(Notebook notebook, string path)
    {
        var json = ToJson(notebook);
        if (NotebookFormat.Problems(json) is [var first, ..])
            throw new NotebookFormatException($"{path} was not written: it would not be a valid notebook. {first}");
        AtomicFile.Write(path, JupyterJson.Write(json));
    }

    public static string ToText(Notebook notebook) => JupyterJson.Write(ToJson(notebook));

    public static JsonObject ToJson(Notebook notebook) => new()
    {
        ["cells"] = new JsonArray([.. notebook.Cells.Select(Cell)]),
        ["metadata"] = notebook.Metadata.DeepClone(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    private static JsonNode Cell(NotebookCell cell)
    {
        var json = new JsonObject
        {
            ["cell_type"] = cell.Kind switch { CellKind.Code => "code", CellKind.Markdown => "markdown", _ => "raw" },
            ["id"] = cell.Id,
            ["metadata"] = cell.Metadata.DeepClone(),
            ["source"] = Lines(cell.Source),
        };
        if (cell.Kind == CellKind.Code)
        {
            json["execution_count"] = cell.ExecutionCount;
            json["outputs"] = new JsonArray([.. cell.Outputs.Select(Output)]);
        }
        else if (cell.Attachments is not null)
        {
            json["attachments"] = new JsonObject(cell.Attachments.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Data(a.Value!.AsObject()))));
        }
        return json;
    }

    private static JsonNode Output(CellOutput output) => output switch
    {
        StreamOutput stream => new JsonObject
        {
            ["output_type"] = "stream",
            ["name"] = stream.Name,
            ["text"] = Lines(stream.Text),
        },
        DisplayOutput display => new JsonObject
        {
            ["output_type"] = "display_data",
            ["data"] = Data(display.Data),
            ["metadata"] = display.Metadata.DeepClone(),
        },
        ResultOutput result => new JsonObject
        {
            ["output_type"] = "execute_result",
            ["data"] = Data(result.Data),
            ["execution_count"] = result.ExecutionCount,
            ["metadata"] = result.Metadata.DeepClone(),
        },
        ErrorOutput error => new JsonObject
        {
            ["output_type"] = "error",
            ["ename"] = error.Name,
            ["evalue"] = error.Value,
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
        },
        _ => throw new InvalidOperationException($"No form is known for {output.GetType()}."),
    };

    private static JsonObject Data(JsonObject data)
    {
        var written = new JsonObject();
        foreach (var (mime, value) in data)
        {
            bool isText = mime.StartsWith("text/", StringComparison.Ordinal) || mime is "image/svg+xml" or "application/javascript";
            written[mime] = isText && value is JsonValue text && text.TryGetValue<string>(out string? whole) ? Lines(whole) : value?.DeepClone();
        }
        return written;
    }

    // Where Python's splitlines ends a line; \r and \n together are one end.
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");

    /// <summary>The lines of a text, each with its line end: how Jupyter keeps text, so that a diff shows lines.</summary>
    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOfAny(LineEnds);
            int end = length < 0 ? text.Length : start + length + 1;
            if (end < text.Length && text[end - 1] == '\r' && text[end] == '\n')
                end++;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }
}
