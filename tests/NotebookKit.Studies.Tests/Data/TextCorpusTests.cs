using CsCheck;
using NotebookKit.Studies.Data;

namespace NotebookKit.Tests.Data;

public class TextCorpusTests
{
    [Theory]
    [InlineData("One here. Two there! Three?", new[] { "One here.", "Two there!", "Three?" })]
    [InlineData("See e.g. Alice, i.e. Bob. Then go.", new[] { "See e.g. Alice, i.e. Bob.", "Then go." })]
    [InlineData("Dr. Who met J. R. Hartley in No. 10 today. He left.", new[] { "Dr. Who met J. R. Hartley in No. 10 today.", "He left." })]
    [InlineData("Since .NET 5.0 it is System.String. and stays", new[] { "Since .NET 5.0 it is System.String. and stays" })]
    [InlineData("\"Go.\" He went (at last.) \"Now?\" she said.", new[] { "\"Go.\"", "He went (at last.)", "\"Now?\" she said." })]
    [InlineData("a line\nnever joins. the next", new[] { "a line", "never joins. the next" })]
    [InlineData("Wait... What? ", new[] { "Wait...", "What?" })]
    [InlineData(" \n ", new string[0])]
    public void Sentences_end_where_the_rule_says(string text, string[] expected) => Assert.Equal(expected, Sentences.Of(text));

    [Fact]
    public void Splitting_loses_nothing_but_white_space() =>
        Gen.String[Gen.OneOf(Gen.Char["abcXYZ"], Gen.Char[".!? \n\"')(0"]), 0, 60].Sample(text =>
        {
            static string Solid(string s) => string.Concat(s.Where(c => !char.IsWhiteSpace(c)));
            Assert.Equal(Solid(text), Solid(string.Concat(Sentences.Of(text))));
        });

    [Theory]
    [InlineData("The value is null.", true)]
    [InlineData("Call me Ishmael.", true)]
    [InlineData("Not prose.", false)]
    [InlineData("__m128i _mm_add_epi8 (__m128i a, __m128i b)", false)]
    [InlineData("A64: FRECPX Dd, Dn", false)]
    [InlineData("Represents the TLS_RSA_WITH_NULL_MD5 cipher suite.", true)]
    public void Prose_is_kept_and_code_is_not(string sentence, bool prose) => Assert.Equal(prose, TextCorpus.IsProse(sentence));

    [Fact]
    public void A_sentence_keeps_its_part_when_others_come_and_go()
    {
        var sentences = Enumerable.Range(0, 3000).Select(i => $"This is the sentence number {i}.").ToList();
        var whole = TextCorpus.FromTexts("whole", "", 1, sentences);
        var half = TextCorpus.FromTexts("half", "", 1, sentences.Where((_, i) => i % 2 == 0).Reverse());
        foreach (var split in Enum.GetValues<Split>())
            Assert.Equal(whole[split].Intersect(half.Sentences).Order(), half[split].Order());
        Assert.Equal(3000, whole.Train.Count + whole.Valid.Count + whole.Test.Count);
        // Binomial standard deviations are 16 and 12: six of them either side.
        Assert.InRange(whole.Train.Count, 2700 - 100, 2700 + 100);
        Assert.InRange(whole.Test.Count, 150 - 72, 150 + 72);
    }

    [Fact]
    public void The_split_of_a_text_never_changes()
    {
        // Computed apart from the library with XXH64 as its specification defines it: 42 and 3 stand at 90 and 94.
        Assert.Equal(Split.Valid, StableSplit.Of("text 42"));
        Assert.Equal(Split.Valid, StableSplit.Of("text 3"));
        Assert.Equal(Split.Test, StableSplit.Of("text 50"));
        Assert.Equal(Split.Train, StableSplit.Of("a"));
    }

    [Fact]
    public void No_training_group_holds_a_held_out_sentence()
    {
        // Every third sentence stands in two groups.
        var texts = Enumerable.Range(0, 4000).SelectMany(i => new[] { i % 97, i * 31 % 89 }.Take(i % 3 == 0 ? 2 : 1).Select(group => ($"This is the sentence number {i}.", $"group {group}"))).ToList();
        var corpus = TextCorpus.FromGroups("t", "", 1, texts);
        var training = texts.Where(t => StableSplit.Of(t.Item2) == Split.Train).Select(t => t.Item1).ToHashSet();
        Assert.True(training.SetEquals(corpus.Train));
        Assert.NotEmpty(corpus.Test);
        Assert.Equal(4000, corpus.Train.Count + corpus.Valid.Count + corpus.Test.Count);
        Assert.All(texts.Where(t => corpus.Test.Contains(t.Item1)), t => Assert.Equal(Split.Test, StableSplit.Of(t.Item2)));
    }

    [Fact]
    public void Equal_sentences_are_kept_once_in_order_of_appearance()
    {
        var corpus = TextCorpus.FromTexts("t", "", 1, ["Beta is the second one. Alpha is the first one.", "Beta is the second one."]);
        Assert.Equal(["Beta is the second one.", "Alpha is the first one."], corpus.Sentences);
        Assert.Equal(10, corpus.Words);
    }

    [Fact]
    public void A_folder_is_read_in_ordinal_order_and_paragraphs_are_folded()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.txt", "Second file comes\r\nlater here. Last words are these.");
        folder.Write("a/z.txt", "\uFEFFFirst file stands here\n\nnew paragraph of words");
        folder.Write("c.md", "This is not read at all.");
        var corpus = TextCorpus.Load(folder.Path);
        Assert.Equal(["First file stands here", "new paragraph of words", "Second file comes later here.", "Last words are these."], corpus.Sentences);
        Assert.Equal(2, corpus.Files);
        Assert.Equal(corpus.Checksum, TextCorpus.Load(folder.Path).Checksum);
        Assert.NotEqual(corpus.Checksum, TextCorpus.Load(Path.Combine(folder.Path, "b.txt")).Checksum);
    }

    [Fact]
    public void A_corpus_that_cannot_be_read_is_named_with_the_cure()
    {
        using var folder = new TemporaryFolder();
        var missing = Path.Combine(folder.Path, "absent.txt");
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => Studies.Data.Corpus.Open(missing)).Message);
        Assert.Contains("no .txt file", Assert.Throws<FileNotFoundException>(() => Studies.Data.Corpus.Open(folder.Path)).Message);
        var empty = folder.Write("empty.txt", "  \n");
        Assert.Contains("no sentence", Assert.Throws<InvalidDataException>(() => Studies.Data.Corpus.Open(empty)).Message);
        var binary = Path.Combine(folder.Path, "binary.txt");
        File.WriteAllBytes(binary, [1, 0, 2, 0]);
        Assert.Contains("binary", Assert.Throws<InvalidDataException>(() => Studies.Data.Corpus.Open(binary)).Message);
        File.WriteAllBytes(binary, [.. "caf"u8, 0xE9, .. " au lait"u8]);
        var latin = Assert.Throws<InvalidDataException>(() => Studies.Data.Corpus.Open(binary));
        Assert.Contains("UTF-8 (byte 3)", latin.Message);
        Assert.Contains("iconv", latin.Message);
    }
}
