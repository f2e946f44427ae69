using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// The rows of a run that was made once and kept: a file of <c>data/results/</c>, with all that a reader needs to judge it.
/// It is written in one way only (fixed order of fields, a line for each row, shortest exact numbers) and read strictly.
/// </summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Preset">The preset it was run at, one of <see cref="Presets.All"/>.</param>
/// <param name="Device">The device in words, such as "cpu, 2 threads" or the name of a GPU.</param>
/// <param name="Date">The day it was run.</param>
/// <param name="Commit">The commit of the code that ran.</param>
/// <param name="Kit">Version of the code that ran (<see cref="KitVersion.Of(Type)"/>).</param>
/// <param name="Data">The data's name and version in words.</param>
/// <param name="Checksum">The data's checksum.</param>
/// <param name="Settings">The settings of every variant as canonical JSON.</param>
/// <param name="Rows">The measurements.</param>
public sealed record ResultFile(
    string Experiment,
    string Preset,
    string Device,
    DateOnly Date,
    string Commit,
    string Kit,
    string Data,
    string Checksum,
    IReadOnlyDictionary<string, string> Settings,
    ResultRows Rows)
{
    private const string Format = "notebookkit-result 1";

    /// <summary>The file it was read from, or "".</summary>
    public string Source { get; init; } = "";

    /// <summary>Preset, device, date, commit and data in one line: what tells a committed run from the one just made.</summary>
    public string Provenance => $"committed run: preset {Preset}, {Device}, {Date:yyyy-MM-dd}, commit {(Commit.Length > 10 ? Commit[..10] : Commit)}, kit {Kit}, {Data}";

    /// <summary>Makes a file's content of a finished ablation.</summary>
    /// <param name="result">The ablation.</param>
    /// <param name="preset">The preset.</param>
    /// <param name="device">The device in words.</param>
    /// <param name="date">The day.</param>
    /// <param name="data">The data's name and version in words.</param>
    /// <param name="commit">The commit of the code that ran; the build's own when null.</param>
    public static ResultFile From(AblationResult result, string preset, string device, DateOnly date, string data, string? commit = null) =>
        new(result.Name, preset, device, date, commit ?? KitVersion.Commit, result.Kit, data, result.Data, result.Settings, result.Rows);

    /// <summary>Writes the file of its experiment and preset into a folder, whole or not at all: <c>pmi-masking-cpu.json</c>.</summary>
    /// <param name="folder">The folder, such as <c>data/results</c>.</param>
    /// <returns>The file.</returns>
    public string Save(string folder)
    {
        string path = Path.Combine(folder, $"{Experiment.Replace('/', '-')}-{Preset}.json");
        Write(path);
        return path;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{\n");
        Field("format", Format);
        Field("experiment", Experiment);
        Field("preset", Preset);
        Field("device", Device);
        Field("date", Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Field("commit", Commit);
        Field("kit", Kit);
        Field("data", Data);
        Field("checksum", Checksum);
        text.Append("  \"settings\": {\n").AppendJoin(",\n", Settings.Select(v => $"    {Quote(v.Key)}: {v.Value}")).Append("\n  },\n");
        text.Append("  \"rows\": [\n").AppendJoin(",\n", Rows.Select(r => string.Create(CultureInfo.InvariantCulture,
            $"    [{Quote(r.Variant)}, {r.Seed}, {r.Step}, {Quote(r.Metric)}, {(double.IsFinite(r.Value) ? r.Value.ToString("R", CultureInfo.InvariantCulture) : Quote(r.Value.ToString(CultureInfo.InvariantCulture)))}]")));
        return text.Append("\n  ]\n}\n").ToString();

        void Field(string name, string value) => text.Append("  ").Append(Quote(name)).Append(": ").Append(Quote(value)).Append(",\n");
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a result file; the message names file and field.</exception>
    public static ResultFile Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no result file {path}.", path);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="InvalidDataException">It is not a result file; the message names file and field.</exception>
    public static ResultFile Parse(string json, string name)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name}({error.LineNumber + 1}): not JSON: {error.Message}", error);
        }
        using (document)
        {
            try
            {
                return new Reader(name).Result(document.RootElement);
            }
            catch (InvalidOperationException error)
            {
                throw new InvalidDataException($"{name}: a text is not valid Unicode: {error.Message}", error);
            }
        }
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, QuoteOptions);

    private static readonly JsonSerializerOptions QuoteOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads fields and says which one is wrong.</summary>
    private sealed class Reader(string file)
    {
        private static readonly string[] Fields = ["format", "experiment", "preset", "device", "date", "commit", "kit", "data", "checksum", "settings", "rows"];

        public ResultFile Result(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object) throw Wrong("the file", "an object", root);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in root.EnumerateObject())
            {
                if (!Fields.Contains(property.Name)) throw Error($"field '{property.Name}' is unknown; the fields are {string.Join(", ", Fields)}");
                if (!seen.Add(property.Name)) throw Error($"field '{property.Name}' stands twice");
            }
            if (Fields.FirstOrDefault(f => !seen.Contains(f)) is { } missing) throw Error($"field '{missing}' is missing");
            if (Text("format") is var format && format != Format) throw Error($"field 'format' is '{format}', expected '{Format}'");
            if (!DateOnly.TryParseExact(Text("date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) throw Error($"field 'date' is '{Text("date")}', expected a day as 2026-01-31");

            var settings = new Dictionary<string, string>(StringComparer.Ordinal);
            var declared = root.GetProperty("settings");
            if (declared.ValueKind != JsonValueKind.Object) throw Wrong("field 'settings'", "an object with the settings of each variant", declared);
            foreach (var variant in declared.EnumerateObject())
                if (!settings.TryAdd(variant.Name, Canonical(variant.Value))) throw Error($"field 'settings.{variant.Name}' stands twice");

            var list = root.GetProperty("rows");
            if (list.ValueKind != JsonValueKind.Array) throw Wrong("field 'rows'", "a list", list);
            var rows = list.EnumerateArray().Select((row, index) => Row(row, $"rows[{index}]", settings)).ToList();
            if (rows.Count == 0) throw Error("field 'rows' is empty");
            if (rows.GroupBy(r => (r.Variant, r.Seed, r.Step, r.Metric)).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw Error($"field 'rows' holds {twice.Key.Variant}, seed {twice.Key.Seed}, step {twice.Key.Step}, {twice.Key.Metric} {twice.Count()} times");

            return new(Text("experiment"), Text("preset"), Text("device"), date, Text("commit"), Text("kit"), Text("data"), Text("checksum"), settings, new(rows)) { Source = file };

            string Text(string field) => root.GetProperty(field) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong($"field '{field}'", "a text", root.GetProperty(field));
        }

        private ResultRow Row(JsonElement row, string path, Dictionary<string, string> settings)
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != 5) throw Wrong($"field '{path}'", "[variant, seed, step, metric, value]", row);
            if (row[0].ValueKind != JsonValueKind.String || !settings.ContainsKey(row[0].GetString()!)) throw Wrong($"field '{path}[0]'", "the name of a variant in 'settings'", row[0]);
            if (row[1].ValueKind != JsonValueKind.Number || !row[1].TryGetInt32(out int seed)) throw Wrong($"field '{path}[1]'", "a seed, a whole number", row[1]);
            if (row[2].ValueKind != JsonValueKind.Number || !row[2].TryGetInt64(out long step) || step < 0) throw Wrong($"field '{path}[2]'", "a step, a whole number from 0", row[2]);
            if (row[3].ValueKind != JsonValueKind.String || row[3].GetString()!.Length == 0) throw Wrong($"field '{path}[3]'", "the name of a metric", row[3]);
            double value = row[4] switch
            {
                { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
                { ValueKind: JsonValueKind.String } text when text.GetString() is "NaN" or "Infinity" or "-Infinity" => double.Parse(text.GetString()!, CultureInfo.InvariantCulture),
                var other => throw Wrong($"field '{path}[4]'", "a number, \"NaN\", \"Infinity\" or \"-Infinity\"", other),
            };
            return new(row[0].GetString()!, seed, step, row[3].GetString()!, value);
        }

        /// <summary>White space outside of texts is layout, not settings.</summary>
        private static string Canonical(JsonElement element) => JsonNode.Parse(element.GetRawText())?.ToJsonString(QuoteOptions) ?? "null";

        private InvalidDataException Wrong(string what, string expected, JsonElement found)
        {
            string raw = found.GetRawText();
            return Error($"{what} is {(raw.Length > 60 ? raw[..60] + "…" : raw)}, expected {expected}");
        }

        private InvalidDataException Error(string message) => new($"{file}: {message}.");
    }
}
