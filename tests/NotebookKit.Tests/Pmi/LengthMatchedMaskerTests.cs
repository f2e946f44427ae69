using CsCheck;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class LengthMatchedMaskerTests
{
    private const int Cls = 1, FirstPiece = 4;
    private static readonly string[] Pieces = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefgh".Select(letter => letter.ToString()), "##x", "##y"];
    private static readonly PieceAlphabet Alphabet = new(Pieces);
    private static readonly string[] Entries = ["a b", "b c", "c d e f", "g h a", "ax b"];
    private static readonly CompiledVocabulary Vocabulary = new(new(Entries.Select(entry => new MaskingEntry(entry, entry.Split(' ').Length))), Alphabet);

    private static readonly Gen<int[]> GenTokens = Gen.Frequency((1, Gen.Const(Cls)), (14, Gen.Int[FirstPiece, Pieces.Length - 1])).Array[0, 90];

    private static readonly Gen<MaskingOptions> GenOptions = Gen.Select(Gen.Double[0, 0.6], Gen.Bool).Select((rate, take) =>
        new MaskingOptions { Rate = rate, OverlongUnit = take ? OverlongUnit.Take : OverlongUnit.Skip });

    [Fact]
    public void The_single_words_are_those_of_PMI_and_the_runs_are_no_longer_than_its_units() => Sample((tokens, pmi, matched) =>
    {
        List<MaskingUnit> units = Chosen(pmi), runs = Chosen(matched);
        HashSet<(int, int)> PlacesOfSingles(List<MaskingUnit> all) => [.. all.Where(unit => WordsIn(tokens, unit) == 1).Select(unit => (unit.Start, unit.Length))];
        Assert.Equal(PlacesOfSingles(units).Order(), PlacesOfSingles(runs).Order());

        // Every run has the length of a unit of its own.
        List<int> lengths = [.. units.Select(unit => WordsIn(tokens, unit))];
        Assert.All(runs, run => Assert.True(lengths.Remove(WordsIn(tokens, run)), "a run has the length of no unit"));
        Assert.True(runs.Sum(run => run.Length) <= units.Sum(unit => unit.Length));
    });

    [Fact]
    public void Runs_hold_whole_words_cross_no_special_token_and_leave_the_rest_as_single_words() => Sample((tokens, pmi, matched) =>
    {
        Assert.Equal(
            Enumerable.Range(0, tokens.Length).Where(i => tokens[i] != Cls),
            matched.Units.SelectMany(unit => Enumerable.Range(unit.Start, unit.Length)));
        Assert.All(matched.Units, unit => Assert.DoesNotContain(Cls, tokens[unit.Start..(unit.Start + unit.Length)]));
        Assert.All(matched.Units.Where(unit => unit.Action == UnitAction.Visible), unit => Assert.Equal(1, WordsIn(tokens, unit)));
        Assert.All(matched.Units, unit => Assert.False(unit.Start + unit.Length < tokens.Length && IsInside(tokens[unit.Start + unit.Length])));
    });

    [Fact]
    public void In_a_long_text_nearly_every_unit_finds_a_run_and_it_stands_elsewhere()
    {
        MaskingRandom source = new(5);
        int[] tokens = [.. Enumerable.Range(0, 3000).Select(_ => FirstPiece + source.Next(8))];
        MaskingRandom one = new(6), other = new(6);
        List<MaskingUnit> units = [.. Chosen(new NgramMasker("PMI", Vocabulary, new() { Rate = 0.4 }).Explain(tokens, ref one)).Where(unit => unit.Words > 1)];
        List<MaskingUnit> runs = [.. Chosen(new LengthMatchedMasker("matched", Vocabulary, new() { Rate = 0.4 }).Explain(tokens, ref other)).Where(unit => unit.Words > 1)];

        Assert.True(units.Count > 20);
        Assert.Equal(units.Select(unit => unit.Words).Order(), runs.Select(run => run.Words).Order());
        Assert.True(runs.Count(run => units.Contains(run)) < runs.Count / 4);
    }

    [Fact]
    public void Masking_allocates_nothing_after_the_first_sequence()
    {
        MaskingRandom source = new(5), random = new(1);
        int[] tokens = [.. Enumerable.Range(0, 512).Select(_ => FirstPiece + source.Next(8))], inputs = new int[512], labels = new int[512];
        LengthMatchedMasker masker = new("matched", Vocabulary);
        masker.Mask(tokens, inputs, labels, ref random);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) masker.Mask(tokens, inputs, labels, ref random);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Sample(Action<int[], MaskedSequence, MaskedSequence> check) =>
        Gen.Select(GenTokens, GenOptions, Gen.ULong).Sample((tokens, options, seed) =>
        {
            MaskingRandom one = new(seed), other = new(seed);
            check(tokens, new NgramMasker("PMI", Vocabulary, options).Explain(tokens, ref one), new LengthMatchedMasker("matched", Vocabulary, options).Explain(tokens, ref other));
        }, iter: 1000);

    private static List<MaskingUnit> Chosen(MaskedSequence masked) => [.. masked.Units.Where(unit => unit.Action != UnitAction.Visible)];

    private static bool IsInside(int id) => Pieces[id].StartsWith("##");

    private static int WordsIn(int[] tokens, MaskingUnit unit) =>
        Enumerable.Range(unit.Start, unit.Length).Count(i => i == unit.Start || !IsInside(tokens[i]));
}
