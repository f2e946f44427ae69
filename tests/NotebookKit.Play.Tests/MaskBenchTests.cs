using NotebookKit.Models;
using NotebookKit.Play;
using NotebookKit.Play.Mask;
using NotebookKit.Pmi;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Pmi;
using NotebookKit.Tokenizers;
using TorchSharp;

namespace NotebookKit.Tests.Play;

/// <summary>The bench of PMI-Masking, on a text of 120 sentences.</summary>
public sealed class MaskBenchTests : IDisposable
{
    private readonly MaskBench _bench = TinyStands.Mask();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.15)]
    [InlineData(0.6)]
    public void No_scheme_chooses_more_pieces_than_the_rate_allows_and_every_text_is_shown_whole(double rate)
    {
        for (long seed = 1; seed <= 5; seed++)
        {
            var answer = _bench.Mask(new(TinyStands.Sentence, rate, seed));
            Assert.Equal(MaskBench.Schemes, answer.Rows.Select(r => r.Scheme));
            Assert.All(answer.Rows, row =>
            {
                Assert.InRange(row.Hidden, 1, Math.Max(1, (int)(rate * answer.Pieces + 0.5)));
                Assert.Equal(row.Hidden, row.Units.Where(u => u.Action != "visible").Sum(u => u.Length));
                Assert.Equal("the first day of the week is less than zero .", string.Concat(row.Units.Select(u => (u.Joins ? "" : " ") + u.Text)).Trim());
            });
        }
    }

    [Fact]
    public void Random_pieces_and_masks_stand_where_the_unit_says_and_kept_units_are_what_they_were()
    {
        var units = Enumerable.Range(1, 60).SelectMany(seed => _bench.Mask(new(TinyStands.Sentence, 0.5, seed)).Rows).SelectMany(r => r.Units).ToLookup(u => u.Action);
        Assert.All(units["masked"], u => Assert.All(u.Seen, piece => Assert.Equal("[MASK]", piece)));
        Assert.All(units["kept"].Concat(units["visible"]), u => Assert.Equal(u.Text, string.Concat(u.Seen.Select((p, i) => p.StartsWith("##", StringComparison.Ordinal) ? p[2..] : (i > 0 ? " " : "") + p))));
        Assert.All(units["random"], u => Assert.Equal(u.Length, u.Seen.Count));
        // 80 / 10 / 10, over some hundred units.
        double chosen = units["masked"].Count() + units["random"].Count() + units["kept"].Count();
        Assert.InRange(units["masked"].Count() / chosen, 0.7, 0.9);
        Assert.InRange(units["random"].Count() / chosen, 0.04, 0.18);
    }

    [Fact]
    public void A_unit_tells_its_count_and_the_PMI_of_two_words_as_one_counts_them_by_hand()
    {
        var unit = Enumerable.Range(1, 40).SelectMany(seed => _bench.Mask(new(TinyStands.Sentence, 0.3, seed)).Rows).SelectMany(r => r.Units).First(u => u.Scores is not null && u.Words == 2);
        List<string>[] sentences = [.. TinyStands.Text[Split.Train].Select(s => new BasicTokenizer().Tokenize(s)).Select(words => words.Where(w => w != ".").ToList())];
        string[] pair = unit.Text.Split(' ');
        long one = sentences.Sum(s => (long)s.Count), two = sentences.Sum(s => (long)Math.Max(0, s.Count - 1));
        double a = sentences.Sum(s => s.Count(w => w == pair[0])), b = sentences.Sum(s => s.Count(w => w == pair[1]));
        double both = sentences.Sum(s => s.Zip(s.Skip(1)).Count(p => p.First == pair[0] && p.Second == pair[1]));
        Assert.Equal(both, unit.Scores!.Count);
        Assert.Equal(Math.Log(both / two) - Math.Log(a / one) - Math.Log(b / one), unit.Scores.Pmi, 9);
        Assert.Equal(unit.Scores.Pmi, unit.Scores.Naive, 9);
        Assert.Equal(pair, unit.Scores.Cut);
    }

    [Fact]
    public void A_draw_can_be_opened_again_and_another_one_differs()
    {
        string Seen(long seed) => string.Join('|', _bench.Mask(new(TinyStands.Sentence, 0.3, seed)).Rows.SelectMany(r => r.Units).SelectMany(u => u.Seen));
        Assert.Equal(Seen(7), Seen(7));
        Assert.NotEqual(Seen(7), Seen(8));
    }

    [Fact]
    public void A_gap_is_read_hidden_whatever_the_draw_put_there_and_with_one_word_on_either_side()
    {
        var unit = _bench.Mask(new(TinyStands.Sentence, 0.3, 2)).Rows[1].Units.First(u => u.Action != "visible");
        var answer = _bench.Fill(new(TinyStands.Sentence, 0.3, 2, "whole word", unit.Start));
        Assert.Equal(unit.Length, answer.Truth.Count);
        Assert.Contains("[MASK]", answer.Sentence, StringComparison.Ordinal);
        string[] near = answer.TwoWords.Split(' ');
        Assert.Equal(unit.Length, near.Count(w => w == "[MASK]"));
        Assert.InRange(near.Length - unit.Length, 1, 2);
        Assert.Equal(["counts, no network", .. MaskBench.Schemes], answer.Readers.Select(r => r.Reader));
        Assert.All(answer.Readers.Skip(1).SelectMany(r => r.Sentence.Concat(r.TwoWords)), place =>
        {
            Assert.Equal(place.Top.OrderByDescending(g => g.Probability), place.Top);
            Assert.InRange(place.Truth!.Value, 1e-9, 1);
        });
    }

    [Fact]
    public void Guesses_are_the_softmax_of_the_model_at_the_gap()
    {
        var pieces = WordPieceTrainer.Train(TinyStands.Text.Sentences, TinyStands.Masking.Pieces, cancellation: TestContext.Current.CancellationToken);
        var model = new BertForMaskedLM(TinyStands.Masking.Model with { VocabSize = pieces.Count }, 5);
        using MaskReader reader = new("it", model, pieces, 32);
        int[] ids = pieces.Encode("the first [MASK] [MASK] the week"), truth = pieces.Encode("day of");
        var places = reader.Guess(ids, 2, truth);
        using var noGradient = torch.no_grad();
        long[] input = [pieces.ClassificationId, .. ids.Select(i => (long)i), pieces.SeparatorId];
        using var p = model.call(torch.tensor(input).unsqueeze(0), null, null)[0].softmax(-1);
        for (int i = 0; i < 2; i++)
        {
            float[] row = [.. p[3 + i].data<float>()];
            Assert.Equal(row[truth[i]], places[i].Truth!.Value, 6);
            Assert.Equal(row.Count(x => x > row[truth[i]]) + 1, places[i].Rank);
            Assert.Equal(row.Max(), places[i].Top[0].Probability!.Value, 6);
            Assert.Equal(pieces.Pieces[Array.IndexOf(row, row.Max())], places[i].Top[0].Piece);
        }
    }

    [Fact]
    public void A_text_beyond_the_stated_length_is_cut_and_the_answer_says_so()
    {
        string longText = string.Concat(Enumerable.Repeat(TinyStands.Sentence + " ", 400));
        var cut = _bench.Mask(new(longText));
        Assert.True(cut.WasCut);
        Assert.Equal(_bench.Mask(new(longText[..MaskBench.LongestText])).Pieces, cut.Pieces);
        // A gap far inside is read through a window that the models were trained on.
        var unit = cut.Rows[4].Units.Last(u => u.Action != "visible");
        Assert.InRange(_bench.Fill(new(longText, 0.15, 1, "PMI", unit.Start)).Sentence.Split(' ').Length, 1, 30);
    }

    [Theory]
    [InlineData("", 0.15, "text")]
    [InlineData(" \t\n", 0.15, "text")]
    [InlineData(null, 0.15, "text")]
    [InlineData("a word", 0.0, "rate")]
    [InlineData("a word", double.NaN, "rate")]
    [InlineData("a word", 1.0, "rate")]
    public void What_cannot_be_masked_is_told_in_a_sentence_at_its_field(string? text, double rate, string field) =>
        Assert.Equal(field, Assert.Throws<InputException>(() => _bench.Mask(new(text, rate))).Field);

    [Fact]
    public void A_gap_that_is_not_in_the_draw_is_told()
    {
        Assert.Equal("scheme", Assert.Throws<InputException>(() => _bench.Fill(new(TinyStands.Sentence, 0.15, 1, "frequency", 0))).Field);
        Assert.Equal("start", Assert.Throws<InputException>(() => _bench.Fill(new(TinyStands.Sentence, 0.15, 1, "PMI", 99))).Field);
    }

    [Fact]
    public void Kept_weights_give_the_same_bench_without_training()
    {
        using TemporaryFolder folder = new();
        RunCache cache = new(folder.Path);
        List<string> stages = [];
        Telling told = new(stages);
        using var first = MaskPreparation.Prepare(TinyStands.Text, TinyStands.Masking, cache, told, TestContext.Current.CancellationToken);
        Assert.Contains(stages, s => s.Contains("training a BERT", StringComparison.Ordinal));
        stages.Clear();
        using var again = MaskPreparation.Prepare(TinyStands.Text, TinyStands.Masking, cache, told, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(stages, s => s.Contains("training a BERT", StringComparison.Ordinal));
        var unit = first.Mask(new(TinyStands.Sentence)).Rows[4].Units.First(u => u.Action != "visible");
        GapQuestion question = new(TinyStands.Sentence, 0.15, 1, "PMI", unit.Start);
        Assert.Equal(first.Fill(question).Readers[^1].Sentence[0].Top, again.Fill(question).Readers[^1].Sentence[0].Top);
    }

    [Fact]
    public void What_notebook_01_has_trained_is_not_trained_again()
    {
        using TemporaryFolder folder = new();
        RunCache cache = new(folder.Path);
        var counts = new NgramCounter().Count(TinyStands.Text[Split.Train], new() { MinCount = TinyStands.Masking.MinCount }, cancellation: TestContext.Current.CancellationToken);
        MaskingComparison comparison = new(TinyStands.Text, counts, torch.CPU);
        Variant<MaskingStudy>[] variants = [.. MaskBench.Schemes.Select(scheme => new Variant<MaskingStudy>(scheme, TinyStands.Masking with { Scheme = scheme }))];
        void Run(params Variant<MaskingStudy>[] some) =>
            new Ablation<MaskingStudy>(MaskingExperiments.HalfTheTimeName, some, [1, 2], TinyStands.Text.Checksum).Execute(comparison.Pretrain, cache, cancellation: TestContext.Current.CancellationToken);

        Run(variants[..^1]);
        Assert.False(MaskPreparation.IsKept(TinyStands.Text, TinyStands.Masking, cache));
        Run(variants);
        Assert.True(MaskPreparation.IsKept(TinyStands.Text, TinyStands.Masking, cache));
        Assert.Equal(variants.Length, Directory.GetFiles(folder.Path, "*.weights", SearchOption.AllDirectories).Length); // of the first seed alone
        List<string> stages = [];
        using var bench = MaskPreparation.Prepare(TinyStands.Text, TinyStands.Masking, cache, new Telling(stages), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(stages, s => s.Contains("training a BERT", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reader_of_other_pieces_gets_the_same_words_and_the_whole_of_a_word_that_the_gap_cuts()
    {
        string[] special = [.. WordPieceVocabulary.SpecialTokens];
        WordPieceVocabulary bench = new([.. special, "un", "##kind", "words", "hurt"]), own = new([.. special, "unk", "##ind", "wor", "##ds", "hurt"]);
        int[] Ids(WordPieceVocabulary of, params string[] pieces) => [.. pieces.Select(p => of.Pieces.ToList().IndexOf(p))];
        Listening inner = new();
        using OtherPiecesReader reader = new(inner, own, bench, 30);

        // Only the second piece of "unkind" is hidden, and another gap stands for "hurt".
        reader.Guess([.. Ids(bench, "words", "un", "[MASK]", "[MASK]", "words")], gap: 2, Ids(bench, "##kind"));
        Assert.Equal(Ids(own, "wor", "##ds", "[MASK]", "[MASK]", "[MASK]", "wor", "##ds"), inner.Ids);
        Assert.Equal(2, inner.Gap);
        Assert.Equal(Ids(own, "unk", "##ind"), inner.Truth);
    }

    private sealed class Listening : IGapReader
    {
        public IReadOnlyList<int> Ids { get; private set; } = [];

        public int Gap { get; private set; }

        public IReadOnlyList<int> Truth { get; private set; } = [];

        public string Name => "listening";

        public int Room => int.MaxValue;

        public IReadOnlyList<PlaceGuesses> Guess(IReadOnlyList<int> ids, int gap, IReadOnlyList<int> truth)
        {
            (Ids, Gap, Truth) = (ids, gap, truth);
            return [];
        }

        public void Dispose()
        {
        }
    }
}
