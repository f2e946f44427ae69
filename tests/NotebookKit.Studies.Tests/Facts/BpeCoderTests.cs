using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using CsCheck;
using NotebookKit.Studies.Mend;

namespace NotebookKit.Tests.Facts;

/// <summary>GPT-2's own byte pairs, from the table of OpenAI's r50k_base, which is GPT-2's, written out as the two files of a published model.</summary>
public sealed class BpeCoderTests : IClassFixture<BpeCoderTests.Published>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Published _gpt2;

    public BpeCoderTests(Published gpt2) => _gpt2 = gpt2;

    public void Dispose() => _folder.Dispose();

    /// <summary>Made with gpt-tokenizer 4.0.0 (npm), encoding r50k_base; the special token inside a text as GPT-2's tokenizer reads it.</summary>
    public static TheoryData<string, int[]> Known => new()
    {
        { "Who is the president?", [8241, 318, 262, 1893, 30] },
        { "two  spaces", [11545, 220, 9029] },
        { "three   spaces", [15542, 220, 220, 9029] },
        { "tab\there", [8658, 197, 1456] },
        { "two\t\ttabs", [11545, 197, 197, 8658, 82] },
        { "line\n\nbreak", [1370, 198, 198, 9032] },
        { " lead", [1085] },
        { "trail ", [9535, 346, 220] },
        { "it's we'll I'D", [270, 338, 356, 1183, 314, 6, 35] },
        { "a<|endoftext|>b", [64, 50256, 65] },
        { "x\u00a0\u00a0y", [87, 1849, 1849, 88] },
        { "\u2003", [447, 225] },
        { "\r\n", [201, 198] },
        { "12345", [10163, 2231] },
        { "", [] },
        { "   ", [220, 220, 220] },
        { "S\u00e3o Paulo \U0001f44d", [50, 28749, 34410, 50169, 235] },
        { "\u4f60\u597d \u4e16\u754c", [19526, 254, 25001, 121, 220, 10310, 244, 45911, 234] },
        { "na\u00efve caf\u00e9", [2616, 38776, 40304] },
        { "don\u2019t", [9099, 447, 247, 83] },
        { "  indented", [220, 773, 4714] },
        { "a\n  b", [64, 198, 220, 275] },
        { "1,234.56", [16, 11, 24409, 13, 3980] },
        { "U.S.A.", [52, 13, 50, 13, 32, 13] },
        { "\u200b", [9525] },
        { "e\u0301", [68, 136, 223] },
        { "\ufb01", [171, 105, 223] },
        { "foo_bar", [21943, 62, 5657] },
        { "https://a.b/c?d=e", [5450, 1378, 64, 13, 65, 14, 66, 30, 67, 28, 68] },
        { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", [43488, 43488, 43488, 43488, 43488, 43488, 3838] },
        { "$5 & <b>", [3, 20, 1222, 1279, 65, 29] },
        { " \n ", [220, 198, 220] },
        { "a \nb", [64, 220, 198, 65] },
        { "\t", [197] },
        { "\t\t\t", [197, 197, 197] },
        { "it''s", [270, 7061, 82] },
        { "he\u2019s 'S", [258, 447, 247, 82, 705, 50] },
        { "\U0001d4b3", [47728, 240, 111] },
        { "\U0001f469\u200d\U0001f469\u200d\U0001f467", [41840, 102, 447, 235, 41840, 102, 447, 235, 41840, 100] },
        { "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", [138, 243, 39377, 39377, 138, 105, 138, 112, 17394] },
        { "\u041f\u0440\u0438\u0432\u0435\u0442", [140, 253, 21169, 18849, 38857, 16843, 20375] },
        { "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", [23525, 44690, 26897, 39848, 22654, 45632] },
        { "\u0939\u093f\u0928\u094d\u0926\u0940", [11976, 117, 11976, 123, 11976, 101, 24231, 235, 11976, 99, 24231, 222] },
        { "\u0000a", [188, 64] },
        { "a\u001cb", [64, 216, 65] },
        { "\ud55c\uad6d\uc5b4 \ub274\uc2a4", [47991, 250, 166, 113, 255, 168, 244, 112, 31619, 231, 112, 168, 232, 97] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void The_ids_are_those_of_GPT_2(string text, int[] ids) => Assert.Equal(ids, _gpt2.Coder.Question(text));

    [Fact]
    public void No_id_lies_outside_the_vocabulary_and_the_text_comes_back()
    {
        Assert.Equal((50257, 50256), (_gpt2.Coder.Count, _gpt2.Coder.EndId));
        Gen.String[Gen.Char[" \t\n\u00a0\u2003aZ9'.é漢"], 0, 30].Sample(text =>
        {
            IReadOnlyList<int> ids = _gpt2.Coder.Question(text);
            Assert.All(ids, id => Assert.InRange(id, 0, 50255));
            Assert.Equal(text.Trim(), _gpt2.Coder.Text(ids));
        });
    }

    [Theory]
    [InlineData("""{"<|endoftext|>": 4}""", null, null, null, null, 4, 5)]
    [InlineData("{}", "added_tokens.json", """{"<|endoftext|>": 9}""", null, null, 9, 10)]
    [InlineData("{}", "tokenizer.json", """{"added_tokens": [{"id": 7, "content": "<|endoftext|>", "special": true}]}""", null, null, 7, 8)]
    [InlineData("""{"<|endoftext|>": 4, "</s>": 5}""", "special_tokens_map.json", """{"eos_token": "</s>"}""", null, null, 5, 6)]
    [InlineData("{}", "tokenizer_config.json", """{"eos_token": {"content": "</s>"}, "added_tokens_decoder": {"6": {"content": "</s>"}, "8": {"content": "<pad>"}}}""", null, null, 6, 9)]
    [InlineData("{}", "added_tokens.json", """{"</s>": 6}""", "special_tokens_map.json", """{"eos_token": {"content": "</s>"}}""", 6, 7)]
    public void Special_tokens_are_those_of_the_files(string vocabulary, string? file, string? text, string? second, string? secondText, int end, int count)
    {
        Files(vocabulary);
        if (file is not null) _folder.Write(file, text!);
        if (second is not null) _folder.Write(second, secondText!);
        var coder = new BpeCoder(_folder.Path);
        Assert.Equal((end, count), (coder.EndId, coder.Count));
        string name = vocabulary.Contains("</s>") || (text + secondText).Contains("</s>") ? "</s>" : "<|endoftext|>";
        Assert.Equal([0, end, 2], coder.Question($"a{name}ab"));
        Assert.Equal("ab", coder.Text([2, end, 1]));
    }

    [Theory]
    [InlineData("{}", "vocab.json", null, "gives an id to <|endoftext|>")]
    [InlineData("[1]", "vocab.json", "[1]", "vocab.json is not a file of a GPT-2's tokenizer")]
    [InlineData("{}", "special_tokens_map.json", """{"eos_token": 5}""", "special_tokens_map.json is not a file")]
    [InlineData("""{"<|endoftext|>": 4}""", "merges.txt", "#version: 0.2\na c\n", "merges.txt does not fit")]
    [InlineData("""{"<|endoftext|>": 4}""", "merges.txt", "#version: 0.2\nabc\n", "merges.txt does not fit")]
    [InlineData("""{"<|endoftext|>": 2}""", "vocab.json", null, "vocab.json beside it")]
    public void A_file_that_does_not_fit_is_named(string vocabulary, string file, string? text, string fault)
    {
        Files(vocabulary);
        if (text is not null) _folder.Write(file, text);
        Assert.Contains(fault, Assert.Throws<InvalidDataException>(() => new BpeCoder(_folder.Path)).Message);
    }

    /// <summary>Three pieces, a, b and ab, and what else the vocabulary is to hold.</summary>
    private void Files(string more)
    {
        var ids = new Dictionary<string, int> { ["a"] = 0, ["b"] = 1, ["ab"] = 2 };
        if (more.StartsWith('{'))
            foreach ((string token, int id) in JsonSerializer.Deserialize<Dictionary<string, int>>(more)!) ids.Add(token, id);
        _folder.Write("vocab.json", JsonSerializer.Serialize(ids));
        _folder.Write("merges.txt", "#version: 0.2\na b\n");
    }

    /// <summary>The coder of the published GPT-2.</summary>
    public sealed class Published : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Published()
        {
            var ranks = new Dictionary<string, int>(); // bytes in hexadecimal → rank
            var data = Assembly.Load("Microsoft.ML.Tokenizers.Data.R50kBase");
            using (var lines = new StreamReader(new DeflateStream(data.GetManifestResourceStream("r50k_base.tiktoken.deflate")!, CompressionMode.Decompress)))
                while (lines.ReadLine() is { } line)
                    if (!line.StartsWith("Capacity", StringComparison.Ordinal)) ranks.Add(Convert.ToHexString(Convert.FromBase64String(line)), ranks.Count);

            var vocabulary = ranks.ToDictionary(r => Letters(r.Key), r => r.Value);
            vocabulary.Add("<|endoftext|>", ranks.Count);
            _folder.Write("vocab.json", JsonSerializer.Serialize(vocabulary));
            _folder.Write("merges.txt", "#version: 0.2\n" + string.Concat(ranks.Where(r => r.Key.Length > 2).OrderBy(r => r.Value).Select(r => Merge(ranks, r.Key, r.Value) + "\n")));
            Coder = new BpeCoder(_folder.Path);
        }

        public BpeCoder Coder { get; }

        public void Dispose() => _folder.Dispose();

        /// <summary>The last pair that was joined to make a piece: what merging it with the earlier ranks alone leaves.</summary>
        private static string Merge(Dictionary<string, int> ranks, string piece, int rank)
        {
            List<string> parts = [.. piece.Chunk(2).Select(pair => new string(pair))];
            while (parts.Count > 2)
            {
                int at = Enumerable.Range(0, parts.Count - 1).MinBy(i => ranks.TryGetValue(parts[i] + parts[i + 1], out int r) && r < rank ? r : int.MaxValue);
                parts[at] += parts[at + 1];
                parts.RemoveAt(at + 1);
            }
            return Letters(parts[0]) + " " + Letters(parts[1]);
        }

        /// <summary>GPT-2 writes each byte as one visible letter: itself, or one from U+0100 on.</summary>
        private static string Letters(string hex) => string.Concat(Convert.FromHexString(hex).Select(b => Letter[b]));

        private static readonly string Letter = MakeLetters();

        private static string MakeLetters()
        {
            int hidden = 0;
            return string.Concat(Enumerable.Range(0, 256).Select(b => b is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' ? (char)b : (char)(256 + hidden++)));
        }
    }
}
