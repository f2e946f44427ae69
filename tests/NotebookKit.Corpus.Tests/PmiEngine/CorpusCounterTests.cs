using CsCheck;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tests.Pmi;

namespace NotebookKit.Tests.PmiEngine;

public class CorpusCounterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Letters whose words, gaps, accents, ideographs and control characters meet in every order.</summary>
    private static readonly string[] Parts =
        ["a", "b", "c", " ", " ", ",", "B", "é", "É", "中", "\u0001", "\u0301", "ß", "—", "\t", "\r", "abcdefghijklmnop", "abcdefghijklmno", "Abcdefghijklmnopq", "\U0001F600", "0", "_",
        "=", "\u0338", "한", "\u1112", "\u1161", "\u11ab", "\u09c7", "\u09be", "\u0323", "\uf900"];

    private static readonly Gen<string> Line = Gen.Int[0, Parts.Length - 1].Select(part => Parts[part]).Array[0, 30].Select(parts => string.Concat(parts));

    [Theory]
    [InlineData(1, PunctuationRule.Boundary)]
    [InlineData(2, PunctuationRule.Word)]
    public void Counts_of_strings_are_those_of_the_readable_counter(int minCount, PunctuationRule punctuation)
    {
        NgramCountOptions options = new() { MinCount = minCount, Punctuation = punctuation };
        Assert.Equal(EngineText.Describe(PmiText.Count(PmiText.Ours, options)), EngineText.Describe(new CorpusCounter().Count(PmiText.Ours, options, cancellation: Stop)));
    }

    [Fact]
    public void Random_corpora_count_as_by_the_readable_counter_for_any_threads_memory_and_cuts() =>
        Gen.Select(Line.Array[0, 8], Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[4, 40], Gen.Bool, Gen.Bool)
            .Sample((lines, minCount, maxLength, threads, stripe, lowercase, punctuationIsWord) =>
            {
                NgramCountOptions options = new()
                {
                    MinCount = minCount,
                    MaxLength = maxLength,
                    Lowercase = lowercase,
                    Punctuation = punctuationIsWord ? PunctuationRule.Word : PunctuationRule.Boundary,
                };
                string expected = EngineText.Describe(PmiText.Count(lines, options));
                CorpusFile file = EngineText.File("corpus.txt", string.Join('\n', lines));
                Assert.Equal(expected, EngineText.Describe(EngineText.Count([file], options, EngineText.Tiny(threads, stripe))));
                Assert.Equal(expected, EngineText.Describe(EngineText.Count([file], options, new() { Threads = threads })));
            }, iter: 400);

    [Fact]
    public void Long_repeats_of_a_tiny_alphabet_spill_and_still_count_exactly() =>
        Gen.Select(Gen.Char["ab "].Array[0, 4000].Select(letters => new string(letters)).Array[1, 3], Gen.Int[1, 3])
            .Sample((lines, threads) =>
            {
                NgramCountOptions options = new() { MinCount = 2 };
                Assert.Equal(
                    EngineText.Describe(PmiText.Count(lines, options)),
                    EngineText.Describe(EngineText.Count([EngineText.File("corpus.txt", string.Join('\n', lines))], options, EngineText.Tiny(threads))));
            }, iter: 30);

    [Fact]
    public void Spilling_happens_under_a_small_limit()
    {
        string[] lines = [.. Enumerable.Range(0, 2000).Select(i => $"w{i % 50} w{i % 7} w{i % 3} x y z")];
        _ = new CorpusCounter(EngineText.Tiny(2)).Count([EngineText.File("corpus.txt", string.Join('\n', lines))], new() { MinCount = 1 }, out CountSummary summary, cancellation: Stop);
        Assert.True(summary.SpilledBytes > 100_000, $"{summary.SpilledBytes} bytes were spilled.");
    }

    [Theory]
    [InlineData(NgramScore.Pmi)]
    [InlineData(NgramScore.PmiSquared)]
    [InlineData(NgramScore.Naive)]
    [InlineData(NgramScore.Frequency)]
    public void List_of_a_novel_equals_the_readable_list_byte_for_byte(NgramScore score)
    {
        string[] novel = PmiText.Novel("Frankenstein.txt");
        NgramCountOptions options = new() { MinCount = 3 };
        VocabularyQuota quota = new() { Size = 3000 };
        string expected = EngineText.ReadableList(PmiText.Count(novel, options), score, quota);
        string text = string.Join('\n', novel.Select(paragraph => paragraph.Replace('\n', ' ')));
        Assert.True(expected.Length > 50_000);
        foreach (EngineOptions engine in new[] { new() { Threads = 1 }, new() { Threads = 2 }, EngineText.Tiny(2, 1 << 12) })
            Assert.Equal(expected, EngineText.EngineList(EngineText.Count([EngineText.File("novel.txt", text)], options, engine), score, quota));
    }

    [Fact]
    public void Lists_of_random_corpora_equal_the_readable_lists_byte_for_byte_ties_included() =>
        Gen.Select(Gen.Char["abcé ,"].Array[0, 200].Select(letters => new string(letters)).Array[1, 4], Gen.Int[1, 3], Gen.Int[0, 60], Gen.Enum<NgramScore>())
            .Sample((lines, minCount, size, score) =>
            {
                NgramCountOptions options = new() { MinCount = minCount };
                VocabularyQuota quota = new() { Size = size };
                Assert.Equal(
                    EngineText.ReadableList(PmiText.Count(lines, options), score, quota),
                    EngineText.EngineList(new CorpusCounter(new() { Threads = 2 }).Count(lines, options, cancellation: Stop), score, quota));
            }, iter: 100);

    [Fact]
    public void Ids_are_in_the_order_of_the_bytes()
    {
        NgramCounts counts = new CorpusCounter().Count(["ab a abc z é 中 a b a", "a ab a", "\U0001F600 \uFF41 a"], new() { MinCount = 1, MaxLength = 3 }, cancellation: Stop);
        for (int n = 1; n <= 3; n++)
        {
            string[] texts = [.. Enumerable.Range(0, counts.Level(n).Kept).Select(id => counts.TextOf(n, id))];
            Assert.Equal(texts.Order(Comparer<string>.Create((a, b) => NgramOrder.CompareCodePoints(a, b))), texts);
        }
    }

    [Fact]
    public void A_line_of_many_pieces_keeps_its_ngrams_across_the_cuts()
    {
        // Twenty stripes without a line feed; then the same words as one string.
        string line = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"w{i * i % 17}"));
        NgramCountOptions options = new() { MinCount = 1 };
        Assert.Equal(
            EngineText.Describe(PmiText.Count([line], options)),
            EngineText.Describe(EngineText.Count([EngineText.File("long.txt", line)], options, EngineText.Tiny(2, 512))));
    }

    [Fact]
    public void A_token_of_a_megabyte_is_one_word()
    {
        string token = new('x', 1 << 20);
        NgramCounts counts = EngineText.Count([EngineText.File("token.txt", $"a {token} b\na {token} b")], new() { MinCount = 2 }, new() { Threads = 2, Stripe = 1 << 14 });
        Assert.Equal(2, counts.Count($"a {token} b"));
        Assert.Equal(6, counts.Total(1));
    }

    [Fact]
    public void Word_pieces_are_counted_where_a_vocabulary_is_given()
    {
        using TempPath vocabulary = new("vocab.txt");
        File.WriteAllLines(vocabulary.Path, ["[UNK]", "kuala", "lu", "##mp", "##ur", "is", "far"]);
        NgramCounts counts = EngineText.Count(
            [EngineText.File("text.txt", "Kuala Lumpur is far. Kuala qqq lumpur\nKuala Lumpur")], new() { MinCount = 2 }, new() { WordPieces = vocabulary.Path });
        Assert.Equal(2, counts.Count("kuala lu ##mp ##ur"));
        Assert.Equal(3, counts.Count("lu ##mp ##ur"));
        Assert.Equal(0, counts.Count("kuala qqq"));
        // 4 + 2 pieces, then 1, a gap where the vocabulary cannot spell a word, and 3; then 4.
        Assert.Equal(14, counts.Total(1));
    }
}
