using System.Text;
using System.Xml.Linq;
using CsCheck;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Data;

public class WordPieceTrainerTests
{
    /// <summary>The library's own API documentation: a real English text that every build has beside it.</summary>
    private static readonly string[] RealText =
        [.. XDocument.Load(Path.ChangeExtension(typeof(WordPieceTrainer).Assembly.Location, ".xml")).Descendants("member").Select(m => m.Value)];

    [Fact]
    public void Trained_pieces_equal_those_of_a_trainer_that_counts_everything_anew_for_each_merge()
    {
        var word = Gen.Char["abc"].Array[1, 7].Select(c => new string(c));
        Gen.Select(word.Array[1, 12], Gen.Int[11, 40], Gen.Int[1, 3]).Sample((words, size, minimum) =>
        {
            var training = new WordPieceTraining { VocabularySize = size, MinimumFrequency = minimum };

            Assert.Equal(BruteForce(words, size, minimum), Train([string.Join(' ', words)], training).Pieces);
        }, iter: 300);
    }

    /// <summary>The definition read aloud: spell every word in pieces, count all pairs, merge the best, begin again.</summary>
    private static List<string> BruteForce(string[] text, int size, int minimum)
    {
        var words = text.Select(w => w.Select((c, i) => i == 0 ? $"{c}" : $"##{c}").ToList()).ToList();
        var letters = string.Concat(text).Distinct().Order().ToList();
        List<string> pieces = [.. WordPieceVocabulary.SpecialTokens, .. letters.Select(c => $"{c}"), .. letters.Select(c => $"##{c}")];
        while (pieces.Count < size)
        {
            var best = words.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p).Where(g => g.Count() >= minimum)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key.First, StringComparer.Ordinal).ThenBy(g => g.Key.Second, StringComparer.Ordinal)
                .FirstOrDefault()?.Key;
            if (best is not var (left, right)) break;
            string merged = left + right[2..];
            if (!pieces.Contains(merged)) pieces.Add(merged);
            foreach (var word in words)
                for (int i = 0; i + 1 < word.Count; i++)
                    if (word[i] == left && word[i + 1] == right) { word[i] = merged; word.RemoveAt(i + 1); }
        }
        return pieces;
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter() =>
        Assert.Equal(Train(RealText, Small).Pieces, Train(RealText.Reverse(), Small).Pieces);

    [Fact]
    public void On_a_real_text_the_pieces_of_every_word_spell_the_word_and_none_is_unknown()
    {
        var vocabulary = Train(RealText, Small);
        var tokenizer = vocabulary.CreateTokenizer();
        var normalizer = new WordPieceNormalizer();
        var preTokenizer = new WordPiecePreTokenizer(WordPieceVocabulary.SpecialTokens);

        foreach (string text in RealText)
        {
            string clean = normalizer.Normalize(text);
            var words = preTokenizer.PreTokenize(clean).Select(w => clean.Substring(w.Offset, w.Length)).ToList();
            var ids = tokenizer.EncodeToIds(text, addSpecialTokens: false);

            Assert.Equal(words, Spell(ids, vocabulary), StringComparer.OrdinalIgnoreCase);
            Assert.Equal(words.Count(w => w == "[unk]"), ids.Count(id => id == vocabulary.UnknownId)); // these docs speak of [UNK]
        }
        Assert.Equal(Small.VocabularySize, vocabulary.Count);
    }

    [Fact]
    public void A_larger_vocabulary_begins_with_the_smaller_one()
    {
        var small = Train(RealText, Small).Pieces;

        Assert.Equal(small, Train(RealText, Small with { VocabularySize = 600 }).Pieces.Take(small.Count));
    }

    [Fact]
    public void A_new_word_over_the_alphabet_is_never_unknown()
    {
        var vocabulary = Train(["quick brown fox"]);

        Assert.DoesNotContain(vocabulary.UnknownId, vocabulary.CreateTokenizer().EncodeToIds("knowrbu xof ffff", addSpecialTokens: false));
    }

    [Fact]
    public void A_character_beyond_the_alphabet_limit_makes_its_word_unknown_and_no_other()
    {
        var vocabulary = Train(["aaa bbb aab aab z"], new() { AlphabetLimit = 2 });

        Assert.Equal(["aab", "[UNK]"], vocabulary.CreateTokenizer().EncodeToIds("aab az", addSpecialTokens: false).Select(id => vocabulary.Pieces[id]));
    }

    [Fact]
    public void A_vocabulary_too_small_for_the_alphabet_is_refused_with_the_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => Train(["abcdef"], new() { VocabularySize = 10 }));

        Assert.Contains("17 pieces", error.Message);
    }

    private static WordPieceVocabulary Train(IEnumerable<string> texts, WordPieceTraining? training = null) =>
        WordPieceTrainer.Train(texts, training, cancellation: TestContext.Current.CancellationToken);

    private static WordPieceTraining Small { get; } = new() { VocabularySize = 500 };

    private static List<string> Spell(IEnumerable<int> ids, WordPieceVocabulary vocabulary)
    {
        var words = new List<StringBuilder>();
        foreach (int id in ids)
            if (vocabulary.IsContinuation(id)) words[^1].Append(vocabulary.Pieces[id].AsSpan(2));
            else words.Add(new(vocabulary.Pieces[id]));
        return words.ConvertAll(w => w.ToString());
    }
}
