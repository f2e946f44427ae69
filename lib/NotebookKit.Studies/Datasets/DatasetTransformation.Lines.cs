using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ICSharpCode.SharpZipLib.BZip2;

namespace NotebookKit.Studies.Datasets;

/// <content>Sources with one row a line, and plain texts.</content>
public static partial class DatasetTransformation
{
    /// <summary>Two Latin-1 files, positive and negative reviews: the lines of each from one number to another.</summary>
    private static IEnumerable<JsonObject> RtPolarity(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        var range = file.Arguments["from"]!.GetValue<int>()..file.Arguments["to"]!.GetValue<int>();
        return new[] { 1, 0 }.Zip(sources).SelectMany(part =>
            Encoding.Latin1.GetString(part.Second).Split('\n')[range].Select(line => new JsonObject { ["text"] = line.Trim(), ["label"] = part.First }));
    }

    /// <summary>Sentence, tab, label.</summary>
    private static IEnumerable<JsonObject> SentenceTabLabel(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        Lines(Utf8(sources[0])).Select(line => line.Split('\t')).Select((columns, i) => new JsonObject { ["sentence"] = columns[0], ["label"] = int.Parse(columns[1]), ["idx"] = i });

    /// <summary>"COARSE:fine question". Byte 0xF0 stands where a space should.</summary>
    private static IEnumerable<JsonObject> Trec(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        var (coarse, fine) = (file.Labels["coarse_label"].ToList(), file.Labels["fine_label"].ToList());
        foreach (string? line in Lines(Encoding.Latin1.GetString([.. sources[0].Select(b => b == 0xF0 ? (byte)' ' : b)])).Select(l => l.Trim()))
        {
            var (label, text) = line.Split(' ', 2) is [var l, var t] ? (l, t) : throw new InvalidDataException($"'{line}' has no label");
            yield return new() { ["text"] = text, ["coarse_label"] = coarse.IndexOf(label.Split(':')[0]), ["fine_label"] = fine.IndexOf(label) };
        }
    }

    /// <summary>Label, two numbers, two sentences, with a header.</summary>
    private static IEnumerable<JsonObject> Mrpc(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        Lines(Utf8(sources[0])).Skip(1).Select(line => line.TrimEnd('\r').Split('\t')).Select((columns, i) =>
            new JsonObject { ["sentence1"] = columns[3], ["sentence2"] = columns[4], ["label"] = int.Parse(columns[0]), ["idx"] = i });

    /// <summary>Question, document and sentence with a header; with <c>answeredOnly</c> only questions that have an answer.</summary>
    private static IEnumerable<JsonObject> WikiQa(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        var rows = Lines(Utf8(sources[0])).Skip(1).Select(line => line.TrimEnd('\r').Split('\t')).ToList();
        var answered = rows.Where(c => c[6] == "1").Select(c => c[0]).ToHashSet();
        return rows
            .Where(c => file.Arguments["answeredOnly"] is null || answered.Contains(c[0]))
            .Select(c => new JsonObject { ["question_id"] = c[0], ["question"] = c[1], ["document_title"] = c[3], ["answer"] = c[5], ["label"] = int.Parse(c[6]) });
    }

    /// <summary>A file of texts and a file of labels, paired by line.</summary>
    private static IEnumerable<JsonObject> ParallelTextLabel(DatasetFile file, IReadOnlyList<byte[]> sources) =>
        Lines(Utf8(sources[0])).Zip(Lines(Utf8(sources[1])), (text, label) => new JsonObject { ["text"] = text.TrimEnd('\r'), ["label"] = int.Parse(label) });

    /// <summary>A file of concept sets ("dog_N#run_V") and a file of sentences; every so many sets.</summary>
    private static IEnumerable<JsonObject> CommonGen(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        var (set, last) = (-1, "");
        foreach (var (concepts, target) in Lines(Utf8(sources[0])).Zip(Lines(Utf8(sources[1]))))
        {
            if (set < 0 || concepts != last) (set, last) = (set + 1, concepts);
            if (set % Every(file) != 0 || target.Trim().Length == 0) continue;
            var names = concepts.Trim().Split('#').Select(c => c[..c.LastIndexOf('_')]);
            yield return new() { ["concept_set_idx"] = set, ["concepts"] = List(names), ["target"] = target.Trim() };
        }
    }

    /// <summary>Two parallel files in an archive; the first so many distinct pairs.</summary>
    private static IEnumerable<JsonObject> Gigaword(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        using var archive = new ZipArchive(new MemoryStream(sources[0]));
        string[] Entry(string argument)
        {
            string name = Text(file.Arguments[argument]);
            using var stream = (archive.GetEntry(name) ?? throw new InvalidDataException($"the archive has no {name}")).Open();
            return Lines(new StreamReader(stream, Encoding.UTF8).ReadToEnd());
        }
        return [.. Entry("document").Zip(Entry("summary")).Distinct().Take(file.Arguments["first"]!.GetValue<int>())
            .Select(pair => new JsonObject { ["document"] = pair.First, ["summary"] = pair.Second })];
    }

    /// <summary>Six lines a task: "activity: context", label, four endings; every so many tasks. The context is cut where its last fragment begins.</summary>
    private static IEnumerable<JsonObject> HellaswagText(DatasetFile file, IReadOnlyList<byte[]> sources)
    {
        using var unpacked = new MemoryStream();
        BZip2.Decompress(new MemoryStream(sources[0]), unpacked, isStreamOwner: false);
        return [.. Lines(Utf8(unpacked.ToArray())).Chunk(6).Index().Where(task => task.Index % Every(file) == 0).Select(task =>
        {
            var (activity, context) = task.Item[0].Split(": ", 2) is [var a, var c] ? (a, c) : throw new InvalidDataException($"'{task.Item[0]}' has no activity");
            int cut = context.LastIndexOfAny(['.', '!', '?'], context.Length - 2) is >= 0 and var stop && context[stop + 1] == ' ' ? stop : -1;
            string fragment = cut < 0 ? "" : context[(cut + 2)..];
            bool splits = fragment.Length > 0 && char.IsLower(fragment[0]) && fragment.IndexOfAny(['.', '!', '?']) < 0;
            return new JsonObject
            {
                ["ind"] = task.Index, ["activity_label"] = activity, ["ctx_a"] = splits ? context[..(cut + 1)] : context, ["ctx_b"] = splits ? fragment : "", ["ctx"] = context,
                ["endings"] = List(task.Item[2..6]), ["source_id"] = "", ["split"] = "val", ["split_type"] = "", ["label"] = task.Item[1],
            };
        })];
    }

    /// <summary>A novel without what Project Gutenberg put around it.</summary>
    private static byte[] Gutenberg(byte[] source)
    {
        string[] lines = Utf8(source).Replace("\r\n", "\n").Split('\n');
        int start = Array.FindIndex(lines, StartMark.IsMatch);
        int end = Array.FindIndex(lines, start + 1, EndMark.IsMatch);
        if (start < 0 || end < 0) throw new InvalidDataException("the marks of beginning and end are missing");
        string text = string.Join('\n', lines[(start + 1)..end]).Trim();
        string[] paragraph = text.Split("\n\n", 2);
        if (paragraph[0].StartsWith("Produced by", StringComparison.OrdinalIgnoreCase) || paragraph[0].StartsWith("Transcribed", StringComparison.OrdinalIgnoreCase)) text = paragraph[1].TrimStart();
        return Encoding.UTF8.GetBytes(text + "\n");
    }

    [GeneratedRegex("^\\*\\*\\* ?START OF .*PROJECT GUTENBERG EBOOK", RegexOptions.IgnoreCase)]
    private static partial Regex StartMark { get; }

    [GeneratedRegex("^(\\*\\*\\* ?END OF .*PROJECT GUTENBERG EBOOK|End of (the |this )?Project Gutenberg)", RegexOptions.IgnoreCase)]
    private static partial Regex EndMark { get; }
}
