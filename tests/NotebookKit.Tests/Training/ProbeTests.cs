using CsCheck;
using NotebookKit.Models;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class ProbeTests
{
    /// <summary>A text's label says whether w0 or w1 is in it; the other words tell nothing.</summary>
    private static LabelledSequences Texts(int count, int seed)
    {
        var random = new Random(seed);
        return LabelledSequences.Of(Enumerable.Range(0, count).Select(i =>
        {
            var words = Enumerable.Range(0, 2 + random.Next(6)).Select(_ => 7 + random.Next(38)).ToList();
            words.Insert(random.Next(words.Count), 5 + i % 2);
            return ((IReadOnlyList<int>)words, i % 2);
        }), 16, SmallBert.Vocabulary);
    }

    [Fact]
    public void Even_a_random_trunk_shows_a_linear_probe_which_word_is_in_the_text()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);

        var mean = LinearProbe.Score(model.Bert, Texts(400, 1), Texts(200, 2));

        Assert.True(mean.Accuracy > 0.9, $"accuracy {mean.Accuracy}");
        Assert.Equal(mean, LinearProbe.Score(model.Bert, Texts(400, 1), Texts(200, 2)));
    }

    [Fact]
    public void Fine_tuning_learns_the_task_leaves_the_trunk_alone_and_follows_its_seed()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        float[] before = model.Weights();
        var options = new FineTuningOptions { Epochs = 12, LearningRate = 3e-3 };

        var score = FineTuning.Score(model.Bert, Texts(200, 1), Texts(200, 2), options, new Seed(1), TestContext.Current.CancellationToken);

        Assert.True(score.Accuracy > 0.9, $"accuracy {score.Accuracy}");
        Assert.Equal(before, model.Weights());
        Assert.Equal(score, FineTuning.Score(model.Bert, Texts(200, 1), Texts(200, 2), options, new Seed(1), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(3, 3, 12, 3, 3)] // fits
    [InlineData(20, 3, 12, 6, 3)] // the longer one is cut
    [InlineData(3, 20, 12, 3, 6)]
    [InlineData(20, 20, 12, 5, 4)] // both, the first keeps the odd piece
    [InlineData(6, 5, 12, 5, 4)]
    public void A_pair_too_long_loses_the_ends_of_the_longer_text(int first, int second, int length, int firstLeft, int secondLeft)
    {
        var pair = LabelledSequences.OfPairs([([.. Enumerable.Repeat(7, first)], [.. Enumerable.Repeat(8, second)], 0)], length, SmallBert.Vocabulary);

        Assert.Equal([2, .. Enumerable.Repeat(7, firstLeft), 3, .. Enumerable.Repeat(8, secondLeft), 3], pair[0]);
    }

    [Fact]
    public void Only_the_segment_tells_the_two_texts_of_a_pair_apart_when_order_is_hidden()
    {
        // The label says which of the two texts has w0; positions are the same for both, so only the segment or the place can tell.
        LabelledSequences Pairs(int count, int seed)
        {
            var random = new Random(seed);
            return LabelledSequences.OfPairs(Enumerable.Range(0, count).Select(i =>
            {
                int[][] texts = [.. Enumerable.Range(0, 2).Select(t => Enumerable.Range(0, 3).Select(_ => 7 + random.Next(38)).ToArray())];
                texts[i % 2][random.Next(3)] = 5;
                return ((IReadOnlyList<int>)texts[0], (IReadOnlyList<int>)texts[1], i % 2);
            }), 16, SmallBert.Vocabulary);
        }
        using var model = new BertForMaskedLM(SmallBert.Config);

        var score = FineTuning.Score(model.Bert, Pairs(300, 1), Pairs(200, 2), new() { Epochs = 15, LearningRate = 3e-3 }, new Seed(1), TestContext.Current.CancellationToken);

        Assert.True(score.Accuracy > 0.9, $"accuracy {score.Accuracy}");
    }

    [Fact]
    public void Frozen_embeddings_leave_enough_to_learn_a_task()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        var options = new FineTuningOptions { Epochs = 12, LearningRate = 3e-3, FreezeEmbeddings = true };

        var frozen = FineTuning.Score(model.Bert, Texts(200, 1), Texts(200, 2), options, new Seed(1), TestContext.Current.CancellationToken);

        Assert.True(frozen.Accuracy > 0.9, $"accuracy {frozen.Accuracy}");
        Assert.NotEqual(frozen.Accuracy, FineTuning.Score(model.Bert, Texts(200, 1), Texts(200, 2), options with { FreezeEmbeddings = false, Epochs = 1 }, new Seed(1), TestContext.Current.CancellationToken).Accuracy);
    }

    [Fact]
    public void A_probe_leaves_no_tensor_behind()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        void Probe()
        {
            LinearProbe.Score(model.Bert, Texts(40, 1), Texts(20, 2));
            FineTuning.Score(model.Bert, Texts(40, 1), Texts(20, 2), new() { Epochs = 1 });
        }
        Probe();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Probe();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Features_of_a_text_do_not_depend_on_the_padding_of_its_batch()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        var texts = Texts(20, 1);
        foreach (var options in new LinearProbeOptions[] { new(), new() { Pooling = Pooling.Classification }, new() { AllLayers = true } })
        {
            using var together = LinearProbe.Features(model.Bert, texts, options);
            for (int i = 0; i < texts.Count; i++)
            {
                var alone = LabelledSequences.Of([((IReadOnlyList<int>)texts[i][1..^1].ToArray(), 0)], 16, SmallBert.Vocabulary);
                using var one = LinearProbe.Features(model.Bert, alone, options);
                Assert.True(one[0].allclose(together[i], 1e-4, 1e-5));
            }
        }
    }

    [Fact]
    public void All_layers_side_by_side_are_the_embeddings_first_and_end_with_the_last_layer()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        var texts = Texts(8, 1);
        long width = SmallBert.Config.HiddenSize;

        using var all = LinearProbe.Features(model.Bert, texts, new() { AllLayers = true });
        using var last = LinearProbe.Features(model.Bert, texts, new());

        Assert.Equal([8, (SmallBert.Config.NumHiddenLayers + 1) * width], all.shape);
        using var end = all.slice(1, all.shape[1] - width, all.shape[1], 1);
        Assert.True(end.allclose(last));
    }

    [Fact]
    public void The_regression_ends_where_the_gradient_of_its_objective_vanishes()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor x = cat([randn([200, 6], float64, generator: generator), ones(200, 1, float64)], 1);
        Tensor y = (x.select(1, 0) + 0.5 * x.select(1, 1) * randn([200], float64, generator: generator)).gt(0).to(int64) + x.select(1, 2).gt(1).to(int64);
        const double c = 0.7;

        Tensor w = SoftmaxRegression.Fit(x, y, 3, c).detach().requires_grad_(true);

        // The objective as its documentation states it, differentiated by autograd instead of by hand.
        Tensor loss = nn.functional.cross_entropy(x.mm(w), y) + w[TensorIndex.Slice(0, 6)].square().sum() / (2 * 200 * c);
        loss.backward();
        Assert.True(w.grad!.abs().max().item<double>() < 2e-6);
    }

    [Fact]
    public void Macro_F1_is_the_mean_of_the_harmonic_means_of_precision_and_recall() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 30].Sample(pairs =>
        {
            var score = ProbeScore.Of([.. pairs.Select(p => p.Item1)], [.. pairs.Select(p => p.Item2)]);

            var f1 = pairs.SelectMany(p => new[] { p.Item1, p.Item2 }).Distinct().Select(label =>
            {
                double hits = pairs.Count(p => p.Item1 == label && p.Item2 == label);
                if (hits == 0) return 0;
                double precision = hits / pairs.Count(p => p.Item1 == label), recall = hits / pairs.Count(p => p.Item2 == label);
                return 2 * precision * recall / (precision + recall);
            });
            Assert.Equal(f1.Average(), score.MacroF1, 12);
            Assert.Equal(pairs.Count(p => p.Item1 == p.Item2), score.Accuracy * pairs.Length, 9);
        });

    [Fact]
    public void A_label_below_zero_is_refused_with_its_place() =>
        Assert.Contains("Text 1", Assert.Throws<ArgumentException>(() => LabelledSequences.Of([([7], 0), ([8], -1)], 16, SmallBert.Vocabulary)).Message);
}
