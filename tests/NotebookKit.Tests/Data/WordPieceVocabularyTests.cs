using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Data;

public class WordPieceVocabularyTests
{
    [Theory]
    [InlineData("Tabs\tand\r\nline ends, a_b List<T> $5")]
    [InlineData("Café NAÏVE İstanbul x\u0000y\ufffdz\u200b")]
    [InlineData("ab中文c … don't 𝔸𠀀")]
    public void The_tokenizer_sees_the_words_of_the_basic_tokenisation(string text)
    {
        string clean = new WordPieceNormalizer().Normalize(text);

        Assert.Equal(new BasicTokenizer().Tokenize(text), new WordPiecePreTokenizer(WordPieceVocabulary.SpecialTokens).PreTokenize(clean).Select(w => clean.Substring(w.Offset, w.Length)));
    }

    [Fact]
    public void A_special_token_in_a_text_stays_whole() =>
        Assert.Equal([(0, 3), (4, 6), (10, 1), (12, 1), (13, 1), (14, 1)], new WordPiecePreTokenizer(WordPieceVocabulary.SpecialTokens).PreTokenize("the [mask]. [x]"));

    [Fact]
    public void A_saved_vocabulary_encodes_as_before()
    {
        using var folder = new TemporaryFolder();
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
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), content);

        var error = Assert.Throws<InvalidDataException>(() => WordPieceVocabulary.Load(folder.File("vocab.txt")));

        Assert.Contains(folder.File("vocab.txt"), error.Message);
        Assert.Contains(named, error.Message);
    }
}
