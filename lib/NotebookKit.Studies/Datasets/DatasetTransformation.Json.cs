using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace NotebookKit.Studies.Datasets;

/// <content>Sources in JSON and JSON Lines.</content>
public static partial class DatasetTransformation
{
    /// <summary>JSON Lines; the catalogue's fields, as they are.</summary>
    private static IEnumerable<JsonObject> SelectFields(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Select(row => Pick(row, file.Fields));

    /// <summary>A JSON array, one element a line.</summary>
    private static IEnumerable<JsonObject> JsonArrayRows(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        Objects(sources[0]).Select(row => row!.AsObject());

    /// <summary>SuperGLUE's sentence pairs, the label by name.</summary>
    private static IEnumerable<JsonObject> NliLines(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Select(row =>
        {
            row["label"] = Number(file, Text(row["label"]));
            return Pick(row, file.Fields);
        });

    /// <summary>The even rows of CommonsenseQA, joined by id with the explanations.</summary>
    private static IEnumerable<JsonObject> CosE(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        var explanations = JsonLines(sources[1]).ToDictionary(row => Text(row["id"]), row => row["explanation"]!);
        return JsonLines(sources[0]).Where((_, i) => i % 2 == 0).Select(row =>
        {
            var choices = row["question"]!["choices"]!.AsArray();
            var explanation = explanations[Text(row["id"])];
            return new JsonObject
            {
                ["id"] = Text(row["id"]),
                ["question"] = Text(row["question"]!["stem"]),
                ["choices"] = List(choices.Select(c => Text(c!["text"]))),
                ["answer"] = Text(choices.Single(c => Text(c!["label"]) == Text(row["answerKey"]))!["text"]),
                ["abstractive_explanation"] = Text(explanation["open-ended"]),
                ["extractive_explanation"] = Text(explanation["selected"]),
            };
        });
    }

    /// <summary>The odd rows of CommonsenseQA.</summary>
    private static IEnumerable<JsonObject> CommonsenseQa(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Where((_, i) => i % 2 == 1).Select(row =>
        {
            var choices = row["question"]!["choices"]!.AsArray();
            return new JsonObject
            {
                ["id"] = Text(row["id"]),
                ["question"] = Text(row["question"]!["stem"]),
                ["question_concept"] = Text(row["question"]!["question_concept"]),
                ["choices"] = new JsonObject { ["label"] = List(choices.Select(c => Text(c!["label"]))), ["text"] = List(choices.Select(c => Text(c!["text"]))) },
                ["answerKey"] = Text(row["answerKey"]),
            };
        });

    /// <summary>Dialogues with questions, one row a question, numbered over the whole file; every so many dialogues.</summary>
    private static IEnumerable<JsonObject> Dream(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        int id = -1;
        foreach (var (index, dialogue) in Objects(sources[0]).Index())
            foreach (var question in dialogue![1]!.AsArray())
            {
                id++;
                if (index % Every(file) != 0) continue;
                yield return new()
                {
                    ["id"] = id,
                    ["dialogue_id"] = Text(dialogue[2]),
                    ["dialogue"] = dialogue[0]!.DeepClone(),
                    ["question"] = Text(question!["question"]),
                    ["choice"] = question["choice"]!.DeepClone(),
                    ["answer"] = Text(question["answer"]),
                };
            }
    }

    /// <summary>Three options; the label is the position from 1 of the one that is the answer.</summary>
    private static IEnumerable<JsonObject> SocialIQa(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Select(row =>
        {
            var options = row["options"]!.AsArray().Select(Text).ToList();
            return new JsonObject
            {
                ["context"] = Text(row["context"]),
                ["question"] = Text(row["question"]),
                ["answerA"] = options[0],
                ["answerB"] = options[1],
                ["answerC"] = options[2],
                ["label"] = $"{options.IndexOf(Text(row["answer"])) + 1}",
            };
        });

    /// <summary>Fields as they are; the answer's number as a number, the question's from its id.</summary>
    private static IEnumerable<JsonObject> Quail(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Select(row =>
        {
            row["question_id"] = Text(row["id"]).Split('_')[^1];
            row["correct_answer_id"] = int.Parse(Text(row["correct_answer_id"]));
            return Pick(row, file.Fields);
        });

    /// <summary>SQuAD's articles, one row a question; every so many paragraphs, counted over all articles.</summary>
    private static IEnumerable<JsonObject> Squad(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        from paragraph in Paragraphs(file, sources[0])
        from question in paragraph["qas"]!.AsArray()
        let answers = question["answers"]!.AsArray()
        select new JsonObject
        {
            ["id"] = Text(question["id"]),
            ["context"] = Text(paragraph["context"]),
            ["question"] = Text(question["question"]),
            ["answers"] = new JsonObject { ["text"] = List(answers.Select(a => Text(a!["text"]))), ["answer_start"] = new JsonArray([.. answers.Select(a => a!["answer_start"]!.DeepClone())]) },
        };

    /// <summary>As SQuAD, with background and situation for the context.</summary>
    private static IEnumerable<JsonObject> Ropes(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        from paragraph in Paragraphs(file, sources[0])
        from question in paragraph["qas"]!.AsArray()
        select new JsonObject
        {
            ["id"] = question["id"]!.ToString(),
            ["background"] = Text(paragraph["background"]),
            ["situation"] = Text(paragraph["situation"]),
            ["question"] = Text(question["question"]),
            ["answers"] = new JsonObject { ["text"] = List(question["answers"]!.AsArray().Select(a => Text(a!["text"]))) },
        };

    private static IEnumerable<JsonNode> Paragraphs(DatasetFile file, byte[] source) =>
        JsonNode.Parse(Utf8(source))!["data"]!.AsArray().SelectMany(article => article!["paragraphs"]!.AsArray()).Where((_, i) => i % Every(file) == 0).Select(p => p!);

    /// <summary>Question and answers.</summary>
    private static IEnumerable<JsonObject> WebQuestions(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        Objects(sources[0]).Select(row => new JsonObject { ["question"] = Text(row!["qText"]), ["answers"] = row["answers"]!.DeepClone() });

    /// <summary>SuperGLUE's rows without labels, joined by their words with the labels of the original COPA; rows that find no partner are dropped.</summary>
    private static IEnumerable<JsonObject> CopaJoin(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        using var reader = XmlReader.Create(new MemoryStream(sources[1]), new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        var labels = XDocument.Load(reader).Descendants("item").ToLookup(
            item => PlainWords(item.Element("p")!.Value, item.Element("a1")!.Value, item.Element("a2")!.Value),
            item => int.Parse(item.Attribute("most-plausible-alternative")!.Value) - 1);
        foreach (var row in JsonLines(sources[0]))
        {
            var found = labels[PlainWords(Text(row["premise"]), Text(row["choice1"]), Text(row["choice2"]))].ToList();
            if (found.Count == 0) continue;
            row["label"] = found[0];
            yield return row;
        }
    }

    private static string PlainWords(params IEnumerable<string> texts) => string.Join('|', texts.Select(t => OtherCharacters.Replace(t.ToLowerInvariant(), " ").Trim()));

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex OtherCharacters { get; }

    /// <summary>The union of the files by idx, in its order; labels true and false as numbers.</summary>
    private static IEnumerable<JsonObject> Wic(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        sources.SelectMany(JsonLines).DistinctBy(row => row["idx"]!.GetValue<int>()).OrderBy(row => row["idx"]!.GetValue<int>()).Select(row =>
        {
            row["label"] = TruthNumber(row["label"]!);
            return Pick(row, file.Fields);
        });

    private static int TruthNumber(JsonNode label) => label.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True => 1,
        System.Text.Json.JsonValueKind.False => 0,
        _ => label.GetValue<int>(),
    };

    /// <summary>
    /// Winograd schemas with the target flattened. A span that does not stand in the text so takes the letter case of the
    /// word it points at, loses full stops at its end, and line feeds become spaces.
    /// </summary>
    private static IEnumerable<JsonObject> Wsc(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        JsonLines(sources[0]).Select(row =>
        {
            var (text, target) = (Text(row["text"]), row["target"]!);
            return new JsonObject
            {
                ["text"] = text,
                ["span1_index"] = target["span1_index"]!.DeepClone(),
                ["span2_index"] = target["span2_index"]!.DeepClone(),
                ["span1_text"] = Fitted(text, Text(target["span1_text"]), target["span1_index"]!.GetValue<int>()),
                ["span2_text"] = Fitted(text, Text(target["span2_text"]), target["span2_index"]!.GetValue<int>()),
                ["idx"] = row["idx"]!.DeepClone(),
                ["label"] = TruthNumber(row["label"]!),
            };
        });

    private static string Fitted(string text, string span, int index)
    {
        if (text.Contains(span, StringComparison.Ordinal)) return span;
        string fitted = span.Replace('\n', ' ').TrimEnd('.');
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (index < words.Length) fitted = (char.IsUpper(words[index][0]) ? char.ToUpperInvariant(fitted[0]) : char.ToLowerInvariant(fitted[0])) + fitted[1..];
        return text.Contains(fitted, StringComparison.Ordinal) ? fitted : span;
    }

    /// <summary>The union of the few-shot files by ind, the first kept; the label as a text.</summary>
    private static IEnumerable<JsonObject> HellaswagFewShot(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        sources.SelectMany(JsonLines).DistinctBy(row => row["ind"]!.GetValue<int>()).Select(row =>
        {
            row["label"] = row["label"]!.ToString();
            return Pick(row, file.Fields);
        });
}
