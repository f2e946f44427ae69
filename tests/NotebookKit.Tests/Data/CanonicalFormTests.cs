using System.Text;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Data;

public class CanonicalFormTests
{
    // The three sums are of what Python 3.11's unicodedata (Unicode 14) makes of the same code points.

    [Fact]
    public void Every_code_point_decomposes_as_Unicode_14_says()
    {
        StringBuilder text = new();
        Span<Rune> parts = stackalloc Rune[4];
        foreach (Rune rune in Decomposable())
        {
            foreach (Rune part in parts[..CanonicalForm.Decompose(rune, parts)]) text.Append(part);
            text.Append(' ');
        }
        Assert.Equal(0x8dafab8e3c112c5cUL, Sum(text.ToString()));
    }

    [Fact]
    public void Every_code_point_composes_as_Unicode_14_says() =>
        Assert.Equal(0xd08de70723f58792UL, Sum(Compose([.. Decomposable().SelectMany(rune => new[] { rune, new Rune(' ') })])));

    [Fact]
    public void Random_runs_of_letters_marks_and_syllables_compose_as_Unicode_14_says()
    {
        int[] pool =
        [
            .. Enumerable.Range(0x300, 0x60), 0x5b0, 0x5b4, 0x64b, 0x654, 0x93c, 0x94d, 0x323, 0x301, 0x338, 0x345,
            .. Enumerable.Repeat("aeouAEO=<>aeou".Select(c => (int)c), 8).SelectMany(letters => letters),
            .. Enumerable.Repeat(new[] { 0x1100, 0x1112, 0x1161, 0x1175, 0x11a8, 0x11c2, 0xac00, 0xac01, 0x9c7, 0x9be, 0x9d7, 0x304b, 0x3099, 0xe9, 0x1ea5, 0x915, 0x958, 0xf900 }, 4).SelectMany(letters => letters),
        ];
        ulong state = 12345;
        List<Rune> text = [];
        for (int i = 0; i < 20_000; i++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            text.Add(new(pool[(int)((state >> 33) % (ulong)pool.Length)]));
        }
        Assert.Equal(0xf8a46f87b312fd64UL, Sum(Compose(text)));
    }

    [Theory]
    [InlineData("한국 Việt café Å", "\u1112\u1161\u11ab\u1100\u116e\u11a8 Vie\u0323\u0302t cafe\u0301 \u212b")]
    [InlineData("≠ ক\u09cb \uf900", "=\u0338 ক\u09c7\u09be \u8c48")]
    public void Tokens_do_not_depend_on_how_a_text_is_composed(string composed, string decomposed)
    {
        foreach (bool lowercase in new[] { true, false })
        {
            BasicTokenizer tokenizer = new(lowercase);
            Assert.Equal(tokenizer.Tokenize(composed), tokenizer.Tokenize(decomposed));
            Assert.Equal(new WordPieceNormalizer(lowercase).Normalize(composed), new WordPieceNormalizer(lowercase).Normalize(decomposed));
        }
    }

    [Fact]
    public void Uncased_Hangul_is_decomposed_and_cased_Hangul_composed()
    {
        Assert.Equal(["\u1112\u1161\u11ab"], new BasicTokenizer().Tokenize("한"));
        Assert.Equal(["한"], new BasicTokenizer(lowercase: false).Tokenize("\u1112\u1161\u11ab"));
    }

    [Fact]
    public void Uncased_tokens_of_every_code_point_are_tokens_of_themselves()
    {
        BasicTokenizer tokenizer = new();
        foreach (Rune rune in AllRunes())
        {
            List<string> tokens = tokenizer.Tokenize(rune.ToString());
            Assert.Equal(tokens, tokenizer.Tokenize(string.Join(' ', tokens)));
        }
    }

    private static IEnumerable<Rune> AllRunes() => Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(c => new Rune(c));

    private static IEnumerable<Rune> Decomposable()
    {
        Rune[] parts = new Rune[4];
        foreach (Rune rune in AllRunes())
            if (CanonicalForm.Decompose(rune, parts) != 1 || parts[0] != rune) yield return rune;
    }

    private static string Compose(List<Rune> text)
    {
        CanonicalForm.Compose(text);
        return string.Concat(text);
    }

    /// <summary>FNV-1a over the UTF-8 bytes.</summary>
    private static ulong Sum(string text) => Encoding.UTF8.GetBytes(text).Aggregate(0xcbf29ce484222325, (sum, b) => unchecked((sum ^ b) * 0x100000001b3));
}
