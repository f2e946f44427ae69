using System.Text;
using CsCheck;
using Microsoft.ML.Tokenizers;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class MaskerTests
{
    private const int Cls = 2, Sep = 3;

    private static readonly string[] Pieces =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]",
        .. "abcdefgh".Select(letter => letter.ToString()), .. "abcdefgh".Select(letter => "##" + letter), ".", ",",
    ];

    private static readonly PieceAlphabet Alphabet = new(Pieces);
    private static readonly int FirstPiece = 6;
    private static readonly string[] Entries = ["a b", "b c", "a b c", "c d e f", "ab c", "f g", "g h a", "abc d"];

    private static readonly CompiledVocabulary Vocabulary =
        new(new(Entries.Select(entry => new MaskingEntry(entry, entry.Split(' ').Length))), Alphabet);

    private static IMasker[] Maskers(MaskingOptions options) =>
    [
        new RandomTokenMasker(Alphabet, options), new WholeWordMasker(Alphabet, options),
        new RandomSpanMasker(Alphabet, options), new NgramMasker("PMI", Vocabulary, options),
    ];

    /// <summary>Any pieces, special tokens in any place.</summary>
    private static readonly Gen<int[]> GenTokens =
        Gen.Frequency((1, Gen.Int[0, 5]), (12, Gen.Int[FirstPiece, Pieces.Length - 1])).Array[0, 120];

    private static readonly Gen<MaskingOptions> GenOptions =
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 0.6], Gen.Double[0, 0.4], Gen.Bool).Select((rate, mask, random, take) =>
            new MaskingOptions { Rate = rate, MaskShare = mask, RandomShare = random, OverlongUnit = take ? OverlongUnit.Take : OverlongUnit.Skip });

    [Fact]
    public void Labels_are_the_original_ids_exactly_where_a_unit_was_chosen() => SampleAll((tokens, options, masked) =>
    {
        HashSet<int> chosen = [.. Places(masked.Units.Where(unit => unit.Action != UnitAction.Visible))];
        for (int i = 0; i < tokens.Length; i++)
            Assert.Equal(chosen.Contains(i) ? tokens[i] : IMasker.NotPredicted, masked.Labels[i]);
    });

    [Fact]
    public void Inputs_follow_the_one_decision_of_their_unit() => SampleAll((tokens, options, masked) =>
    {
        foreach (MaskingUnit unit in masked.Units)
        {
            Range places = unit.Start..(unit.Start + unit.Length);
            if (unit.Action is UnitAction.Visible or UnitAction.Kept) Assert.Equal(tokens[places], masked.Inputs[places]);
            if (unit.Action == UnitAction.Masked) Assert.All(masked.Inputs[places], id => Assert.Equal(Alphabet.MaskId, id));
            if (unit.Action == UnitAction.Randomized) Assert.All(masked.Inputs[places], id => Assert.True(id >= FirstPiece));
        }
    });

    [Fact]
    public void Units_hold_every_piece_once_and_no_special_token() => SampleAll((tokens, options, masked) =>
    {
        IEnumerable<int> pieces = Enumerable.Range(0, tokens.Length).Where(i => !IsSpecial(tokens[i]));
        Assert.Equal(pieces, Places(masked.Units));
        Assert.All(Enumerable.Range(0, tokens.Length).Where(i => IsSpecial(tokens[i])), i => Assert.Equal(tokens[i], masked.Inputs[i]));
    });

    [Fact]
    public void Mask_budget_counts_word_pieces_and_is_never_exceeded_when_overlong_units_are_skipped() => SampleAll((tokens, options, masked) =>
    {
        int budget = options.Budget(tokens.Count(id => !IsSpecial(id)));
        int predicted = masked.Labels.Count(label => label != IMasker.NotPredicted);
        if (options.OverlongUnit == OverlongUnit.Skip)
        {
            Assert.True(predicted <= budget);
            // What is left visible did not fit.
            if (predicted < budget) Assert.All(masked.Units.Where(unit => unit.Action == UnitAction.Visible), unit => Assert.True(unit.Length > budget - predicted));
        }
        else
        {
            Assert.True(predicted >= budget);
            int longest = masked.Units.Where(unit => unit.Action != UnitAction.Visible).Select(unit => unit.Length).DefaultIfEmpty().Max();
            Assert.True(predicted < budget + longest || predicted == 0);
        }
    });

    [Fact]
    public void No_unit_but_a_single_token_cuts_a_word() =>
        Gen.Select(GenTokens, GenOptions, Gen.ULong).Sample((tokens, options, seed) =>
        {
            foreach (IMasker masker in Maskers(options).Skip(1))
            {
                MaskingRandom random = new(seed);
                foreach (MaskingUnit unit in masker.Explain(tokens, ref random).Units)
                {
                    int end = unit.Start + unit.Length;
                    Assert.False(end < tokens.Length && IsInside(tokens[end]), "a unit ends inside a word");
                    Assert.False(unit.Start > 0 && IsInside(tokens[unit.Start]) && !IsSpecial(tokens[unit.Start - 1]), "a unit starts inside a word");
                }
            }
        }, iter: 300);

    [Fact]
    public void Ngram_units_are_those_of_the_words() =>
        Gen.Select(GenTokens, Gen.ULong).Sample((tokens, seed) =>
        {
            // The same words as text, with a mark that is in no entry where a special token stands.
            List<string> words = [];
            for (int i = 0; i < tokens.Length; i++)
            {
                string piece = Pieces[tokens[i]];
                if (IsSpecial(tokens[i])) words.Add("|");
                else if (IsInside(tokens[i]) && words.Count > 0 && words[^1] != "|") words[^1] += piece[2..];
                else words.Add(piece);
            }
            UnitSegmenter segmenter = new(new(Entries.Select(entry => new MaskingEntry(entry, entry.Split(' ').Length))));
            MaskingRandom random = new(seed);
            string expected = string.Join(" / ", segmenter.Segment(words, ref random).Select(unit => string.Join(' ', words[unit])).Where(unit => unit != "|"));

            random = new(seed);
            MaskedSequence masked = new NgramMasker("PMI", Vocabulary).Explain(tokens, ref random);
            string actual = string.Join(" / ", masked.Units.Select(unit => Text(tokens, unit)));
            Assert.Equal(expected, actual);
        }, iter: 1000);

    [Fact]
    public void Mask_and_Explain_agree_and_inputs_may_overwrite_tokens() =>
        Gen.Select(GenTokens, GenOptions, Gen.ULong).Sample((tokens, options, seed) =>
        {
            foreach (IMasker masker in Maskers(options))
            {
                MaskingRandom random = new(seed), again = new(seed);
                MaskedSequence masked = masker.Explain(tokens, ref random);
                int[] inputs = [.. tokens], labels = new int[tokens.Length];
                masker.Mask(inputs, inputs, labels, ref again);
                Assert.Equal(masked.Inputs, inputs);
                Assert.Equal(masked.Labels, labels);
                Assert.Equal(random.NextBits(), again.NextBits());
            }
        }, iter: 200);

    [Fact]
    public void Eighty_ten_ten_is_drawn_once_for_each_unit()
    {
        int[] tokens = LongSequence(2000);
        foreach (IMasker masker in Maskers(new()))
        {
            MaskingRandom random = new(17);
            List<MaskingUnit> chosen = [];
            for (int i = 0; i < 50; i++) chosen.AddRange(masker.Explain(tokens, ref random).Units.Where(unit => unit.Action != UnitAction.Visible));
            AssertShare(UnitAction.Masked, 0.8);
            AssertShare(UnitAction.Randomized, 0.1);
            AssertShare(UnitAction.Kept, 0.1);

            void AssertShare(UnitAction action, double p)
            {
                double tolerance = 5 * Math.Sqrt(p * (1 - p) / chosen.Count);
                Assert.InRange(chosen.Count(unit => unit.Action == action) / (double)chosen.Count, p - tolerance, p + tolerance);
            }
        }
    }

    [Fact]
    public void Mask_only_replaces_every_chosen_piece_by_the_mask()
    {
        int[] tokens = LongSequence(500);
        foreach (IMasker masker in Maskers(new() { Rate = 0.4, MaskShare = 1, RandomShare = 0 }))
        {
            MaskingRandom random = new(4);
            MaskedSequence masked = masker.Explain(tokens, ref random);
            Assert.Equal(masked.Labels.Select(label => label != IMasker.NotPredicted), masked.Inputs.Select(id => id == Alphabet.MaskId));
        }
    }

    [Fact]
    public void Units_are_chosen_uniformly()
    {
        // Single pieces only, so that the budget passes over none.
        int[] tokens = [.. Enumerable.Repeat(FirstPiece, 40)];
        foreach (IMasker masker in new IMasker[] { new RandomTokenMasker(Alphabet), new WholeWordMasker(Alphabet), new NgramMasker("PMI", Vocabulary) })
        {
            int[] seen = new int[tokens.Length], inputs = new int[tokens.Length], labels = new int[tokens.Length];
            MaskingRandom random = new(8);
            const int draws = 20_000;
            for (int i = 0; i < draws; i++)
            {
                masker.Mask(tokens, inputs, labels, ref random);
                for (int at = 0; at < labels.Length; at++)
                    if (labels[at] != IMasker.NotPredicted) seen[at]++;
            }
            double tolerance = 5 * Math.Sqrt(draws * 0.15 * 0.85);
            Assert.All(seen, count => Assert.InRange(count, draws * 0.15 - tolerance, draws * 0.15 + tolerance));
        }
    }

    [Fact]
    public void Random_replacements_are_uniform_over_ordinary_pieces()
    {
        int[] tokens = [.. Enumerable.Repeat(FirstPiece, 1000)], inputs = new int[1000], labels = new int[1000];
        RandomTokenMasker masker = new(Alphabet, new() { Rate = 1, MaskShare = 0, RandomShare = 1 });
        MaskingRandom random = new(9);
        int[] seen = new int[Pieces.Length];
        for (int i = 0; i < 100; i++)
        {
            masker.Mask(tokens, inputs, labels, ref random);
            foreach (int id in inputs) seen[id]++;
        }
        double mean = 100_000.0 / (Pieces.Length - FirstPiece);
        Assert.All(seen[..FirstPiece], count => Assert.Equal(0, count));
        Assert.All(seen[FirstPiece..], count => Assert.InRange(count, mean - 5 * Math.Sqrt(mean), mean + 5 * Math.Sqrt(mean)));
    }

    [Fact]
    public void Masking_allocates_nothing_after_the_first_sequence()
    {
        int[] tokens = LongSequence(512), inputs = new int[512], labels = new int[512];
        foreach (IMasker masker in Maskers(new()))
        {
            MaskingRandom random = new(1);
            masker.Mask(tokens, inputs, labels, ref random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) masker.Mask(tokens, inputs, labels, ref random);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Whole_words_are_cut_into_pieces_as_the_tokenizer_cuts_them()
    {
        string[] pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "ab", "abc", "b", "##a", "##ab", "##bc", "##c", "##é"];
        PieceAlphabet alphabet = new(pieces);
        WordPieceTokenizer tokenizer = WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', pieces))), new() { UnknownToken = "[UNK]" });
        Gen.Char["abcéx"].Array[1, 12].Select(letters => new string(letters)).Sample(word =>
        {
            IReadOnlyList<int> expected = tokenizer.EncodeToIds(word);
            Assert.Equal(expected, alphabet.Encode(word) ?? [1]);
        }, iter: 2000);
    }

    [Fact]
    public void An_entry_with_an_unknown_word_is_left_out_and_counted()
    {
        CompiledVocabulary compiled = new(new([new("a b", 2), new("a xyz", 2), new("ab c", 2)]), Alphabet);
        Assert.Equal(1, compiled.Unknown);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        WholeWordMasker masker = new(Alphabet);
        int[] four = new int[4];
        Assert.Contains("the id 99 at place 1", Message(() => Mask([6, 99], new int[2], new int[2])), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("room for 4 inputs and 2 labels", Message(() => Mask([6, 6], four, new int[2])));
        Assert.Contains("no piece '[MASK]'", Message(() => new PieceAlphabet(["[CLS]", "a"])));
        Assert.Contains("'a' has two ids, 1 and 2", Message(() => new PieceAlphabet(["[MASK]", "a", "a"])));
        Assert.Contains("nothing to draw random pieces from", Message(() => new WholeWordMasker(new PieceAlphabet(["[MASK]"]))));
        Assert.Contains("between 0 and 1", Message(() => new WholeWordMasker(Alphabet, new() { Rate = 15 })));
        Assert.Contains("must not exceed 1", Message(() => new WholeWordMasker(Alphabet, new() { MaskShare = 0.8, RandomShare = 0.3 })));

        static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

        void Mask(int[] tokens, int[] inputs, int[] labels)
        {
            MaskingRandom random = new(1);
            masker.Mask(tokens, inputs, labels, ref random);
        }
    }

    private static void SampleAll(Action<int[], MaskingOptions, MaskedSequence> check) =>
        Gen.Select(GenTokens, GenOptions, Gen.ULong).Sample((tokens, options, seed) =>
        {
            foreach (IMasker masker in Maskers(options))
            {
                MaskingRandom random = new(seed);
                check(tokens, options, masker.Explain(tokens, ref random));
            }
        }, iter: 300);

    private static int[] LongSequence(int length)
    {
        MaskingRandom random = new(99);
        int[] tokens = new int[length];
        for (int i = 1; i < length - 1; i++) tokens[i] = FirstPiece + random.Next(Pieces.Length - FirstPiece);
        (tokens[0], tokens[^1]) = (Cls, Sep);
        return tokens;
    }

    private static IEnumerable<int> Places(IEnumerable<MaskingUnit> units) => units.SelectMany(unit => Enumerable.Range(unit.Start, unit.Length));

    private static bool IsSpecial(int id) => Pieces[id] is "[PAD]" or "[CLS]" or "[SEP]" or "[MASK]";

    private static bool IsInside(int id) => Pieces[id].StartsWith("##", StringComparison.Ordinal);

    private static string Text(int[] tokens, MaskingUnit unit)
    {
        StringBuilder text = new();
        for (int i = unit.Start; i < unit.Start + unit.Length; i++)
        {
            string piece = Pieces[tokens[i]];
            // A word that was cut off at a special token begins with a continuing piece.
            if (i == unit.Start) text.Append(piece);
            else text.Append(IsInside(tokens[i]) ? piece[2..] : " " + piece);
        }
        return text.ToString();
    }
}
