using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;
using NotebookKit.Templates;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// The rows of the public data sets. Some are published with a validation or test part only, two share their texts, and in many a passage
/// has several questions. So a set to train on is pooled and parted anew, by the hash of each row's first text (letters and digits
/// only): one text lies in one part, in all sets alike. Scores on such a part are not comparable with published ones. A set to
/// hold out keeps its published parts: all but <c>train</c> is the test.
/// </summary>
internal static class DatasetExamples
{
    public static ILookup<Split, PromptExample> Read(DatasetStore store, IReadOnlyList<DatasetFile> files, bool isHeldOut)
    {
        var rows = files.SelectMany(file => Rows(store.Locate(file.Dataset, file.Split)).Select(row => (file, row)));
        if (isHeldOut) return rows.ToLookup(r => r.file.Split == "train" ? Split.Train : Split.Test, r => r.row);
        string key = KeyField(files[0], Rows(store.Locate(files[0].Dataset, files[0].Split)).Take(100));
        return rows
            .Select(r => (r.row, text: Normalized(Text(r.row, key))))
            .OrderBy(r => StableSplit.Hash(r.row.ToString()))
            .ToLookup(r => StableSplit.Of(r.text, train: 80, valid: 10), r => r.row);
    }

    private static IEnumerable<PromptExample> Rows(string path)
    {
        using var reader = File.OpenText(path);
        foreach (var row in ExampleReader.ReadJsonLines(reader, path)) yield return row;
    }

    /// <summary>The first field that holds words, such as a passage or a question, and not an id or a label.</summary>
    private static string KeyField(DatasetFile file, IEnumerable<PromptExample> rows)
    {
        var some = rows.ToList();
        return file.Fields.FirstOrDefault(field => some.Count(row => Text(row, field).Trim().Contains(' ')) * 2 > some.Count)
            ?? throw new InvalidDataException($"{file.Path}: no field holds text; it has {string.Join(", ", file.Fields)}.");
    }

    private static string Text(PromptExample row, string field) => row.First(f => f.Key == field).Value switch
    {
        string text => text,
        IEnumerable<object?> list when list.All(item => item is string) => string.Join(' ', list),
        _ => "",
    };

    private static string Normalized(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
