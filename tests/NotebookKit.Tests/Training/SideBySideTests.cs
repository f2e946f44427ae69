using NotebookKit.Models;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Training;

[Collection(nameof(SideBySideTests))]
[CollectionDefinition(nameof(SideBySideTests), DisableParallelization = true)]
public class SideBySideTests
{
    private static readonly BertConfig Shape = SmallBert.Config with { HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 };

    [Fact]
    public void Each_half_has_half_of_the_threads_in_a_thread_of_its_own() => WithThreads(2, () =>
    {
        (int Id, int Threads) first = default, second = default;

        SideBySide.Run(() => first = (Environment.CurrentManagedThreadId, get_num_threads()), () => second = (Environment.CurrentManagedThreadId, get_num_threads()));

        Assert.Equal((Environment.CurrentManagedThreadId, 1), first);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((1, 2), (second.Threads, get_num_threads()));
    });

    [Fact]
    public void Both_are_awaited_and_the_first_error_is_thrown() => WithThreads(2, () =>
    {
        bool ended = false;
        Assert.Equal("first", Assert.Throws<InvalidOperationException>(() => SideBySide.Run(() => throw new InvalidOperationException("first"), () =>
        {
            Thread.Sleep(50);
            ended = true;
            throw new InvalidOperationException("second");
        })).Message);
        Assert.True(ended);
        Assert.Equal("second", Assert.Throws<InvalidOperationException>(() => SideBySide.Run(() => { }, () => throw new InvalidOperationException("second"))).Message);
        Assert.Equal(2, get_num_threads());
    });

    [Fact]
    public void Ten_trainings_in_halves_give_the_same_bits() => WithThreads(2, () =>
    {
        // The word embeddings are used as embedding and as head: twice in a half by BERT and GPT-2, three times by T5.
        float[] bert = Bert().Weights, t5 = T5().Weights;
        for (int i = 1; i < 10; i++)
        {
            Assert.Equal(bert, Bert().Weights);
            Assert.Equal(t5, T5().Weights);
        }
    });

    /// <summary>A number that only its address holds may be freed by a collection that another thread starts: see <see cref="HeldNumbers"/>.</summary>
    [Fact]
    public void A_collection_at_any_moment_changes_no_bit() => WithThreads(2, () =>
    {
        float[] bert = Bert().Weights, t5 = T5().Weights;
        bool trained = false;
        var collecting = new Thread(() =>
        {
            while (!Volatile.Read(ref trained))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collecting.Start();
        try
        {
            for (int i = 0; i < 40; i++)
            {
                if (i % 4 == 0) Assert.Equal(bert, Bert().Weights);
                Assert.Equal(t5, T5().Weights);
            }
        }
        finally
        {
            Volatile.Write(ref trained, true);
            collecting.Join();
        }
    });

    [Fact]
    public void Halves_train_as_the_batch_at_once()
    {
        // One thread works the batch at once.
        static void Same((double[] Losses, float[] Weights) a, (double[] Losses, float[] Weights) b)
        {
            Assert.Equal(a.Losses, b.Losses, (x, y) => Math.Abs(x - y) < 1e-5);
            Assert.Equal(a.Weights, b.Weights, (x, y) => Math.Abs(x - y) < 1e-3);
        }
        (double[], float[]) bert = default, t5 = default;
        WithThreads(2, () => (bert, t5) = (Bert(), T5()));
        WithThreads(1, () =>
        {
            Same(bert, Bert());
            Same(t5, T5());
        });
    }

    [Fact]
    public void A_half_that_fails_leaves_the_weights_and_the_next_step_goes_on() => WithThreads(2, () =>
    {
        using var weight = Linear();
        using var run = new TrainingRun(weight, new() { Steps = 10, WarmUpSteps = 0, LearningRate = 0.1 }, new Seed(0)) { SideBySide = true };
        float[] before = weight.weight!.data<float>().ToArray();

        foreach (int bad in new[] { 0, 3 })
        {
            var error = Assert.Throws<ArithmeticException>(() => run.Advance([0, 1, 2, 3], _ => 1, rows => weight.weight!.sum() * (rows.Contains(bad) ? float.NaN : 1)));
            Assert.Contains("step 0 is NaN", error.Message);
            Assert.Throws<InvalidOperationException>(() => run.Advance([0, 1, 2, 3], _ => 1, rows => rows.Contains(bad) ? throw new InvalidOperationException() : weight.weight!.sum()));
        }
        Assert.Throws<ArgumentException>(() => run.Advance([0, 1], _ => 0, _ => weight.weight!.sum()));

        Assert.Equal(before, weight.weight!.data<float>().ToArray());
        Assert.Equal(1, run.Advance([0, 1, 2, 3], _ => 1, _ => weight.weight!.sum()).Step);
        Assert.NotEqual(before, weight.weight!.data<float>().ToArray());
    });

    [Fact]
    public void A_batch_is_divided_only_without_dropout_and_where_it_pays() => WithThreads(2, () =>
    {
        Assert.True(SideBySide.Pays(64 * 32 * 128, hasDropout: false));
        Assert.False(SideBySide.Pays(64 * 32 * 128, hasDropout: true));
        Assert.False(SideBySide.Pays(32 * 64 * 384, hasDropout: false));
        using var model = Linear();
        int PartsOf(bool sideBySide, int rowsAtOnce, params int[] labels)
        {
            using var run = new TrainingRun(model, new() { Steps = 10 }, new Seed(0)) { SideBySide = sideBySide, RowsAtOnce = rowsAtOnce };
            int parts = 0;
            run.Advance(labels, n => n, _ =>
            {
                Interlocked.Increment(ref parts);
                return model.weight!.sum();
            });
            return parts;
        }
        Assert.Equal((1, 2, 1, 1), (PartsOf(false, 9, 1, 1, 1), PartsOf(true, 9, 1, 1, 1), PartsOf(true, 9, 1), PartsOf(true, 9, 2, 0)));
        Assert.Equal((2, 2), (PartsOf(false, 2, 1, 1, 1), PartsOf(true, 2, 1, 1, 1)));
    });

    [Fact]
    public void Fifty_steps_leave_no_tensor_behind() => WithThreads(2, () =>
    {
        using var model = new BertForMaskedLM(Shape);
        using var training = new Pretraining(model, SmallBert.Sequences(), SmallBert.MaskOne, SmallBert.Options with { Training = new() { Steps = 60 } }, new Seed(1));
        training.Advance();
        long before = Tensor.TotalCount;

        for (int i = 0; i < 50; i++) training.Advance();

        Assert.Equal(before, Tensor.TotalCount);
    });

    private static TorchSharp.Modules.Linear Linear() => nn.Linear(4, 3, hasBias: false);

    private static (double[] Losses, float[] Weights) Bert()
    {
        // Counts of labels differ from row to row.
        static void MaskSome(ReadOnlySpan<int> tokens, Span<int> inputs, Span<int> labels, ulong seed)
        {
            SmallBert.MaskOne(tokens, inputs, labels, seed);
            for (int i = 1; i < Math.Min(tokens.Length - 1, (int)(seed % 5)); i++) (labels[i], inputs[i]) = (tokens[i], SmallBert.Vocabulary.MaskId);
        }
        using var model = new BertForMaskedLM(Shape, seed: 3);
        using var training = new Pretraining(model, SmallBert.Sequences(), MaskSome, SmallBert.Options, new Seed(2));
        Assert.True(training.Run.SideBySide);
        double[] losses = [.. training.Steps().Select(step => step.Loss)];
        return (losses, Numbers(model));
    }

    private static (double[] Losses, float[] Weights) T5()
    {
        using var model = new T5ForConditionalGeneration(new() { VocabSize = 24, DModel = 16, DKv = 4, DFf = 24, NumLayers = 1, NumHeads = 2, DropoutRate = 0 }, seed: 3);
        var options = new TextToTextOptions { BatchSize = 7, MicroBatchSize = 7, InputLength = 5, TargetLength = 3, Training = new() { Steps = 12, WarmUpSteps = 0, LearningRate = 1e-2 }, Adafactor = new() { LearningRate = 1e-2, RelativeStep = false } };
        using var training = new TextToTextTraining(model, n => new([.. Enumerable.Range(0, 2 + (int)(n % 5)).Select(i => 2 + (int)((n * 7 + i * 3) % 20))], [.. Enumerable.Repeat(3 + (int)n % 9, (int)(n % 3)), 1]), options, new Seed(2));
        Assert.True(training.Run.SideBySide);
        double[] losses = [.. training.Steps().Select(step => step.Loss)];
        return (losses, Numbers(model));
    }

    private static float[] Numbers(nn.Module model) => [.. model.parameters().SelectMany(p => p.data<float>().ToArray())];

    private static void WithThreads(int threads, Action run)
    {
        int before = get_num_threads();
        set_num_threads(threads);
        try
        {
            run();
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
