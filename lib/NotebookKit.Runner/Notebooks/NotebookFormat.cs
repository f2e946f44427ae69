using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKit.Runner.Notebooks;

/// <summary>
/// The rules of nbformat 4.5, checked on the JSON itself: required and allowed keys, their types, the form and uniqueness of cell ids.
/// Each problem names the cell by number (from 1) and id.
/// </summary>
internal static partial class NotebookFormat
{
    public static IReadOnlyList<string> Problems(JsonNode? root)
    {
        var check = new Check();
        check.Notebook(root);
        return check.Problems;
    }

    /// <summary>Values of these mime types are JSON in the file, not text.</summary>
    public static bool IsJson(string mime) => mime == "application/json"
        || (mime.StartsWith("application/", StringComparison.Ordinal) && mime.EndsWith("+json", StringComparison.Ordinal));

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex CellId();

    private sealed class Check
    {
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private string _place = "The notebook";

        public List<string> Problems { get; } = [];

        public void Notebook(JsonNode? root)
        {
            if (Object(root, "it") is not { } notebook)
                return;
            Keys(notebook, required: ["cells", "metadata", "nbformat", "nbformat_minor"], allowed: []);
            if (notebook.ContainsKey("nbformat") && !(Integer(notebook["nbformat"]) is 4))
                Say("'nbformat' must be 4");
            if (notebook.ContainsKey("nbformat_minor") && !(Integer(notebook["nbformat_minor"]) is 5))
                Say("'nbformat_minor' must be 5");
            if (notebook.ContainsKey("metadata"))
                NotebookMetadata(notebook["metadata"]);
            if (!notebook.ContainsKey("cells"))
                return;
            if (notebook["cells"] is not JsonArray cells)
            {
                Say("'cells' must be an array");
                return;
            }
            for (int i = 0; i < cells.Count; i++)
            {
                string id = cells[i] is JsonObject cell && Text(cell["id"]) is { } given ? $" (id {given})" : "";
                _place = $"Cell {i + 1}{id}";
                Cell(cells[i]);
            }
        }

        private void NotebookMetadata(JsonNode? node)
        {
            if (Object(node, "'metadata'") is not { } metadata)
                return;
            if (metadata.ContainsKey("kernelspec") && Object(metadata["kernelspec"], "'metadata.kernelspec'") is { } kernel)
            {
                foreach (string? key in new[] { "name", "display_name" })
                {
                    if (Text(kernel[key]) is null)
                        Say($"'metadata.kernelspec.{key}' must be a string");
                }
            }
            if (metadata.ContainsKey("language_info") && Object(metadata["language_info"], "'metadata.language_info'") is { } language
                && Text(language["name"]) is null)
            {
                Say("'metadata.language_info.name' must be a string");
            }
        }

        private void Cell(JsonNode? node)
        {
            if (Object(node, "it") is not { } cell)
                return;
            switch (Text(cell["cell_type"]))
            {
                case "code":
                    Keys(cell, required: ["cell_type", "id", "metadata", "source", "outputs", "execution_count"], allowed: []);
                    if (cell["execution_count"] is { } count && Integer(count) is not >= 0)
                        Say("'execution_count' must be null or a number from 0");
                    if (cell["outputs"] is JsonArray outputs)
                        Outputs(outputs);
                    else if (cell.ContainsKey("outputs"))
                        Say("'outputs' must be an array");
                    break;
                case "markdown" or "raw":
                    Keys(cell, required: ["cell_type", "id", "metadata", "source"], allowed: ["attachments"]);
                    if (cell.ContainsKey("attachments") && Object(cell["attachments"], "'attachments'") is { } attachments)
                    {
                        foreach (var (name, bundle) in attachments)
                            MimeBundle(bundle, $"attachment '{name}'");
                    }
                    break;
                case var other:
                    Say($"'cell_type' must be 'code', 'markdown' or 'raw', not {(other is null ? "missing or another type" : $"'{other}'")}");
                    return;
            }
            if (cell.ContainsKey("id"))
            {
                if (Text(cell["id"]) is not { } id || !CellId().IsMatch(id))
                    Say("'id' must be 1 to 64 letters, digits, '-' or '_'");
                else if (!_ids.Add(id))
                    Say("its id is already used by an earlier cell");
            }
            if (cell.ContainsKey("source"))
                Lines(cell["source"], "'source'");
            if (cell.ContainsKey("metadata") && Object(cell["metadata"], "'metadata'") is { } metadata)
                CellMetadata(metadata);
        }

        private void CellMetadata(JsonObject metadata)
        {
            if (!metadata.ContainsKey("tags"))
                return;
            if (metadata["tags"] is not JsonArray tags || tags.Any(tag => Text(tag) is null))
                Say("'metadata.tags' must be an array of strings");
            else if (tags.Any(tag => Text(tag)!.Contains(',', StringComparison.Ordinal)))
                Say("a tag must not hold a comma");
            else if (tags.DistinctBy(Text).Count() < tags.Count)
                Say("'metadata.tags' must not name a tag twice");
        }

        private void Outputs(JsonArray outputs)
        {
            string cellPlace = _place;
            for (int i = 0; i < outputs.Count; i++)
            {
                _place = $"{cellPlace}, output {i + 1}";
                Output(outputs[i]);
            }
            _place = cellPlace;
        }

        private void Output(JsonNode? node)
        {
            if (Object(node, "it") is not { } output)
                return;
            switch (Text(output["output_type"]))
            {
                case "stream":
                    Keys(output, required: ["output_type", "name", "text"], allowed: []);
                    if (Text(output["name"]) is null)
                        Say("'name' must be a string");
                    Lines(output["text"], "'text'");
                    break;
                case "display_data":
                    Keys(output, required: ["output_type", "data", "metadata"], allowed: []);
                    MimeBundle(output["data"], "'data'");
                    Object(output["metadata"], "'metadata'");
                    break;
                case "execute_result":
                    Keys(output, required: ["output_type", "data", "metadata", "execution_count"], allowed: []);
                    MimeBundle(output["data"], "'data'");
                    Object(output["metadata"], "'metadata'");
                    if (output["execution_count"] is { } count && Integer(count) is not >= 0)
                        Say("'execution_count' must be null or a number from 0");
                    break;
                case "error":
                    Keys(output, required: ["output_type", "ename", "evalue", "traceback"], allowed: []);
                    if (Text(output["ename"]) is null || Text(output["evalue"]) is null)
                        Say("'ename' and 'evalue' must be strings");
                    if (output["traceback"] is not JsonArray lines || lines.Any(line => Text(line) is null))
                        Say("'traceback' must be an array of strings");
                    break;
                case var other:
                    Say($"'output_type' must be 'stream', 'display_data', 'execute_result' or 'error', not {(other is null ? "missing or another type" : $"'{other}'")}");
                    break;
            }
        }

        private void MimeBundle(JsonNode? node, string what)
        {
            if (Object(node, what) is not { } bundle)
                return;
            foreach (var (mime, value) in bundle)
            {
                // Anything goes as JSON; every other mime type is text, whole or in lines.
                if (!IsJson(mime))
                    Lines(value, $"{what} of type '{mime}'");
            }
        }

        private JsonObject? Object(JsonNode? node, string what)
        {
            if (node is JsonObject found)
                return found;
            Say($"{what} must be an object");
            return null;
        }

        private void Lines(JsonNode? node, string what)
        {
            if (Text(node) is null && !(node is JsonArray lines && lines.All(line => Text(line) is not null)))
                Say($"{what} must be a string or an array of strings");
        }

        private void Keys(JsonObject node, string[] required, string[] allowed)
        {
            foreach (string? key in required.Where(key => !node.ContainsKey(key)))
                Say($"'{key}' is missing");
            foreach (var (key, _) in node)
            {
                if (!required.Contains(key, StringComparer.Ordinal) && !allowed.Contains(key, StringComparer.Ordinal))
                    Say($"'{key}' is not allowed here");
            }
        }

        private void Say(string problem) => Problems.Add($"{_place}: {problem}.");

        private static string? Text(JsonNode? node) =>
            node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

        private static int? Integer(JsonNode? node) =>
            node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out int number) ? number : null;
    }
}

/// <summary>A notebook cannot be read, run or written as it is; the message names the file, the cell and the line.</summary>
internal sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
