using CsCheck;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class LeakTestTests
{
    private static readonly (int Left, int Right)[] Contexts = [(2, 2), (2, 1), (1, 2), (1, 1), (2, 0), (0, 2), (1, 0), (0, 1), (0, 0)];
    private static readonly PieceAlphabet Alphabet = new(["[PAD]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "##e", "##f", "##g", "##h"]);

    [Fact]
    public void A_guess_is_the_most_frequent_piece_of_the_widest_visible_context() =>
        Gen.Select(Gen.Int[1, 8].Array[1, 12].Array[1, 6], Gen.Int[1, 8].Array[1, 8], Gen.Bool.Array[8], Gen.Int[1, 3]).Sample((train, test, hidden, leastSeen) =>
        {
            train = [.. train, [4]];
            bool[] isHidden = hidden[..test.Length];
            NeighbourPredictor predictor = NeighbourPredictor.Train(train, Alphabet, leastSeen);
            for (int place = 0; place < test.Length; place++)
                Assert.Equal(BruteForce(train, test, isHidden, place, leastSeen), predictor.Predict(test, isHidden, place));
        }, iter: 500);

    [Fact]
    public void Random_tokens_leak_the_rest_of_their_word_and_whole_words_do_not()
    {
        // Four words in random order, each with pieces of its own: either piece gives the other away, and nothing else does.
        MaskingRandom source = new(3);
        int[][] Sequences(int count) => [.. Enumerable.Range(0, count).Select(_ => (int[])[1, .. Enumerable.Range(0, 40).SelectMany(_ => Word(source.Next(4))), 2])];
        NeighbourPredictor predictor = NeighbourPredictor.Train(Sequences(50), Alphabet, leastSeen: 20);
        int[][] test = Sequences(50);
        MaskingRandom random = new(4);
        LeakResult token = LeakTest.Measure(predictor, new RandomTokenMasker(Alphabet), test, ref random);
        LeakResult word = LeakTest.Measure(predictor, new WholeWordMasker(Alphabet), test, ref random);
        Assert.Equal(50 * 12, token.Predicted);
        Assert.True(token.Accuracy > 0.8, $"random token: {token.Accuracy}");
        Assert.InRange(word.Accuracy, 0.15, 0.35);
        Assert.True(token.BetweenVisible > word.BetweenVisible);
    }

    [Fact]
    public void Nothing_to_learn_from_is_refused() =>
        Assert.Throws<ArgumentException>(() => NeighbourPredictor.Train([[1, 2]], Alphabet));

    private static int[] Word(int number) => [4 + number, 8 + number];

    private static int BruteForce(int[][] train, int[] test, bool[] isHidden, int place, int leastSeen)
    {
        foreach ((int left, int right) in Contexts)
        {
            int[] places = [.. Enumerable.Range(place - left, left), .. Enumerable.Range(place + 1, right)];
            if (places.Any(at => at >= 0 && at < test.Length && isHidden[at])) continue;
            int[] seen = [.. train.SelectMany(sequence => Enumerable.Range(0, sequence.Length)
                .Where(at => sequence[at] >= 4 && places.All(other => At(sequence, at + other - place) == At(test, other)))
                .Select(at => sequence[at]))];
            if (seen.Length >= (left + right == 0 ? 1 : leastSeen))
                return seen.GroupBy(piece => piece).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        }
        throw new InvalidOperationException();

        static int At(int[] sequence, int at) => at >= 0 && at < sequence.Length ? sequence[at] : -1;
    }
}
