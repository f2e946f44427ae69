using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class MaskingStatisticsTests
{
    private static readonly PieceAlphabet Alphabet = new(["[PAD]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##c"]);

    // [CLS] ac b ac b … [SEP]: 60 pieces in 40 words
    private static readonly int[] Sequence = [1, .. Enumerable.Range(0, 20).SelectMany(_ => new[] { 4, 6, 5 }), 2];

    [Fact]
    public void Histograms_and_budget_are_those_of_the_labels()
    {
        WholeWordMasker masker = new(Alphabet, new() { MaskShare = 1, RandomShare = 0 });
        MaskingRandom random = new(1), again = new(1);
        MaskingStatistics statistics = MaskingStatistics.Measure(masker, Enumerable.Repeat(Sequence, 10), ref random);
        int predicted = 0;
        for (int i = 0; i < 10; i++) predicted += masker.Explain(Sequence, ref again).Labels.Count(label => label != IMasker.NotPredicted);

        Assert.Equal((10, 600L, 90L, (long)predicted), (statistics.Sequences, statistics.Pieces, statistics.Budget, statistics.Predicted));
        Assert.Equal([1], statistics.UnitsByWords.Keys);
        Assert.Equal(predicted, statistics.UnitsByPieces.Sum(pair => pair.Key * pair.Value));
        Assert.Equal(0, statistics.LargestOvershoot);
    }

    [Fact]
    public void Taking_overlong_units_overshoots_by_less_than_a_unit()
    {
        MaskingRandom random = new(1);
        MaskingStatistics statistics = MaskingStatistics.Measure(
            new WholeWordMasker(Alphabet, new() { OverlongUnit = OverlongUnit.Take }), Enumerable.Repeat(Sequence, 50), ref random);
        Assert.Equal(1, statistics.LargestOvershoot);
        Assert.Equal(0, statistics.LargestUndershoot);
        Assert.True(statistics.Overshoot > 0);
    }

    [Fact]
    public void A_piece_inside_a_word_counts_as_no_word()
    {
        MaskingRandom random = new(1);
        MaskingStatistics statistics = MaskingStatistics.Measure(new RandomTokenMasker(Alphabet, new() { Rate = 1 }), [Sequence], ref random);
        Assert.Equal(new Dictionary<int, long> { [0] = 40, [1] = 20 }, statistics.UnitsByWords);
    }

    [Fact]
    public void The_dose_is_the_share_of_masked_words_in_units_of_several()
    {
        CompiledVocabulary vocabulary = new(new([new MaskingEntry("ac b", 2)]), Alphabet);
        MaskingRandom random = new(1), again = new(1);
        Assert.Equal(1, MaskingStatistics.Measure(new NgramMasker("PMI", vocabulary), [Sequence], ref random).ShareInUnits);
        Assert.Equal(0, MaskingStatistics.Measure(new WholeWordMasker(Alphabet), [Sequence], ref again).ShareInUnits);
    }
}
