using System.Text.Json;

namespace NotebookKit.Studies.Mend;

/// <summary>A row of a published editing data set: one edit, one rephrasing, one question that must stay.</summary>
/// <param name="Edit">The question with its new answer.</param>
/// <param name="OldAnswer">The answer before.</param>
/// <param name="Rephrased">The question in other words.</param>
/// <param name="Locality">The question that must stay, with its answer: unrelated in zsRE, of the same relation and answer in CounterFact.</param>
public sealed record EditRow(Question Edit, string OldAnswer, string Rephrased, Question Locality);

/// <summary>Readers of the two published formats that the catalogue lists; a file has one JSON object a line. Rows with an empty text (two of the 1,000 of zsRE lack an answer) are left out: they are no edit.</summary>
public static class EditRows
{
    /// <summary>zsRE as MEND's authors prepared it: <c>src</c>, <c>pred</c>, <c>alt</c>, <c>rephrase</c>, <c>loc</c>, <c>loc_ans</c>. The mark "nq question:" is taken off.</summary>
    /// <param name="path">The file, such as <c>facts/zsre/zsre_mend_train-1k.jsonl</c>.</param>
    /// <exception cref="InvalidDataException">A line is no such row; the message names file, line and field.</exception>
    public static IReadOnlyList<EditRow> Zsre(string path) => Read(path, field => new(
        new(field("src"), field("alt")), field("pred"), field("rephrase"),
        new(Capital(field("loc").Replace("nq question: ", "", StringComparison.Ordinal)) + "?", field("loc_ans"))));

    /// <summary>CounterFact with one paraphrase and one neighbour a row: <c>prompt</c>, <c>ground_truth</c>, <c>target_new</c>, <c>rephrase_prompt</c>, <c>locality_prompt</c>, <c>locality_ground_truth</c>.</summary>
    /// <param name="path">The file, such as <c>facts/counterfact/counterfact-edit-1k.jsonl</c>.</param>
    /// <exception cref="InvalidDataException">A line is no such row; the message names file, line and field.</exception>
    public static IReadOnlyList<EditRow> CounterFact(string path) => Read(path, field => new(
        new(field("prompt"), field("target_new")), field("ground_truth"), field("rephrase_prompt"),
        new(field("locality_prompt"), field("locality_ground_truth"))));

    private static IReadOnlyList<EditRow> Read(string path, Func<Func<string, string>, EditRow> rowOf)
    {
        var rows = new List<EditRow>();
        foreach ((int index, string line) in File.ReadLines(path).Index())
        {
            if (line.Length == 0) continue;
            string place = $"{path}, line {index + 1}";
            try
            {
                using var json = JsonDocument.Parse(line);
                bool isWhole = true;
                var row = rowOf(name =>
                {
                    string text = json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                        ? value.GetString()!.Trim()
                        : throw new InvalidDataException($"{place}: the field '{name}' is missing or no text.");
                    isWhole &= text.Length > 0;
                    return text;
                });
                if (isWhole) rows.Add(row);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                throw new InvalidDataException($"{place} is no JSON object: {error.Message}", error);
            }
        }
        return rows;
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
