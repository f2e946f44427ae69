using CsCheck;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

public class ObjectiveTests
{
    private const int End = 1;
    private static readonly Gen<int[]> Text = Gen.Int[2, 999].Array[2, 400];

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1099, -1)]
    public void Span_corruption_keeps_the_text_hides_its_share_and_numbers_its_spans(int firstSentinel, int step)
    {
        var corruption = new SpanCorruption(firstSentinel, step);
        Gen.Select(Text, Gen.ULong).Sample((tokens, seed) =>
        {
            TokenPair pair = corruption.Corrupt(tokens, End, new Seed(seed));
            int spans = pair.Inputs.Count(token => token >= 1000);

            Assert.Equal(tokens, corruption.Restore(pair));
            Assert.Equal(End, pair.Targets[^1]);
            Assert.Equal(Enumerable.Range(0, spans).Select(span => firstSentinel + step * span), pair.Inputs.Where(token => token >= 1000));
            Assert.Equal(pair.Inputs.Where(token => token >= 1000), pair.Targets.Where(token => token >= 1000));
            // T5's counts: round(15 %) of the tokens in round(hidden / 3) spans, at least one of each.
            int hidden = pair.Targets.Count - spans - 1;
            Assert.Equal(Math.Max(1, (int)Math.Round(0.15 * tokens.Length)), hidden);
            Assert.Equal(Math.Max(1, (int)Math.Round(hidden / 3.0)), spans);
            // A kept token stands before every sentinel and a hidden one behind it.
            Assert.True(pair.Inputs[0] < 1000 && pair.Inputs.Zip(pair.Inputs.Skip(1)).All(p => p.First < 1000 || p.Second < 1000));
            Assert.True(pair.Targets.Zip(pair.Targets.Skip(1)).All(p => p.First < 1000 || p.Second is > End and < 1000));
        }, iter: 1000);
    }

    [Fact]
    public void Every_place_of_a_text_is_hidden_about_equally_often()
    {
        var corruption = new SpanCorruption(100);
        int[] text = [.. Enumerable.Range(2, 40)];
        var hidden = Enumerable.Range(0, 4000).SelectMany(i => corruption.Corrupt(text, End, new Seed(7).At(i)).Targets).CountBy(token => token).ToDictionary();
        // 6 of 40 tokens; the first is always kept, the last always hidden (T5's pattern ends with a hidden span).
        Assert.False(hidden.ContainsKey(2));
        Assert.Equal(4000, hidden[41]);
        Assert.All(Enumerable.Range(5, 30), token => Assert.InRange(hidden[token], 0.05 * 4000, 0.25 * 4000));
    }

    [Fact]
    public void A_prefix_and_its_continuation_are_the_text_and_every_cut_occurs()
    {
        Gen.Select(Text, Gen.ULong).Sample((tokens, seed) =>
        {
            TokenPair pair = PrefixLanguageModel.Cut(tokens, End, new Seed(seed));
            Assert.Equal(tokens, PrefixLanguageModel.Restore(pair));
            Assert.True(pair.Inputs.Count > 0 && pair.Targets.Count > 1 && pair.Targets[^1] == End);
        });
        var cuts = Enumerable.Range(0, 300).Select(i => PrefixLanguageModel.Cut([5, 6, 7, 8, 9], End, new Seed(3).At(i)).Inputs.Count);
        Assert.Equal([1, 2, 3, 4], cuts.Distinct().Order());
    }

    [Fact]
    public void A_text_of_one_token_and_too_few_sentinels_are_named()
    {
        Assert.Contains("two tokens", Assert.Throws<ArgumentException>(() => new SpanCorruption(100).Corrupt([5], End, default)).Message);
        Assert.Contains("two tokens", Assert.Throws<ArgumentException>(() => PrefixLanguageModel.Cut([5], End, default)).Message);
        Assert.Contains("3 sentinels", Assert.Throws<ArgumentException>(() => new SpanCorruption(1000, Sentinels: 3).Corrupt(new int[200], End, default)).Message);
    }
}
