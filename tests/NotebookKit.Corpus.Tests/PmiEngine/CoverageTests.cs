using CsCheck;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.PmiEngine;

public class CoverageTests
{
    [Fact]
    public void Coverage_is_that_of_brute_force_for_every_size() =>
        Gen.Select(Gen.Char["abc ,"].Array[0, 120].Select(letters => new string(letters)).Array[1, 3], Gen.Int[1, 3], Gen.Bool)
            .Sample((lines, threads, tiny) =>
            {
                NgramCountOptions options = new() { MinCount = 2 };
                CorpusFile[] files = [EngineText.File("corpus.txt", string.Join('\n', lines))];
                EngineOptions engine = tiny ? EngineText.Tiny(threads) : new() { Threads = threads };
                MaskingVocabulary vocabulary = MaskingVocabulary.Build(EngineText.Count(files, options, engine), NgramScore.Pmi, new() { Size = 20 });
                Coverage coverage = Coverage.Of(files, vocabulary, options, engine, cancellation: TestContext.Current.CancellationToken);
                for (int size = 0; size <= vocabulary.Count; size++)
                    Assert.Equal(BruteForce(lines, [.. vocabulary.Entries.Take(size).Select(entry => entry.Ngram)]), coverage.Share(size), 12);
            }, iter: 60);

    [Theory]
    [InlineData("list.txt")]
    [InlineData("list.tsv")]
    [InlineData("list.parquet")]
    public void A_list_read_back_is_the_list_that_was_written(string name)
    {
        using TempPath list = new(name);
        NgramCounts counts = EngineText.Count([EngineText.File("corpus.txt", "a b c é a b c a b")], new() { MinCount = 1 }, new());
        RankedNgrams ranked = RankedNgrams.Rank(counts, NgramScore.Pmi, new());
        ranked.Write(list.Path, TestContext.Current.CancellationToken);
        MaskingEntry[] expected = [.. Enumerable.Range(0, ranked.Count).Select(rank => ranked[rank])];
        Assert.Equal(name == "list.txt" ? [.. expected.Select(entry => entry with { Count = null, Score = null })] : expected, RankedNgrams.Read(list.Path).Entries);
    }

    private static double BruteForce(string[] lines, HashSet<string> entries)
    {
        int words = 0, covered = 0;
        foreach (string line in lines)
        {
            string[] tokens = [.. new BasicTokenizer().Tokenize(line)];
            bool[] inside = new bool[tokens.Length];
            for (int start = 0; start < tokens.Length; start++)
                for (int end = start + 2; end <= tokens.Length && end <= start + 5; end++)
                    if (entries.Contains(string.Join(' ', tokens[start..end]))) inside.AsSpan(start, end - start).Fill(true);
            words += tokens.Count(token => !BasicTokenizer.IsPunctuation(token));
            covered += inside.Count(place => place);
        }
        return words == 0 ? 0 : covered / (double)words;
    }
}
