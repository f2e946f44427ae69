using NotebookKit.Data;

namespace NotebookKit.Tests.Data;

public class WordPieceVocabularyTests
{
    [Theory]
    [InlineData("Tabs\tand\r\nline ends", "tabs and  line ends")]
    [InlineData("Café NAÏVE", "cafe naive")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("İstanbul Ørsted Ελλάδα Ёлка ế", "istanbul ørsted ελλαδα елка e")]
    [InlineData("x\u0000y\ufffdz\u200b", "xyz")]
    [InlineData("ab中文c", "ab 中  文 c")]
    public void Normalized_text_keeps_words_apart_and_loses_case_accents_and_controls(string text, string expected) =>
        Assert.Equal(expected, new WordPieceNormalizer().Normalize(text));

    [Fact]
    public void A_cased_model_keeps_case_and_accents() =>
        Assert.Equal("Café NAÏVE", new WordPieceNormalizer(lowerCase: false, stripAccents: false).Normalize("Café NAÏVE"));

    [Theory]
    [InlineData("list<t>, a_b $5", "list < t > , a _ b $ 5")]
    [InlineData("don't stop…", "don ' t stop …")]
    [InlineData("  the [mask] [x] ", "the [mask] [ x ]")]
    public void Words_are_split_at_spaces_and_every_punctuation_mark_is_a_word(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', new WordPiecePreTokenizer(WordPieceVocabulary.SpecialTokens).PreTokenize(text).Select(w => text.Substring(w.Offset, w.Length))));

    [Fact]
    public void A_saved_vocabulary_encodes_as_before()
    {
        using var folder = new Tests.Training.TemporaryFolder();
        var vocabulary = WordPieceTrainer.Train(["the cat sat on the mat, the cats sat on mats"], cancellation: TestContext.Current.CancellationToken);

        vocabulary.Save(folder.File("vocab.txt"));
        var loaded = WordPieceVocabulary.Load(folder.File("vocab.txt"));

        Assert.Equal(vocabulary.Pieces, loaded.Pieces);
        Assert.Equal(vocabulary.CreateTokenizer().EncodeToIds("The CATS, on\tmats [MASK]"), loaded.CreateTokenizer().EncodeToIds("The CATS, on\tmats [MASK]"));
        Assert.Equal(vocabulary.MaskId, loaded.CreateTokenizer().EncodeToIds("The CATS, on\tmats [MASK]")[^2]);
    }

    [Fact]
    public void Encoded_text_decodes_to_the_normalized_text()
    {
        var tokenizer = WordPieceTrainer.Train(["the cat sat on the mat"], cancellation: TestContext.Current.CancellationToken).CreateTokenizer();

        Assert.Equal("the cats sat on them", tokenizer.Decode(tokenizer.EncodeToIds("The Cats sat on them"), skipSpecialTokens: true));
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\na", "[MASK]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\na", "lines 6 and 7")]
    [InlineData("[PAD]\n\n[CLS]", "Line 2")]
    public void A_file_that_is_no_vocabulary_is_refused_by_file_and_line(string content, string named)
    {
        using var folder = new Tests.Training.TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), content);

        var error = Assert.Throws<InvalidDataException>(() => WordPieceVocabulary.Load(folder.File("vocab.txt")));

        Assert.Contains(folder.File("vocab.txt"), error.Message);
        Assert.Contains(named, error.Message);
    }
}
