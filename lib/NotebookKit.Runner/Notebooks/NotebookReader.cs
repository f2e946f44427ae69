using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Runner.Notebooks;

/// <summary>Reads nbformat 4.0 to 4.5, strictly: what is not understood is refused with the file, the cell and the line, never dropped.</summary>
internal static class NotebookReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="NotebookFormatException">The file is not a notebook of nbformat 4.</exception>
    public static Notebook Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException($"{path}: the notebook cannot be opened. {e.Message}", e);
        }
        return Parse(bytes, path);
    }

    /// <param name="bytes">The file's content.</param>
    /// <param name="path">The name for messages.</param>
    public static Notebook Parse(byte[] bytes, string path)
    {
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        JsonNode? root;
        try
        {
            StrictUtf8.GetCharCount(bytes);
            root = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            // Strings are decoded when they are asked for; ask for all now, so that a lone surrogate is found here.
            root?.ToJsonString();
        }
        catch (JsonException e)
        {
            string line = e.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $" (line {number + 1})") : "";
            throw new NotebookFormatException($"{path}{line}: this is not JSON, so not a notebook. {e.Message}", e);
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidOperationException)
        {
            throw new NotebookFormatException($"{path}: the text is not valid UTF-8, so not a notebook. {e.Message}", e);
        }

        if (root is not JsonObject notebook || Number(notebook["nbformat"]) is not { } major)
            throw new NotebookFormatException($"{path}: this is JSON but not a notebook: it has no number 'nbformat'.");
        int minor = Number(notebook["nbformat_minor"]) ?? 0;
        if (major != 4 || minor is < 0 or > 5)
        {
            throw new NotebookFormatException(
                $"{path}: nbformat {major}.{minor} is not read here, only 4.0 to 4.5; open it in Jupyter or VS Code and save it again.");
        }
        Upgrade(notebook, minor);
        if (NotebookFormat.Problems(notebook) is { Count: > 0 } problems)
        {
            var lines = CellLines(bytes);
            throw new NotebookFormatException(string.Join(Environment.NewLine, problems.Select(problem => $"{path}{Line(problem, lines)}: {problem}")));
        }
        return new Notebook
        {
            Metadata = notebook["metadata"]!.DeepClone().AsObject(),
            Cells = [.. notebook["cells"]!.AsArray().Select(cell => Cell(cell!.AsObject()))],
        };
    }

    /// <summary>Gives cells without an id one that follows from kind, text and order, so that it is the same on every reading.</summary>
    private static void Upgrade(JsonObject notebook, int minor)
    {
        notebook["nbformat_minor"] = 5;
        if (minor == 5 || notebook["cells"] is not JsonArray cells)
            return;
        var taken = cells.OfType<JsonObject>().Select(cell => cell["id"]?.ToString()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var cell in cells.OfType<JsonObject>().Where(cell => !cell.ContainsKey("id")))
        {
            string content = $"{cell["cell_type"]}\n{cell["source"]?.ToJsonString()}";
            string stem = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..8];
            string id = stem;
            for (int copy = 2; !taken.Add(id); copy++)
                id = string.Create(CultureInfo.InvariantCulture, $"{stem}-{copy}");
            cell["id"] = id;
        }
    }

    private static NotebookCell Cell(JsonObject cell)
    {
        var kind = cell["cell_type"]!.GetValue<string>() switch { "code" => CellKind.Code, "markdown" => CellKind.Markdown, _ => CellKind.Raw };
        return new NotebookCell
        {
            Kind = kind,
            Id = cell["id"]!.GetValue<string>(),
            Source = Text(cell["source"]!),
            Metadata = cell["metadata"]!.DeepClone().AsObject(),
            Attachments = cell["attachments"] is JsonObject files ? new JsonObject(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)Data(f.Value!)))) : null,
            ExecutionCount = cell["execution_count"]?.GetValue<int>(),
            Outputs = kind == CellKind.Code ? [.. cell["outputs"]!.AsArray().Select(output => Output(output!.AsObject())).Where(output => !IsProbe(output))] : [],
        };
    }

    /// <summary>What the kernel of .NET Interactive displays by itself at the start of a session: a script with the addresses of the machine it ran on.</summary>
    private static bool IsProbe(CellOutput output) =>
        output is DisplayOutput display && display.Data["text/html"] is JsonValue html && html.TryGetValue<string>(out string? text)
        && text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal);

    private static CellOutput Output(JsonObject output) => output["output_type"]!.GetValue<string>() switch
    {
        "stream" => new StreamOutput(output["name"]!.GetValue<string>(), Text(output["text"]!)),
        "display_data" => new DisplayOutput(Data(output["data"]!), output["metadata"]!.DeepClone().AsObject()),
        "execute_result" => new ResultOutput(Data(output["data"]!), output["metadata"]!.DeepClone().AsObject(), output["execution_count"]?.GetValue<int>()),
        _ => new ErrorOutput(
            output["ename"]!.GetValue<string>(),
            output["evalue"]!.GetValue<string>(),
            [.. output["traceback"]!.AsArray().Select(line => line!.GetValue<string>())]),
    };

    /// <summary>Mime types with their values; text comes whole, whether the file holds lines or not.</summary>
    private static JsonObject Data(JsonNode data)
    {
        var whole = new JsonObject();
        foreach (var (mime, value) in data.AsObject())
        {
            whole[mime] = !NotebookFormat.IsJson(mime) && value is not null ? Text(value) : value?.DeepClone();
        }
        return whole;
    }

    private static string Text(JsonNode node) => node is JsonArray lines
        ? string.Concat(lines.Select(line => line!.GetValue<string>()))
        : node.GetValue<string>();

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out int number) ? number : null;

    private static string Line(string problem, IReadOnlyList<int> lines)
    {
        const string prefix = "Cell ";
        if (!problem.StartsWith(prefix, StringComparison.Ordinal))
            return "";
        var digits = problem.AsSpan(prefix.Length);
        int number = int.Parse(digits[..digits.IndexOfAnyExceptInRange('0', '9')], CultureInfo.InvariantCulture);
        return number <= lines.Count ? string.Create(CultureInfo.InvariantCulture, $" (line {lines[number - 1]})") : "";
    }

    /// <summary>The line of the file on which each element of the top-level array <c>cells</c> starts.</summary>
    private static List<int> CellLines(byte[] bytes)
    {
        var lines = new List<int>();
        var reader = new Utf8JsonReader(bytes);
        var (line, counted, inCells) = (1, 0, false);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                inCells = reader.ValueTextEquals("cells");
            bool startsElement = reader.CurrentDepth == 2
                && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName);
            if (!inCells || !startsElement)
                continue;
            int start = (int)reader.TokenStartIndex;
            line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
            counted = start;
            lines.Add(line);
        }
        return lines;
    }
}
