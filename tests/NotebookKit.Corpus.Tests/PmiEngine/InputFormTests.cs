using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tests.Pmi;
using ZstdSharp;

namespace NotebookKit.Tests.PmiEngine;

/// <summary>What people feed it: byte order marks, odd JSON, Parquet of other writers, and files that hold no text.</summary>
public class InputFormTests
{
    private static readonly NgramCountOptions All = new() { MinCount = 1 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(".jsonl")]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    [InlineData(".ndjson")]
    [InlineData(".json.gz")]
    [InlineData("")]
    public void A_byte_order_mark_before_any_line_of_JSON_is_skipped(string ending)
    {
        // Two files with marks joined; the first had no last line feed, so that two objects share a line. The last line is a mark alone.
        byte[] first = Compress(Encoding.UTF8.GetBytes("\uFEFF{\"text\":\"a b\"}\n\uFEFF{\"text\":\"a b\"}"), ending), second = Compress(Encoding.UTF8.GetBytes("\uFEFF{\"text\":\"a b\"}\n \uFEFF\n"), ending);
        Assert.Equal(3, Count("corpus" + ending, [.. first, .. second]).Count("a b"));
    }

    [Theory]
    [InlineData("{\"text\":\"good line\"}\n{\"text\":\"cut \\ud83d here\"}", "cut here", 1)]
    [InlineData("{\"text\":\"cut \\ude00 here\"}", "cut here", 1)]
    [InlineData("{\"text\":\"cut \\ud83d\\ud83d\\ude00 here\"}", "cut 😀 here", 1)]
    [InlineData("{\"text\":\"cut \\ud83d\\u0041 here\"}", "cut a here", 1)]
    [InlineData("{\"score\":NaN,\"text\":\"a b\"}", "a b", 1)]
    [InlineData("{\"text\":\"NaN b\",\"x\":[Infinity,-Infinity,{\"y\":NaN}]}", "nan b", 3)]
    [InlineData("{\"text\":NaN}\n{\"text\":\"a b\"}", "a b", 1)]
    [InlineData("{\"text\":\"c d\",\"text\":\"a b\"}", "a b", 1)]
    [InlineData("{\"text\":5,\"text\":null,\"te\\u0078t\":\"a b\"}", "a b", 2)]
    public void Odd_JSON_is_replaced_and_counted_and_strict_reading_refuses_it_with_its_place(string lines, string ngram, int invalid)
    {
        NgramCounts counts = new CorpusCounter().Count([EngineText.File("odd.jsonl", lines)], All, out CountSummary summary, cancellation: Stop);
        Assert.Equal(1, counts.Count(ngram));
        Assert.Equal(0, counts.Count("c d"));
        Assert.Equal(invalid, summary.InvalidSequences);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EngineText.Count([EngineText.File("odd.jsonl", lines)], All, new() { Strict = true }));
        Assert.Contains("'odd.jsonl', the line at byte", e.Message);
    }

    [Fact]
    public void Strict_reading_of_sound_JSON_counts_and_names_the_line_of_bad_bytes()
    {
        byte[] good = [.. "{\"text\":\"\\u00e9t\\u00e9 \\ud83d\\ude00\",\"other\":1,\"other\":2}\n"u8];
        Assert.Equal(1, EngineText.Count([EngineText.File("good.jsonl", good)], All, new() { Strict = true }).Count("ete 😀"));
        byte[] bad = [.. good, .. "{\"text\":\"caf"u8, 0xE9, .. "\"}\n"u8];
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EngineText.Count([EngineText.File("bad.jsonl", bad)], All, new() { Strict = true }));
        Assert.Contains($"'bad.jsonl', the line at byte {good.Length}", e.Message);
    }

    [Theory]
    [InlineData("\"\\/\b\f\n\r\t\u0001\u007f", "Every escape")]
    [InlineData("é中\U0001F600\uFFFF", "and what needs none")]
    public void Escapes_mean_what_JSON_says(string characters, string more)
    {
        string document = $"x{characters}y {more}";
        string json = System.Text.Json.JsonSerializer.Serialize(new { text = document });
        Assert.Equal(EngineText.Describe(PmiText.Count([document], All)), EngineText.Describe(Count("corpus.jsonl", Encoding.UTF8.GetBytes(json))));
        Assert.Equal(1, Count("corpus.jsonl", "{\"text\": \"a\\/b \\u0000c\"}"u8.ToArray()).Count("c"));
    }

    [Theory]
    [InlineData("standard input", "{\"text\": \"a b\"}", true)]
    [InlineData("part-00000", " {\t\"text\": \"a b\"}", true)]
    [InlineData("part-00000", "{{text}} a b", false)]
    [InlineData("corpus.txt", "{\"text\": \"a b\"}", false)]
    public void What_has_no_known_ending_is_JSON_lines_when_it_begins_so(string name, string text, bool json)
    {
        NgramCounts counts = EngineText.Count([new(name, 0, () => new Unseekable(Encoding.UTF8.GetBytes(text)))], All, new() { Stripe = 16 });
        Assert.Equal(1, counts.Count("a b"));
        Assert.Equal(json ? 0 : 1, counts.Count("text"));
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void Compressed_standard_input_is_read(string ending)
    {
        byte[] bytes = Compress(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\": \"a b\"}\n", 5000))), ending);
        Assert.Equal(5000, EngineText.Count([new("standard input", 0, () => new Unseekable(bytes))], All, new()).Count("a b"));
    }

    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "a.txt", [.. "BZh91AY&SY"u8], "bzip2" },
        { "a.jsonl", [0xFD, .. "7zXZ"u8, 0, 1], "xz" },
        { "a", [.. "PK\x3\x4 and so on"u8], "ZIP" },
        { "a.txt", [0xFF, 0xFE, 97, 0], "UTF-16" },
        { "a.txt", [.. "%PDF-1.7"u8], "PDF" },
        { "a.arrow.txt", [.. "ARROW1\0\0"u8], "Arrow" },
        { "a.txt.gz", Compress([.. new byte[257], .. "ustar\0"u8], ".gz"), "tar archive" },
        { "a.json", [.. " [{\"text\": \"a\"}]"u8], "one JSON array" },
        { "a.parquet.gz", Compress([.. "PAR1"u8], ".gz"), "compressed Parquet" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_holds_no_text_as_it_is_is_refused_by_name(string name, byte[] bytes, string kind)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Count(name, bytes));
        Assert.Contains($"'{name}'", e.Message);
        Assert.Contains(kind, e.Message);
    }

    [Theory]
    [InlineData("a.bz2", "x")]
    [InlineData("a.tar", "x")]
    [InlineData("a.docx", "x")]
    [InlineData("a.txt", "%PDF-1.7")]
    public void What_holds_no_text_is_refused_before_the_work(string name, string text)
    {
        using TempPath folder = new();
        File.WriteAllText(Path.Combine(folder.Folder, "0.txt"), "fine");
        File.WriteAllText(Path.Combine(folder.Folder, name), text);
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => CorpusFile.Find([folder.Folder])).Message);
    }

    [Fact]
    public void A_text_column_of_Parquet_counts_as_the_same_lines_do_in_stripes_and_shares()
    {
        using TempPath file = new("corpus.parquet");
        Sql($"COPY (SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'w' || (i % 5) || ' x' || chr(10) || 'é中 z' || (i % 3) END AS text FROM range(3000) AS r(i)) TO '{file.Path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        string[] documents = [.. Enumerable.Range(0, 3000).Where(i => i % 7 != 0).Select(i => $"w{i % 5} x\né中 z{i % 3}")];
        string expected = EngineText.Describe(PmiText.Count(documents, All));
        Assert.Equal(expected, EngineText.Describe(EngineText.Count(CorpusFile.Find([file.Path]), All, new() { Threads = 2, Stripe = 500 })));
        long words = 0;
        for (int i = 1; i <= 3; i++)
        {
            new CorpusCounter(new() { Stripe = 500, Shard = new(i, 3) }).Count(CorpusFile.Find([file.Path]), All, out CountSummary summary, cancellation: Stop);
            words += summary.Words;
        }
        Assert.Equal(documents.Length * 4, words - documents.Length);
    }

    [Theory]
    [InlineData("5 AS text", "holds Int32; it must hold text")]
    [InlineData("['a', 'b'] AS text", "holds a list")]
    [InlineData("{'a': 'b'} AS text", "holds a struct")]
    [InlineData("'a'::BLOB AS text", "bytes that are not marked as text")]
    [InlineData("'a' AS body", "no column 'text', only body")]
    public void A_Parquet_file_without_the_text_is_named_with_what_it_has(string select, string fault)
    {
        using TempPath file = new("corpus.parquet");
        Sql($"COPY (SELECT {select}) TO '{file.Path}' (FORMAT parquet)");
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EngineText.Count(CorpusFile.Find([file.Path]), All, new()));
        Assert.Contains($"'{file.Path}'", e.Message);
        Assert.Contains(fault, e.Message);
    }

    [Fact]
    public void Another_column_is_read_by_name_and_damage_is_told()
    {
        using TempPath file = new("corpus.parquet");
        Sql($"COPY (SELECT 'a b' AS body) TO '{file.Path}' (FORMAT parquet)");
        Assert.Equal(1, EngineText.Count(CorpusFile.Find([file.Path]), All, new() { JsonField = "body" }).Count("a b"));
        File.WriteAllBytes(file.Path, File.ReadAllBytes(file.Path)[..^20]);
        Assert.Contains("no Parquet file, or an unfinished one", Assert.Throws<InvalidDataException>(() => EngineText.Count(CorpusFile.Find([file.Path]), All, new() { JsonField = "body" })).Message);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("count")]
    public void A_part_whose_column_has_a_wrong_type_is_named_in_one_sentence(string column)
    {
        using TempPath file = new("part.parquet");
        string[] columns = [.. new[] { ("n", "1"), ("ngram", "'a'"), ("count", "3") }.Select(c => c.Item1 == column ? $"{c.Item2}::DOUBLE AS {c.Item1}" : $"{c.Item2} AS {c.Item1}")];
        Sql($"COPY (SELECT {string.Join(", ", columns)}) TO '{file.Path}' (FORMAT parquet)");
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CountPart.Merge([file.Path], 1, new(), out _, cancellation: Stop));
        Assert.Equal($"'{file.Path}': the column '{column}' holds Double; it must hold whole numbers of 32 or 64 bits (in SQL: CAST({column} AS BIGINT)).", e.Message);
    }

    [Fact]
    public void A_vocabulary_that_DuckDB_filtered_reads_as_the_same_entries()
    {
        using TempPath list = new("list.parquet");
        RankedNgrams.Rank(EngineText.Count([EngineText.File("a.txt", "a b c a b c, d e d e")], All, new()), NgramScore.Pmi, new() { Size = 20 }).Write(list.Path, Stop);
        string filtered = Path.Combine(list.Folder, "filtered.parquet");
        Sql($"COPY (SELECT * FROM '{list.Path}' WHERE n = 2 ORDER BY rank) TO '{filtered}' (FORMAT parquet)");
        MaskingEntry[] expected = [.. RankedNgrams.Read(list.Path).Entries.Where(entry => entry.Length == 2)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, RankedNgrams.Read(filtered).Entries);
    }

    [Theory]
    [InlineData("2 AS n, 'a b' AS ngram, 5 AS count, 'x' AS score", "column 'score' holds text")]
    [InlineData("2 AS n, 7 AS ngram, 5 AS count, 1.5::DOUBLE AS score", "column 'ngram' holds Int32")]
    [InlineData("2 AS n, 'a b' AS ngram, NULL::BIGINT AS count, 1.5::DOUBLE AS score", "'count' has a row without a value")]
    [InlineData("2 AS n, 'a b' AS ngram, 5 AS count, 'nan'::DOUBLE AS score", "no finite number")]
    [InlineData("3 AS n, 'a b' AS ngram, 5 AS count, 1.5::DOUBLE AS score", "no n-gram of 3 words")]
    public void A_Parquet_vocabulary_with_odd_columns_is_named(string select, string fault)
    {
        using TempPath list = new("list.parquet");
        Sql($"COPY (SELECT {select}) TO '{list.Path}' (FORMAT parquet)");
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => RankedNgrams.Read(list.Path));
        Assert.Contains(list.Path, e.Message);
        Assert.Contains(fault, e.Message);
    }

    [Fact]
    public void A_score_that_is_no_number_is_not_written()
    {
        using TempPath list = new("list.tsv");
        Assert.Contains("'a b'", Assert.Throws<ArgumentException>(() => MaskingVocabularyFile.Save(new([new("a b", 2, 3, double.NaN)]), list.Path)).Message);
        Assert.Empty(list.Files);
    }

    private static NgramCounts Count(string name, byte[] bytes) => EngineText.Count([EngineText.File(name, bytes)], All, new() { Threads = 2 });

    private static void Sql(string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static byte[] Compress(byte[] bytes, string ending)
    {
        using MemoryStream target = new();
        using (Stream stream = ending.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)
            : ending.EndsWith(".zst", StringComparison.Ordinal) ? new CompressionStream(target, leaveOpen: true) : target)
        {
            stream.Write(bytes);
        }
        return target.ToArray();
    }

    /// <summary>A stream as a pipe is: it gives a few bytes at a time and cannot go back.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
    }
}
