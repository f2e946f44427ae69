using CsCheck;
using DuckDB.NET.Data;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tests.Pmi;

namespace NotebookKit.Tests.PmiEngine;

public class CountPartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Merged_shares_equal_one_count_of_the_whole() =>
        Gen.Select(Gen.Char["abc ,\n"].Array[0, 300].Select(letters => new string(letters)), Gen.Char["ab \n"].Array[0, 100].Select(letters => new string(letters)), Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 3])
            .Sample((first, second, shares, minCount, threads) =>
            {
                using TempPath folder = new();
                CorpusFile[] files = [EngineText.File("first.txt", first), EngineText.File("second.txt", second)];
                NgramCountOptions options = new() { MinCount = minCount };
                string[] parts = [.. Enumerable.Range(1, shares).Select(i => Path.Combine(folder.Folder, $"part{i}.parquet"))];
                for (int i = 0; i < shares; i++)
                    CountPart.Write(files, parts[i], options, EngineText.Tiny(threads) with { Shard = new(i + 1, shares), BatchLimit = 20 }, cancellation: Stop);
                NgramCounts merged = CountPart.Merge(parts, minCount, EngineText.Tiny(threads), out CountSummary summary, cancellation: Stop);
                NgramCounts whole = EngineText.Count(files, options, new() { Threads = threads });
                // A corpus without any word has no row that says how long n-grams may be.
                if (whole.Total(1) == 0) return;
                NgramCounts longest = EngineText.Count(files, options with { MaxLength = merged.MaxLength }, new());
                Assert.Equal(EngineText.Describe(longest), EngineText.Describe(merged));
                Assert.Equal(whole.Total(1), summary.Words);
                for (int n = merged.MaxLength + 1; n <= whole.MaxLength; n++) Assert.Equal(0, whole.Total(n));
            }, iter: 25, threads: 1);

    [Fact]
    public void Merged_parts_of_a_novel_give_the_list_of_one_run_byte_for_byte()
    {
        using TempPath folder = new();
        CorpusFile[] novel = [EngineText.File("novel.txt", string.Join('\n', PmiText.Novel("Frankenstein.txt")))];
        string[] parts = [.. Enumerable.Range(1, 3).Select(i => Path.Combine(folder.Folder, $"part{i}.parquet"))];
        for (int i = 0; i < 3; i++) CountPart.Write(novel, parts[i], new(), new() { Stripe = 1 << 12, Shard = new(i + 1, 3) }, cancellation: Stop);
        VocabularyQuota quota = new() { Size = 2000 };
        string expected = EngineText.EngineList(EngineText.Count(novel, new() { MinCount = 3 }, new()), NgramScore.Pmi, quota);
        Assert.Equal(expected, EngineText.EngineList(CountPart.Merge(parts, 3, new(), out _, cancellation: Stop), NgramScore.Pmi, quota));
    }

    [Fact]
    public void The_documented_query_sums_parts_in_DuckDB_and_its_result_merges_as_a_part()
    {
        using TempPath folder = new();
        CorpusFile[] files = [EngineText.File("text.txt", string.Join('\n', PmiText.Ours))];
        for (int i = 1; i <= 2; i++)
            CountPart.Write(files, Path.Combine(folder.Folder, $"part{i}.parquet"), new(), new() { Stripe = 64, Shard = new(i, 2), BatchLimit = 30 }, cancellation: Stop);
        string summed = Path.Combine(folder.Folder, "summed.parquet");
        Query($"COPY (SELECT n, ngram, CAST(sum(count) AS BIGINT) AS count FROM read_parquet('{folder.Folder}/part*.parquet') GROUP BY n, ngram) TO '{summed}' (FORMAT parquet)");
        Assert.Equal(
            EngineText.Describe(EngineText.Count(files, new() { MinCount = 2 }, new())),
            EngineText.Describe(CountPart.Merge([summed], 2, new(), out _, cancellation: Stop)));
    }

    [Fact]
    public void Shares_hold_every_document_once()
    {
        string text = string.Concat(Enumerable.Range(0, 500).Select(i => $"document number {i}\n"));
        long words = 0;
        for (int i = 1; i <= 7; i++)
        {
            new CorpusCounter(new() { Stripe = 100, Shard = new(i, 7) }).Count([EngineText.File("text.txt", text)], new(), out CountSummary summary, cancellation: Stop);
            Assert.InRange(summary.Words, 150, 300);
            words += summary.Words;
        }
        Assert.Equal(1500, words);
    }

    [Fact]
    public void Parts_counted_differently_are_refused()
    {
        using TempPath folder = new();
        CorpusFile[] files = [EngineText.File("text.txt", "a b c")];
        string lower = Path.Combine(folder.Folder, "lower.parquet"), cased = Path.Combine(folder.Folder, "cased.parquet");
        CountPart.Write(files, lower, new(), new(), cancellation: Stop);
        CountPart.Write(files, cased, new() { Lowercase = false }, new(), cancellation: Stop);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CountPart.Merge([lower, cased], 1, new(), out _, cancellation: Stop));
        Assert.Contains("lower.parquet", e.Message);
        Assert.Contains("cased.parquet", e.Message);
    }

    [Fact]
    public async Task Files_that_are_no_parts_are_named()
    {
        using TempPath folder = new();
        string text = Path.Combine(folder.Folder, "text.parquet"), other = Path.Combine(folder.Folder, "other.parquet"), wrong = Path.Combine(folder.Folder, "wrong.parquet");
        await File.WriteAllTextAsync(text, "no parquet at all, but long enough", Stop);
        Query($"COPY (SELECT 1 AS n, 'a' AS word) TO '{other}' (FORMAT parquet)");
        Query($"COPY (SELECT 2 AS n, 'a' AS ngram, 5 AS count) TO '{wrong}' (FORMAT parquet)");
        foreach ((string part, string fault) in new[] { (text, "no Parquet file"), (other, "no column 'ngram'"), (wrong, "fewer than 2 words") })
        {
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => CountPart.Merge([part], 1, new(), out _, cancellation: Stop));
            Assert.Contains(part, e.Message);
            Assert.Contains(fault, e.Message);
        }
    }

    [Theory]
    [InlineData("\U0001F600", 2L)]
    [InlineData("\uFF01", 1L)]
    [InlineData("a \U0001F600", 2L)]
    public void A_query_finds_an_ngram_above_the_basic_plane_in_a_part_and_in_a_list(string ngram, long count)
    {
        using TempPath folder = new();
        CorpusFile[] files = [EngineText.File("text.txt", "a \U0001F600 b \uFF01 a \U0001F600")];
        string part = Path.Combine(folder.Folder, "part.parquet"), list = Path.Combine(folder.Folder, "list.parquet");
        NgramCountOptions options = new() { MinCount = 1, Punctuation = PunctuationRule.Word };
        CountPart.Write(files, part, options, new(), cancellation: Stop);
        Assert.Equal(count, Query($"SELECT CAST(sum(count) AS BIGINT) FROM '{part}' WHERE ngram = '{ngram}'"));
        CorpusRanking.Rank(EngineText.Count(files, options, new()), NgramScore.Pmi, new() { Size = 100 }).Write(list, Stop);
        Assert.Equal(1L, Query($"SELECT count(*) FROM '{list}' WHERE ngram = 'a \U0001F600'"));
    }

    private static object? Query(string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
