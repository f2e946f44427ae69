using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Pmi;

/// <summary>The whole way from a novel to masked sequences, where the schemes must differ as the paper says.</summary>
public class NovelMaskingTests
{
    [Fact]
    public void Neighbours_give_away_fewer_pieces_the_larger_the_units()
    {
        string[] paragraphs = [.. PmiText.Novel("Jane-Eyre.txt"), .. PmiText.Novel("Pride-and-Prejudice.txt")];
        NgramCounts counts = PmiText.Count(paragraphs, new() { MinCount = 5 });
        PieceAlphabet alphabet = Alphabet(paragraphs, 3000);
        int[][] sequences = Sequences(paragraphs, alphabet, 128);
        int[][] train = [.. sequences.Where((_, i) => i % 10 != 0)], test = [.. sequences.Where((_, i) => i % 10 == 0)];
        NeighbourPredictor predictor = NeighbourPredictor.Train(train, alphabet);

        CompiledVocabulary vocabulary = new(MaskingVocabulary.Build(counts, quota: new() { Size = 10_000 }), alphabet);
        double token = Leak(new RandomTokenMasker(alphabet));
        double word = Leak(new WholeWordMasker(alphabet));
        double pmi = Leak(new NgramMasker("PMI", vocabulary));
        Assert.True(token > word && word > pmi, $"random token {token:p1}, whole word {word:p1}, PMI {pmi:p1}");

        double Leak(IMasker masker)
        {
            MaskingRandom random = new(1);
            return LeakTest.Measure(predictor, masker, test, ref random).Accuracy;
        }
    }

    /// <summary>The frequent words as pieces of their own, single letters for the rest.</summary>
    private static PieceAlphabet Alphabet(string[] paragraphs, int words)
    {
        BasicTokenizer tokenizer = new();
        Dictionary<string, int> frequency = [];
        foreach (string paragraph in paragraphs)
            foreach (string word in tokenizer.Tokenize(paragraph)) frequency[word] = frequency.GetValueOrDefault(word) + 1;
        IEnumerable<string> letters = frequency.Keys.SelectMany(word => word).Distinct().Select(letter => letter.ToString()).Order(StringComparer.Ordinal);
        IEnumerable<string> endings = ["s", "ed", "ing", "ly", "er", "es", "en", "al", "ness", "ment", "tion", "able", "est", "ity"];
        return new([.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }
            .Concat(letters).Concat(letters.Concat(endings).Select(piece => "##" + piece))
            .Concat(frequency.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(words).Select(pair => pair.Key)).Distinct()]);
    }

    /// <summary>The text packed into sequences of one length, as for pre-training.</summary>
    private static int[][] Sequences(string[] paragraphs, PieceAlphabet alphabet, int length)
    {
        BasicTokenizer tokenizer = new();
        IEnumerable<int> pieces = paragraphs.SelectMany(paragraph => tokenizer.Tokenize(paragraph)).SelectMany(word => alphabet.Encode(word) ?? [1]);
        return [.. pieces.Chunk(length - 2).Select(chunk => (int[])[2, .. chunk, 3])];
    }
}
