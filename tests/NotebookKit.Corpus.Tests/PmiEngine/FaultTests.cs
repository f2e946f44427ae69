using System.IO.Compression;
using System.Text;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tests.Pmi;
using ZstdSharp;

namespace NotebookKit.Tests.PmiEngine;

public class FaultTests
{
    private static readonly NgramCountOptions All = new() { MinCount = 1 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Enough text to spill, and hard to compress.</summary>
    private static string ManyWords(int words) => string.Join(' ', Enumerable.Range(0, words).Select(i => $"w{(uint)(i * 2654435761u) % 5000}{(i % 20 == 0 ? "\n" : "")}"));

    [Theory]
    [InlineData(".txt")]
    [InlineData(".txt.gz")]
    [InlineData(".txt.zst")]
    [InlineData(".jsonl")]
    [InlineData(".jsonl.gz")]
    public void Every_form_of_a_file_holds_the_same_documents(string ending)
    {
        string[] documents = [.. PmiText.Ours, "a \"quoted\" line\\with tabs\t and é 中", "two\nlines of one document"];
        byte[] bytes = Encoding.UTF8.GetBytes(ending.StartsWith(".jsonl", StringComparison.Ordinal)
            ? string.Concat(documents.Select((text, i) => $"{{\"id\": {i}, \"nested\": {{\"text\": 1}}, \"text\": {System.Text.Json.JsonSerializer.Serialize(text)}, \"last\": null}}\n"))
            : string.Join('\n', documents.Select(text => text.Replace('\n', ' '))));
        NgramCounts counts = EngineText.Count([EngineText.File("corpus" + ending, Compress(bytes, ending))], All, new() { Threads = 2, Stripe = 64 });
        Assert.Equal(EngineText.Describe(PmiText.Count(documents, All)), EngineText.Describe(counts));
    }

    [Fact]
    public void Lines_may_end_with_carriage_return_and_line_feed() => Assert.Equal(
        EngineText.Describe(EngineText.Count([EngineText.File("lf.txt", "a b\nc d\n\ne")], All, new())),
        EngineText.Describe(EngineText.Count([EngineText.File("crlf.txt", "a b\r\nc d\r\n\r\ne\r\n")], All, new())));

    [Fact]
    public void Empty_files_and_one_word_documents_count()
    {
        NgramCounts counts = EngineText.Count([EngineText.File("empty.txt", ""), EngineText.File("feeds.txt", "\n\n\n"), EngineText.File("word.txt", "word")], All, new() { Threads = 2 });
        Assert.Equal([1L, 0, 0, 0, 0], Enumerable.Range(1, 5).Select(counts.Total));
        Assert.Equal(1, counts.Count("word"));
    }

    [Fact]
    public void Invalid_UTF8_is_replaced_and_counted_every_time()
    {
        byte[] bytes = [.. "caf"u8, 0xE9, .. " a\ncaf"u8, 0xE9, .. " \xC3\n"u8];
        NgramCounts counts = new CorpusCounter().Count([EngineText.File("latin1.txt", bytes)], All, out CountSummary summary, cancellation: Stop);
        Assert.Equal(2, counts.Count("caf"));
        Assert.Equal(2, summary.InvalidSequences);
    }

    [Fact]
    public void Strict_reading_refuses_invalid_UTF8_and_names_the_place()
    {
        byte[] bytes = [.. "fine\ncaf"u8, 0xE9, .. " a\n"u8];
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EngineText.Count([EngineText.File("latin1.txt", bytes)], All, new() { Strict = true }));
        Assert.Contains("'latin1.txt', byte 8", e.Message);
        Assert.Contains("0xE9", e.Message);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void A_truncated_file_is_named(string ending)
    {
        byte[] whole = Compress(Encoding.UTF8.GetBytes(ManyWords(50_000)), ending);
        foreach (int length in new[] { whole.Length - 1, whole.Length - 9, whole.Length / 2, 3 })
        {
            IOException e = Assert.Throws<IOException>(() => EngineText.Count([EngineText.File($"corpus.txt{ending}", whole[..length])], All, new() { Threads = 2 }));
            Assert.Contains($"corpus.txt{ending}", e.Message);
            Assert.Contains("truncated", e.Message);
        }
    }

    [Fact]
    public void A_file_of_a_folder_that_cannot_be_read_is_named_before_the_work()
    {
        using TempPath folder = new();
        File.WriteAllText(Path.Combine(folder.Folder, "a.txt"), "a");
        File.CreateSymbolicLink(Path.Combine(folder.Folder, "gone.txt"), Path.Combine(folder.Folder, "nowhere.txt"));
        IOException e = Assert.Throws<IOException>(() => CorpusFile.Find([folder.Folder]));
        Assert.Contains("gone.txt", e.Message);
        Assert.Contains("Nothing was counted", e.Message);
    }

    [Fact]
    public void Folders_and_patterns_are_searched_in_one_order_and_name_no_file_twice()
    {
        using TempPath folder = new();
        foreach (string name in new[] { "b.txt", "a.txt", "deep/er/c.txt", "deep/d.jsonl", ".hidden/e.txt", ".f.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Folder, name))!);
            File.WriteAllText(Path.Combine(folder.Folder, name), name);
        }
        Assert.Equal(["a.txt", "b.txt", "deep/d.jsonl", "deep/er/c.txt"], Names(folder.Folder));
        Assert.Equal(["a.txt", "b.txt"], Names($"{folder.Folder}/*.txt", $"{folder.Folder}/a.txt"));
        Assert.Equal(["a.txt", "b.txt", "deep/er/c.txt"], Names($"{folder.Folder}/**/*.txt"));
        Assert.Throws<FileNotFoundException>(() => Names($"{folder.Folder}/*.xml"));
        Assert.Throws<IOException>(() => Names($"{folder.Folder}/missing.txt"));

        string[] Names(params string[] paths) => [.. CorpusFile.Find(paths).Select(file => Path.GetRelativePath(folder.Folder, file.Name).Replace('\\', '/'))];
    }

    [Theory]
    [InlineData("{\"body\": \"a\"}", "no field 'text'")]
    [InlineData("{\"text\": 5}", "is no text")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("{\"text\": \"a", "line at byte 15")]
    public void A_line_of_JSON_without_its_text_is_named(string line, string fault)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EngineText.Count([EngineText.File("corpus.jsonl", $"{{\"text\": \"ok\"}}\n{line}\n")], All, new()));
        Assert.Contains("'corpus.jsonl', the line at byte 15", e.Message);
        Assert.Contains(fault, e.Message);
    }

    [Fact]
    public void A_full_temporary_disk_ends_with_a_clear_error_and_leaves_nothing_behind()
    {
        using TempPath temp = new();
        EngineOptions engine = EngineText.Tiny(2, 1 << 10) with { TempFolder = temp.Folder, TempLimit = 20_000 };
        IOException e = Assert.Throws<IOException>(() => EngineText.Count([EngineText.File("corpus.txt", ManyWords(20_000))], All, engine));
        Assert.Contains(temp.Folder, e.Message);
        Assert.Contains("another folder for temporary files", e.Message);
        Assert.Empty(temp.Files);
    }

    [Fact]
    public void A_temporary_folder_that_does_not_exist_and_cannot_be_made_is_named()
    {
        using TempPath file = new("file");
        File.WriteAllText(file.Path, "");
        EngineOptions engine = EngineText.Tiny(1) with { TempFolder = file.Path };
        Assert.Contains(file.Path, Assert.Throws<IOException>(() => EngineText.Count([EngineText.File("corpus.txt", ManyWords(1000))], All, engine)).Message);
    }

    [Fact]
    public void Temporary_files_have_no_name_while_they_are_used_and_are_gone_when_the_count_is_stopped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are seen in /proc, which only Linux has.");
        using TempPath temp = new();
        using CancellationTokenSource stop = new();
        EngineOptions engine = EngineText.Tiny(2, 1 << 10) with { TempFolder = temp.Folder };
        bool existed = false;
        string[] named = [];
        Progress progress = new(report =>
        {
            if (report.Stage != "counting 3-grams") return;
            existed = OpenFiles().Any(file => file.StartsWith(temp.Folder, StringComparison.Ordinal));
            // What a kill would leave at this moment.
            named = temp.Files;
            stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => new CorpusCounter(engine).Count([EngineText.File("corpus.txt", ManyWords(20_000))], All, out _, progress, stop.Token));
        Assert.True(existed);
        Assert.Empty(named);
        Assert.Empty(temp.Files);
        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(temp.Folder, StringComparison.Ordinal));

        static string[] OpenFiles() => [.. Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "")];
    }

    [Theory]
    [InlineData("list.txt")]
    [InlineData("list.tsv")]
    [InlineData("list.parquet")]
    public void A_list_that_cannot_be_finished_leaves_the_old_one_as_it_was(string name)
    {
        using TempPath list = new(name);
        File.WriteAllText(list.Path, "old");
        NgramCounts counts = EngineText.Count([EngineText.File("corpus.txt", "a b a b a b")], All, new());
        RankedNgrams ranked = RankedNgrams.Rank(counts, NgramScore.Pmi, new());
        Assert.ThrowsAny<OperationCanceledException>(() => ranked.Write(list.Path, new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(list.Path));
        Assert.Equal([list.Path], list.Files);
        ranked.Write(list.Path, Stop);
        Assert.NotEqual("old", File.ReadAllText(list.Path));
        Assert.Equal([list.Path], list.Files);
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_as_it_was()
    {
        using TempPath file = new("file");
        File.WriteAllText(file.Path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(file.Path, stream =>
        {
            stream.Write("new, but"u8);
            stream.Flush();
            throw new IOException("No space left on device.");
        }));
        Assert.Equal("old", File.ReadAllText(file.Path));
        Assert.Equal([file.Path], file.Files);
    }

    private static byte[] Compress(byte[] bytes, string ending)
    {
        using MemoryStream target = new();
        if (ending.EndsWith(".gz", StringComparison.Ordinal))
        {
            using GZipStream gzip = new(target, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(bytes);
        }
        else if (ending.EndsWith(".zst", StringComparison.Ordinal))
        {
            using CompressionStream zstd = new(target, leaveOpen: true);
            zstd.Write(bytes);
        }
        else
        {
            target.Write(bytes);
        }
        return target.ToArray();
    }
}
