using System.Text;
using System.Text.Json.Nodes;

namespace NotebookKit.Studies.Datasets;

/// <summary>
/// How the files of the catalogue are made of public ones. Each is a small program over the bytes of its sources; what it
/// gives is compared with the catalogue's checksum, so that a mistake here cannot go unseen.
/// </summary>
public static partial class DatasetTransformation
{
    private delegate IEnumerable<JsonObject> RowsOf(DatasetFile file, IReadOnlyList<byte[]> sources);

    private static readonly Dictionary<string, RowsOf> Tables = new(StringComparer.Ordinal)
    {
        ["rt-polarity"] = RtPolarity,
        ["sentence-tab-label"] = SentenceTabLabel,
        ["trec"] = Trec,
        ["mrpc"] = Mrpc,
        ["wiki-qa"] = WikiQa,
        ["parallel-text-label"] = ParallelTextLabel,
        ["common-gen"] = CommonGen,
        ["gigaword"] = Gigaword,
        ["hellaswag-text"] = HellaswagText,
        ["ag-news"] = AgNews,
        ["medical-questions"] = MedicalQuestions,
        ["cosmos-qa"] = CosmosQa,
        ["samsum"] = Samsum,
        ["cb-csv"] = CommitmentBankCsv,
        ["anli"] = Anli,
        ["select-fields"] = SelectFields,
        ["json-array"] = JsonArrayRows,
        ["nli-lines"] = NliLines,
        ["cos-e"] = CosE,
        ["commonsense-qa"] = CommonsenseQa,
        ["dream"] = Dream,
        ["social-i-qa"] = SocialIQa,
        ["quail"] = Quail,
        ["squad"] = Squad,
        ["ropes"] = Ropes,
        ["web-questions"] = WebQuestions,
        ["copa-join"] = CopaJoin,
        ["wic"] = Wic,
        ["wsc"] = Wsc,
        ["hellaswag-few-shot"] = HellaswagFewShot,
    };

    private static readonly Dictionary<string, Func<byte[], byte[]>> Texts = new(StringComparer.Ordinal)
    {
        ["copy"] = source => source,
        ["gutenberg"] = Gutenberg,
    };

    /// <summary>The names that a catalogue may use.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Tables.Keys, .. Texts.Keys];

    /// <summary>Makes a file's bytes of the bytes of its sources.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sources">The sources' bytes, in the file's order of sources.</param>
    /// <exception cref="InvalidDataException">A source is not what the transformation takes.</exception>
    public static byte[] Apply(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        try
        {
            return Texts.TryGetValue(file.Transformation, out var text) ? text(sources[0]) : PythonJson.Lines(Tables[file.Transformation](file, sources), file.Fields);
        }
        catch (Exception error) when (error is InvalidDataException or KeyNotFoundException or InvalidOperationException or FormatException or System.Text.Json.JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{file.Path}: the transformation '{file.Transformation}' does not fit {string.Join(" and ", file.Sources.Select(s => s.Url))}: {error.Message}", error);
        }
    }

    private static string Utf8(byte[] source) => Encoding.UTF8.GetString(source).TrimStart('\uFEFF');

    /// <summary>The lines between line feeds, without the empty one behind the last.</summary>
    private static string[] Lines(string text)
    {
        string[] lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static int Every(DatasetFile file) => file.Arguments["every"]!.GetValue<int>();

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode?)t)];

    private static JsonArray Objects(byte[] source) => JsonNode.Parse(Utf8(source))!.AsArray();

    private static IEnumerable<JsonObject> JsonLines(byte[] source) =>
        Lines(Utf8(source)).Where(line => line.Trim().Length > 0).Select(line => JsonNode.Parse(line)!.AsObject());

    /// <summary>The named fields of a row, as they are.</summary>
    private static JsonObject Pick(JsonObject row, params IEnumerable<string> fields) =>
        new(fields.Select(f => KeyValuePair.Create(f, row[f]?.DeepClone())));

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
