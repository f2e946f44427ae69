using NotebookKit.Models;
using NotebookKit.Prompting;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class SortedBatchesTests
{
    private static readonly T5Config Shape = new() { VocabSize = 40, DModel = 16, DKv = 4, DFf = 16, NumLayers = 1, NumHeads = 4, DropoutRate = 0 };

    private static readonly TextToTextOptions Options = new()
    {
        BatchSize = 4,
        MicroBatchSize = 4,
        SortedBatches = 3,
        InputLength = 16,
        TargetLength = 4,
        Adafactor = null,
        Training = new() { Steps = 6, WarmUpSteps = 0, LearningRate = 1e-3 },
    };

    [Fact]
    public void Sorting_deals_out_the_same_examples_and_a_resumed_run_deals_them_alike()
    {
        List<long> asked = [];
        TokenPair Example(long n)
        {
            asked.Add(n);
            return new([.. Enumerable.Repeat(5, 1 + (int)(n * 7 % 13))], [6, 1]);
        }
        using var whole = new T5ForConditionalGeneration(Shape, 1);
        using var parted = new T5ForConditionalGeneration(Shape, 1);
        using (var run = new TextToTextTraining(whole, Example, Options, new Seed(2)))
            foreach (var _ in run.Steps(TestContext.Current.CancellationToken)) { }
        Assert.Equal(Enumerable.Range(0, 24).Select(n => (long)n), asked);

        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "run");
        using (var run = new TextToTextTraining(parted, Example, Options, new Seed(2)))
        {
            for (int i = 0; i < 2; i++) run.Advance(); // in the middle of three sorted batches
            Checkpoint.Save(path, run.Run);
        }
        using var resumed = new T5ForConditionalGeneration(Shape, 9);
        using (var run = new TextToTextTraining(resumed, Example, Options, new Seed(2)))
        {
            Checkpoint.Load(path, run.Run);
            foreach (var _ in run.Steps(TestContext.Current.CancellationToken)) { }
        }
        Assert.All(whole.parameters().Zip(resumed.parameters()), p => Assert.True(p.First.Equals(p.Second)));
    }

    [Fact]
    public void Embeddings_move_at_their_share_of_the_rate_and_everything_else_as_before()
    {
        T5ForConditionalGeneration Trained(double share)
        {
            var model = new T5ForConditionalGeneration(Shape, 1);
            var options = Options with { EmbeddingRateShare = share, Training = Options.Training with { Steps = 1, WeightDecay = 0, Schedule = RateSchedule.Constant } };
            using var run = new TextToTextTraining(model, n => new([5, 6, 7, 8], [9, 1]), options, new Seed(2));
            run.Advance();
            return model;
        }
        using var start = new T5ForConditionalGeneration(Shape, 1);
        using T5ForConditionalGeneration plain = Trained(1), faster = Trained(3);
        foreach (var ((name, before), (one, three)) in start.named_parameters().Zip(plain.parameters().Zip(faster.parameters())))
        {
            // The first step of Adam is the rate times the sign of the gradient, where there is one.
            using var scope = torch.NewDisposeScope();
            double ratio = (three - before).abs().max().item<float>() / Math.Max(1e-12, (one - before).abs().max().item<float>());
            Assert.Equal(name.StartsWith("shared", StringComparison.Ordinal) ? 3 : 1, ratio, 1e-2);
        }
    }

    [Fact]
    public void Mimetic_weights_make_queries_of_keys_and_undo_values_and_leave_the_rest()
    {
        using var plain = new T5ForConditionalGeneration(Shape, 1);
        using var model = new T5ForConditionalGeneration(Shape, 1);
        new MimeticWeights(PassOn: 4).Apply(model);
        var before = plain.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, after) in model.named_parameters())
        {
            using var scope = torch.NewDisposeScope();
            var expected = name switch
            {
                "encoder.block.0.layer.0.SelfAttention.q.weight" => before["encoder.block.0.layer.0.SelfAttention.k.weight"] / 2,
                "decoder.block.0.layer.1.EncDecAttention.o.weight" => 4 * before["decoder.block.0.layer.1.EncDecAttention.v.weight"].t(),
                _ => before[name],
            };
            Assert.True(after.allclose(expected), name);
        }
    }
}
