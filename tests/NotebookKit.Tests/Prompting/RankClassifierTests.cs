using System.Text;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Prompting;
using NotebookKit.Tests.Golden;
using NotebookKit.Tokenizers;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Prompting;

public class RankClassifierTests
{
    private static readonly WordPieceVocabulary Pieces = new(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "is", "this", "good", "bad", "very", "not", "a", "film", "?", "é", "##s", "##ly"]);

    private static readonly (string Input, IReadOnlyList<string> Choices)[] Questions =
    [
        ("Is this a good film?", ["good", "bad"]),
        ("Is this not a very very bad film?", ["not very good", "bad", "é"]),
        ("films", ["badly", "good", "not a film", "very"]),
    ];

    [Fact]
    public void Scores_equal_one_plain_forward_pass_for_each_choice()
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        TextTokens tokens = TextTokens.Of(Pieces);
        foreach (int batch in new[] { 1, 2, 3 })
        {
            var scores = new RankClassifier(model, tokens) { BatchSize = batch }.Score(Questions);
            foreach (var (question, score) in Questions.Zip(scores))
            {
                double[] wanted = [.. question.Choices.Select(choice => BruteForce(model, tokens, question.Input, choice))];
                for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], score.LogProbabilities[i], 1e-4);
                int[] length = [.. question.Choices.Select(c => tokens.Target(c, 99).Length)];
                Assert.Equal(ArgMax(wanted), score.Best());
                Assert.Equal(ArgMax([.. wanted.Zip(length, (w, n) => w / n)]), score.Best(LengthNormalisation.PerToken));
                Assert.Equal(ArgMax([.. wanted.Zip(question.Choices, (w, c) => w / Encoding.UTF8.GetByteCount(c))]), score.Best(LengthNormalisation.PerByte));
            }
        }
    }

    [Fact]
    public void A_calibrated_score_is_the_choice_s_log_probability_less_what_it_has_after_the_premise()
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        TextTokens tokens = TextTokens.Of(Pieces);
        const string premise = "is this";
        foreach (int batch in new[] { 1, 2, 64 })
        {
            var rank = new RankClassifier(model, tokens) { BatchSize = batch };
            var scores = rank.ScoreCalibrated(Questions, premise);
            int[] best = new int[Questions.Length];
            for (int q = 0; q < Questions.Length; q++)
            {
                double[] wanted = [.. Questions[q].Choices.Select(c => BruteForce(model, tokens, Questions[q].Input, c) - BruteForce(model, tokens, premise, c))];
                for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], scores[q].Calibrated(i), 2e-4);
                Assert.Equal(best[q] = ArgMax(wanted), scores[q].BestCalibrated());
            }
            PromptedExample[] examples = [.. Questions.Select((q, i) => new PromptedExample([q.Input, q.Choices[i == 1 ? (best[i] + 1) % 3 : best[i]]], q.Choices))];
            Assert.Equal(2 / 3.0, rank.CalibratedAccuracy(examples, premise), 1e-9);
        }
    }

    [Fact]
    public void Calibration_takes_the_frequent_answer_s_lead_away_and_needs_a_premise()
    {
        var scores = new ChoiceScores(["yes", "no"], [-1, -3], [2, 2]) { PremiseLogProbabilities = [-0.5, -4] };
        Assert.Equal((0, 1), (scores.Best(), scores.BestCalibrated()));
        Assert.Equal((-0.5, 1), (scores.Calibrated(0), scores.Calibrated(1)));
        Assert.Contains("premise", Assert.Throws<InvalidOperationException>(() => new ChoiceScores(["yes"], [-1], [1]).BestCalibrated()).Message);
        using T5ForConditionalGeneration model = Model();
        Assert.Contains("premise", Assert.Throws<ArgumentException>(() => new RankClassifier(model, TextTokens.Of(Pieces)).ScoreCalibrated(Questions, " ")).Message);
    }

    [Fact]
    public void The_score_is_the_sum_unless_a_length_is_asked_for()
    {
        var scores = new ChoiceScores(["no", "certainly", "café"], [-2, -6, -4], [2, 8, 3]);
        Assert.Equal([-2, -6, -4], Enumerable.Range(0, 3).Select(i => scores.Score(i)));
        Assert.Equal([-1, -0.75, -4 / 3.0], Enumerable.Range(0, 3).Select(i => scores.Score(i, LengthNormalisation.PerToken)));
        Assert.Equal([-1, -6 / 9.0, -0.8], Enumerable.Range(0, 3).Select(i => scores.Score(i, LengthNormalisation.PerByte)));
        Assert.Equal((0, 1, 1), (scores.Best(), scores.Best(LengthNormalisation.PerToken), scores.Best(LengthNormalisation.PerByte)));
    }

    public static TheoryData<string> Golden => GoldenFolders.Of(GoldenKind.T5);

    [Theory]
    [MemberData(nameof(Golden))]
    public void Scores_and_predictions_equal_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        T5Config config = ModelConfig.Parse<T5Config>(fixture.Config.GetRawText(), "t5", path);
        using var model = new T5ForConditionalGeneration(config);
        model.LoadWeights(fixture.WeightsPath);
        model.eval();
        var batch = fixture.Inputs.GetProperty("rank_classification").GetProperty("batch");
        int[][] Rows(string ids, string mask) => [.. GoldenFixture.Rows(batch.GetProperty(ids)).Zip(
            GoldenFixture.Rows(batch.GetProperty(mask)), (row, keep) => row.Where((_, t) => keep[t] == 1).Select(id => (int)id).ToArray())];
        Tensor expected = fixture.Expected("rank_classification/scores");
        int answers = (int)expected.shape[1];
        int[][] inputs = [.. Rows("input_ids", "attention_mask").Where((_, row) => row % answers == 0)];
        int[][][] choices = [.. Rows("labels", "labels_attention_mask").Chunk(answers)];

        double[] scores = new RankClassifier(model, TextTokens.Of(Pieces)).Sums(inputs, choices);

        Assert.Equal(expected.data<float>().Select(x => (double)x), scores, (a, b) => Math.Abs(a - b) < 1e-4);
        var predictions = fixture.ExpectedJson("rank_classification/predictions").EnumerateArray().Select(e => e.GetInt32());
        Assert.Equal(predictions, scores.Chunk(answers).Select((s, i) => new ChoiceScores(new string[answers], s, new int[answers]).Best()));
    }

    [Fact]
    public void Accuracy_counts_every_example_and_refuses_one_without_a_target_among_its_choices()
    {
        using T5ForConditionalGeneration model = Model();
        var rank = new RankClassifier(model, TextTokens.Of(Pieces));
        var best = rank.Score(Questions).Select(s => s.Best()).ToArray();
        PromptedExample Example(int question, int target) => new([Questions[question].Input, Questions[question].Choices[target]], Questions[question].Choices);
        PromptedExample[] examples = [Example(0, best[0]), Example(1, (best[1] + 1) % 3), Example(2, best[2])];

        Assert.Equal(2 / 3.0, rank.Accuracy(examples), 1e-9);
        Assert.Contains("none of the choices", Assert.Throws<ArgumentException>(() => rank.Accuracy([new(["this", "film"], ["good", "bad"])])).Message);
        Assert.Contains("no example", Assert.Throws<ArgumentException>(() => rank.Accuracy([])).Message);
    }

    [Theory]
    [InlineData(new[] { 0.5 }, 0.5, 0.5, 0.5)]
    [InlineData(new[] { 0.4, 0.1, 0.3, 0.2 }, 0.25, 0.175, 0.325)] // numpy.percentile, linear
    [InlineData(new[] { 8.9, 60.7, 76.8, 78.6, 78.6 }, 76.8, 60.7, 78.6)]
    public void Median_and_quartiles_are_numpy_s(double[] accuracies, double median, double q1, double q3)
    {
        PromptSpread spread = PromptSpread.Of(accuracies);
        Assert.Equal(median, spread.Median, 1e-12);
        Assert.Equal(q1, spread.Q1, 1e-12);
        Assert.Equal(q3, spread.Q3, 1e-12);
        Assert.Equal(spread.Q3 - spread.Q1, spread.InterquartileRange);
        Assert.Throws<ArgumentException>(() => PromptSpread.Of([]));
    }

    private static T5ForConditionalGeneration Model()
    {
        var model = new T5ForConditionalGeneration(new()
        {
            VocabSize = Pieces.Count,
            DModel = 16,
            DKv = 6,
            DFf = 24,
            NumLayers = 2,
            NumDecoderLayers = 1,
            NumHeads = 2,
            PadTokenId = Pieces.PaddingId,
            EosTokenId = Pieces.SeparatorId,
        }, seed: 5);
        model.eval();
        return model;
    }

    private static double BruteForce(T5ForConditionalGeneration model, TextTokens tokens, string input, string choice)
    {
        Tensor ids = Row(tokens.Input(input, 99)), labels = Row(tokens.Target(choice, 99));
        Tensor logProbabilities = model.call(ids, null, model.ShiftRight(labels), null)[0].log_softmax(-1);
        return Enumerable.Range(0, (int)labels.shape[1]).Sum(t => (double)logProbabilities[t, labels[0, t].item<long>()].item<float>());
    }

    private static Tensor Row(int[] ids) => tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);

    private static int ArgMax(double[] values) => Array.IndexOf(values, values.Max());
}
