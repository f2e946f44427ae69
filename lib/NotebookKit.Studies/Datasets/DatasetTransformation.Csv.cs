using System.Text.Json.Nodes;
using NotebookKit.Studies.Data;

namespace NotebookKit.Studies.Datasets;

/// <content>Sources of comma-separated values.</content>
public static partial class DatasetTransformation
{
    /// <summary>Class from 1, title, description.</summary>
    private static IEnumerable<JsonObject> AgNews(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Records(Utf8(sources[0])).Select(c => new JsonObject { ["text"] = $"{c[1]} {c[2]}", ["label"] = int.Parse(c[0]) - 1 });

    /// <summary>Doctor, two questions, label; no header.</summary>
    private static IEnumerable<JsonObject> MedicalQuestions(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Records(Utf8(sources[0])).Select(c => new JsonObject { ["dr_id"] = int.Parse(c[0]), ["question_1"] = c[1], ["question_2"] = c[2], ["label"] = int.Parse(c[3]) });

    /// <summary>The columns as they are; every so many rows.</summary>
    private static IEnumerable<JsonObject> CosmosQa(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Rows(Utf8(sources[0])).Index().Where(row => row.Index % Every(file) == 0).Select(row =>
            new JsonObject(row.Item.Select(c => KeyValuePair.Create(c.Key, c.Key == "label" ? (JsonNode?)int.Parse(c.Value) : c.Value))));

    /// <summary>Id, dialogue, summary; line ends inside a dialogue become line feeds.</summary>
    private static IEnumerable<JsonObject> Samsum(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Rows(Utf8(sources[0])).Select(c => new JsonObject { ["id"] = c["id"], ["dialogue"] = c["dialogue"].Replace("\r\n", "\n"), ["summary"] = c["summary"] });

    /// <summary>Premise, hypothesis, the label's name.</summary>
    private static IEnumerable<JsonObject> CommitmentBankCsv(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Rows(Utf8(sources[0])).Select((c, i) => new JsonObject { ["premise"] = c["premise"], ["hypothesis"] = c["hypothesis"], ["idx"] = i, ["label"] = Number(file, c["label"]) });

    /// <summary>Context, statement, reason, the label's first letter.</summary>
    private static IEnumerable<JsonObject> Anli(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        DelimitedText.Rows(Utf8(sources[0])).Select(c => new JsonObject
        {
            ["uid"] = c["uid"],
            ["premise"] = c["context"],
            ["hypothesis"] = c["statement"],
            ["label"] = "enc".IndexOf(c["gold_label"], StringComparison.Ordinal),
            ["reason"] = c["reason"],
        });

    /// <summary>The number of a label's name.</summary>
    private static int Number(DatasetFile file, string label) =>
        file.Labels["label"].Index().Where(l => l.Item == label).Select(l => (int?)l.Index).FirstOrDefault() ?? throw new InvalidDataException($"'{label}' is none of {string.Join(", ", file.Labels["label"])}");
}
