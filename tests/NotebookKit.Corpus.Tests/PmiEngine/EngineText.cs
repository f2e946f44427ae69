using System.Text;
using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.PmiEngine;

/// <summary>Corpora as files in memory, and lists as text, so that runs can be compared byte for byte.</summary>
internal static class EngineText
{
    internal static CorpusFile File(string name, byte[] bytes) => new(name, bytes.Length, () => new MemoryStream(bytes, writable: false));

    internal static CorpusFile File(string name, string text) => File(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Limits so small that a few hundred words cross every stripe, cut every line and spill everything.</summary>
    internal static EngineOptions Tiny(int threads, int stripe = 16) => new() { Threads = threads, Stripe = stripe, StreamMemory = 64, PairMemory = 64, PairChunkWords = 4 };

    internal static NgramCounts Count(IReadOnlyList<CorpusFile> files, NgramCountOptions options, EngineOptions engine) =>
        new CorpusCounter(engine).Count(files, options, out _, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Every n-gram with its count, and the totals: what two counters must agree on, whatever their numbering.</summary>
    internal static string Describe(NgramCounts counts)
    {
        StringBuilder text = new();
        for (int n = 1; n <= counts.MaxLength; n++)
        {
            text.Append(n).Append(": ").Append(counts.Total(n)).Append('\n');
            foreach (string line in Enumerable.Range(0, counts.Level(n).Kept).Select(id => $"{counts.TextOf(n, id)}\t{counts.Level(n).Counts[id]}\n").Order(StringComparer.Ordinal))
                text.Append(line);
        }
        return text.ToString();
    }

    /// <summary>The list as the readable kernels write it.</summary>
    internal static string ReadableList(NgramCounts counts, NgramScore score, VocabularyQuota quota)
    {
        using TempPath path = new("readable.tsv");
        MaskingVocabularyFile.Save(MaskingVocabulary.Build(counts, score, quota), path.Path);
        return System.IO.File.ReadAllText(path.Path);
    }

    /// <summary>The list as the engine writes it.</summary>
    internal static string EngineList(NgramCounts counts, NgramScore score, VocabularyQuota quota)
    {
        using TempPath path = new("engine.tsv");
        RankedNgrams.Rank(counts, score, quota).Write(path.Path);
        return System.IO.File.ReadAllText(path.Path);
    }
}

/// <summary>A path in a new folder, which is removed at the end.</summary>
internal sealed class TempPath : IDisposable
{
    public TempPath(string name = "") => Path = System.IO.Path.Combine(Folder, name);

    public string Folder { get; } = Directory.CreateTempSubdirectory("nbk-test-").FullName;

    public string Path { get; }

    public string[] Files => [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
