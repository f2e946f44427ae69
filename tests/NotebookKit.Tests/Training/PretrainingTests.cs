using NotebookKit.Models;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class PretrainingTests
{
    [Fact]
    public void One_seed_gives_one_run_and_another_seed_another()
    {
        float[] first = WeightsAfter(seed: 1);

        Assert.Equal(first, WeightsAfter(seed: 1));
        Assert.NotEqual(first, WeightsAfter(seed: 2));
    }

    [Fact]
    public void What_draws_random_numbers_between_two_steps_changes_nothing()
    {
        float[] undisturbed = WeightsAfter(seed: 1);

        Assert.Equal(undisturbed, WeightsAfter(seed: 1, between: () => torch.rand(10).Dispose()));
    }

    [Fact]
    public void An_evaluation_between_two_steps_changes_nothing_and_leaves_the_mode()
    {
        float[] undisturbed = WeightsAfter(seed: 1);
        var validation = MaskedSequences.Mask(SmallBert.Sequences(16), SmallBert.MaskOne, new Seed(9));

        Assert.Equal(undisturbed, WeightsAfter(seed: 1, evaluate: model =>
        {
            model.eval();
            validation.Evaluate(model);
            Assert.False(model.training);
        }));
    }

    [Fact]
    public void A_word_counts_as_filled_in_when_all_its_pieces_are()
    {
        // Two words of two pieces each; a model that always says "a" or "##b" by its bias alone is told by hand.
        var vocabulary = new WordPieceVocabulary([.. WordPieceVocabulary.SpecialTokens, "a", "##b", "c", "##d"]);
        var sequences = PackedSequences.Pack([new[] { 5, 6, 7, 8, 5 }], 16, vocabulary);
        var masked = MaskedSequences.Mask(sequences, (tokens, inputs, labels, _) =>
        {
            tokens.CopyTo(inputs);
            tokens.CopyTo(labels);
            labels[0] = labels[^1] = -100;
        }, new Seed(1));
        using var model = new BertForMaskedLM(SmallBert.Config with { VocabSize = 9 });
        MaskedLanguageScore Biased(params int[] pieces)
        {
            using var noGradient = torch.no_grad();
            var bias = model.named_parameters().Single(p => p.name == "cls.predictions.bias").parameter;
            bias.zero_();
            foreach (int piece in pieces) bias[piece] = 1000;
            return masked.Evaluate(model);
        }

        // Always "a": two of five pieces, and of the three words only the last, which is "a" alone.
        Assert.Equal((0.4, 1 / 3.0), (Biased(5).Accuracy, Biased(5).WordAccuracy));
        Assert.Equal((0.2, 0.0), (Biased(6).Accuracy, Biased(6).WordAccuracy));
    }

    [Fact]
    public void A_resumed_run_continues_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        float[] straight = WeightsAfter(seed: 1);
        using (var model = new BertForMaskedLM(SmallBert.Config))
        using (var pretraining = SmallBert.Begin(model, seed: 1))
        {
            for (int step = 0; step < 5; step++) pretraining.Advance();
            Checkpoint.Save(folder.File("run"), pretraining.Run);
            pretraining.Advance(); // what happens after the save must not reach the file
        }

        using var other = new BertForMaskedLM(SmallBert.Config, seed: 77);
        using var resumed = SmallBert.Begin(other, seed: 77);
        resumed.Advance(); // nothing of its own past may remain
        Checkpoint.Load(folder.File("run"), resumed.Run);

        Assert.Equal(5, resumed.Run.Step);
        foreach (var _ in resumed.Steps(TestContext.Current.CancellationToken)) { }
        Assert.Equal(straight, other.Weights());
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = SmallBert.Begin(model);
        var validation = MaskedSequences.Mask(SmallBert.Sequences(16), SmallBert.MaskOne, new Seed(9));
        pretraining.Advance(); // gradients come to life in the first step and stay
        validation.Evaluate(model);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        pretraining.Advance();
        validation.Evaluate(model);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_model_learns_what_there_is_to_learn()
    {
        var sequences = PackedSequences.Pack(Enumerable.Range(5, 40).Select(word => Enumerable.Repeat(word, 14).ToArray()), 16, SmallBert.Vocabulary);
        var validation = MaskedSequences.Mask(sequences, SmallBert.MaskOne, new Seed(9));
        using var model = new BertForMaskedLM(SmallBert.Config with { HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 });
        using var pretraining = new Pretraining(model, sequences, SmallBert.MaskOne,
            SmallBert.Options with { BatchSize = 40, Training = new() { Steps = 100, WarmUpSteps = 10, LearningRate = 1e-2 } }, new Seed(0));
        var before = validation.Evaluate(model);

        foreach (var _ in pretraining.Steps(TestContext.Current.CancellationToken)) { }

        var after = validation.Evaluate(model);
        Assert.InRange(before.Loss, Math.Log(45) - 0.5, Math.Log(45) + 0.5); // an untrained model knows nothing
        Assert.True(after.Accuracy > 0.9, $"accuracy {after.Accuracy}"); // every sentence repeats one word
    }

    [Fact]
    public void An_epoch_reads_every_sequence_once()
    {
        var sequences = SmallBert.Sequences(30);
        var seen = new List<string>();
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = new Pretraining(model, sequences, (tokens, inputs, labels, seed) =>
        {
            seen.Add(string.Join(' ', tokens.ToArray()));
            SmallBert.MaskOne(tokens, inputs, labels, seed);
        }, SmallBert.Options with { BatchSize = 1, Training = new() { Steps = 2 * sequences.Count } }, new Seed(3));

        foreach (var _ in pretraining.Steps(TestContext.Current.CancellationToken)) { }

        var all = Enumerable.Range(0, sequences.Count).Select(i => string.Join(' ', sequences[i].ToArray())).Order();
        var epochs = seen.Chunk(sequences.Count).ToList();
        Assert.Equal(all, epochs[0].Order());
        Assert.Equal(all, epochs[1].Order());
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    [Fact]
    public void A_batch_in_parts_trains_as_the_batch_at_once()
    {
        // Unequal parts, and maskers' counts that differ from row to row: the weighting has to be right.
        static void MaskSome(ReadOnlySpan<int> tokens, Span<int> inputs, Span<int> labels, ulong seed)
        {
            SmallBert.MaskOne(tokens, inputs, labels, seed);
            for (int i = 1; i < Math.Min(tokens.Length - 1, (int)(seed % 5)); i++) (labels[i], inputs[i]) = (tokens[i], SmallBert.Vocabulary.MaskId);
        }
        var config = SmallBert.Config with { HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 };
        double[] Losses(int microBatch)
        {
            using var model = new BertForMaskedLM(config);
            using var pretraining = new Pretraining(model, SmallBert.Sequences(), MaskSome, SmallBert.Options with { MicroBatchSize = microBatch }, new Seed(2));
            return [.. pretraining.Steps(TestContext.Current.CancellationToken).SelectMany(step => new[] { step.Loss, step.GradientNorm })];
        }

        Assert.Equal(Losses(8), Losses(3), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void Evaluation_does_not_depend_on_the_batch_size()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        var validation = MaskedSequences.Mask(SmallBert.Sequences(40), SmallBert.MaskOne, new Seed(9));

        var one = validation.Evaluate(model, batchSize: 1);
        var many = validation.Evaluate(model, batchSize: 64);

        Assert.Equal(one.Loss, many.Loss, 4);
        Assert.Equal(one.Accuracy, many.Accuracy, 6);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_before_the_weights_change()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var run = new TrainingRun(model, SmallBert.Options.Training, new Seed(0));
        float[] before = model.Weights();

        var error = Assert.Throws<ArithmeticException>(() => run.Advance(() => model.parameters().First().sum() * float.NaN));

        Assert.Contains("step 0", error.Message);
        Assert.Equal(before, model.Weights());
    }

    private static float[] WeightsAfter(ulong seed, Action? between = null, Action<BertForMaskedLM>? evaluate = null)
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = SmallBert.Begin(model, seed);
        foreach (var _ in pretraining.Steps(TestContext.Current.CancellationToken))
        {
            between?.Invoke();
            evaluate?.Invoke(model);
        }
        return model.Weights();
    }
}
