using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Pmi;

public class BasicTokenizerTests
{
    [Theory]
    [InlineData("Don't stop!", "don ' t stop !")]
    [InlineData("  a\tb\r\nc\u00a0d\u2028e ", "a b c d e")]
    [InlineData("Café Ångström naïve Ёлка", "cafe angstrom naive елка")]
    [InlineData("e\u0301", "e")]
    [InlineData("x\u0000y\ufffdz\u200bw\u0007v", "xyzwv")]
    [InlineData("\u0301", "")]
    [InlineData("日本go", "日 本 go")]
    [InlineData("a—b “c” ¿d?", "a — b “ c ” ¿ d ?")]
    [InlineData("$1+2=3^`|~", "$ 1 + 2 = 3 ^ ` | ~")]
    [InlineData("ΑΣ İ", "ασ i")]
    [InlineData("lone\ud800surrogate", "lonesurrogate")]
    public void Uncased_tokens_are_those_of_the_stated_rules(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', new BasicTokenizer().Tokenize(text)));

    [Fact]
    public void Cased_tokens_keep_case_and_accents() =>
        Assert.Equal(["Café", "İ", "-", "X"], new BasicTokenizer(lowercase: false).Tokenize("Café İ-X"));

    [Fact]
    public void Every_ascii_sign_that_is_no_letter_or_digit_is_punctuation()
    {
        string marks = string.Concat(Enumerable.Range(0, 128).Select(c => (char)c).Where(c => BasicTokenizer.IsPunctuation(c.ToString())));
        Assert.Equal("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", marks);
    }

    [Fact]
    public void Tokens_of_the_tokens_are_the_tokens()
    {
        string[] novel = PmiText.Novel("Frankenstein.txt");
        BasicTokenizer tokenizer = new();
        foreach (string paragraph in novel)
        {
            List<string> tokens = tokenizer.Tokenize(paragraph);
            Assert.Equal(tokens, tokenizer.Tokenize(string.Join(' ', tokens)));
        }
    }
}
