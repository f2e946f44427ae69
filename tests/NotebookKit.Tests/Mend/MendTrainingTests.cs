using NotebookKit.Mend;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

public class MendTrainingTests
{
    private static readonly MendTrainingOptions Quick = new() { Steps = 24, LearningRate = 1e-2, AlphaLearningRate = 2e-3, Accumulate = 1, Schedule = RateSchedule.Cosine };

    [Theory]
    [InlineData("gpt2", TransformInput.Both)]
    [InlineData("t5", TransformInput.Both)]
    [InlineData("bert", TransformInput.Both)]
    [InlineData("gpt2", TransformInput.Separate)]
    [InlineData("gpt2", TransformInput.OnlyU)]
    [InlineData("gpt2", TransformInput.OnlyDelta)]
    [InlineData("gpt2", TransformInput.OnlySmaller)]
    [InlineData("gpt2", TransformInput.Nothing)]
    public void An_editor_learns_and_the_model_is_not_touched(string kind, TransformInput input)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        Tensor[] before = setting.WeightsNow();
        using var editor = new MendEditor(setting.Model, new() { Rank = 4, InitialAlpha = 1e-3, Input = input });
        using var training = new MendTraining(editor, Quick);
        List<MendStep> steps = [.. training.Train(Task(setting), cancellation: TestContext.Current.CancellationToken)];
        Assert.Equal(24, steps.Count);
        Assert.True(Total(steps.TakeLast(6)) < Total(steps.Take(6)), $"{Total(steps.Take(6))} became {Total(steps.TakeLast(6))}");
        Assert.NotEqual(steps[0].Alphas, steps[^1].Alphas);
        setting.AssertWeightsAre(before);
        Assert.All(setting.Model.Module.parameters(), p => Assert.True(p.grad is null));

        static double Total(IEnumerable<MendStep> steps) => steps.Average(s => 0.1 * s.EditLoss + s.LocalityLoss);
    }

    [Fact]
    public void A_training_that_was_stopped_and_resumed_ends_bit_for_bit_as_one_that_was_not()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var setting = EditingModels.Of("gpt2");
        MendTrainingOptions options = Quick with { Steps = 8, Accumulate = 2, ValidateEvery = 2 };
        MendEditor Fresh()
        {
            var editor = new MendEditor(setting.Model, new() { Rank = 4 }, new Seed(1));
            editor.FitStatistics([setting.Model.Batch(setting.Examples)]);
            return editor;
        }
        // Validation falls after step 4, so that the best editor is one from before the stop.
        Func<double> Validation(Func<long> step) => () => -Math.Abs(step() - 4);

        using MendEditor whole = Fresh(), first = Fresh(), second = Fresh();
        using var unbroken = new MendTraining(whole, options, new Seed(2));
        foreach (MendStep _ in unbroken.Train(Task(setting), Validation(() => unbroken.Step), cancellation: TestContext.Current.CancellationToken)) { }

        using (var stopped = new MendTraining(first, options, new Seed(2)))
        {
            foreach (MendStep step in stopped.Train(Task(setting), Validation(() => stopped.Step), cancellation: TestContext.Current.CancellationToken))
                if (step.Step == 5) break;
            stopped.Save(folder.File("training"));
        }
        using var resumed = new MendTraining(second, options, new Seed(2));
        resumed.Load(folder.File("training"));
        Assert.Equal((5, (-0.0, 4)), (resumed.Step, resumed.Best!.Value));
        foreach (MendStep _ in resumed.Train(Task(setting), Validation(() => resumed.Step), cancellation: TestContext.Current.CancellationToken)) { }

        Assert.Equal(8, resumed.Step);
        foreach (((string name, Tensor a), (_, Tensor b)) in whole.Network.state_dict().Zip(second.Network.state_dict(), (x, y) => ((x.Key, x.Value), (y.Key, y.Value))))
            Assert.True(a.bytes.SequenceEqual(b.bytes), name);
    }

    [Fact]
    public void A_checkpoint_of_an_editor_of_other_shapes_is_refused_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var setting = EditingModels.Of("gpt2");
        using var other = EditingModels.Of("t5");
        using MendEditor small = new(setting.Model, new() { Rank = 3 }), large = new(setting.Model, new() { Rank = 4 }), strange = new(other.Model, new() { Rank = 3 });
        using (var training = new MendTraining(small, Quick)) training.Save(folder.File("small"));
        foreach (MendEditor editor in new[] { large, strange })
        {
            byte[][] before = [.. editor.Network.state_dict().Values.Select(t => t.bytes.ToArray())];
            using var training = new MendTraining(editor, Quick);
            Assert.Contains("another model", Assert.Throws<InvalidDataException>(() => training.Load(folder.File("small"))).Message);
            Assert.Equal(before, editor.Network.state_dict().Values.Select(t => t.bytes.ToArray()));
        }
    }

    [Fact]
    public void Training_stops_when_validation_gets_no_better_and_the_editor_is_the_best_one()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using var editor = new MendEditor(setting.Model, new() { Rank = 4, InitialAlpha = 1e-3 });
        using var training = new MendTraining(editor, Quick with { ValidateEvery = 2, Patience = 6 });
        double[] scores = [1, 3, 2, 3, 2, 9]; // at steps 2, 4, …: an equal score is no better
        int seen = 0;
        IReadOnlyList<double>? atBest = null;
        var steps = new List<MendStep>();
        foreach (MendStep step in training.Train(Task(setting), () => scores[seen++], cancellation: TestContext.Current.CancellationToken))
        {
            steps.Add(step);
            if (step.Step == 4) atBest = step.Alphas;
        }
        Assert.Equal(10, steps[^1].Step);
        Assert.Equal((3, 4), training.Best);
        Assert.Equal(atBest, editor.Network.Alphas);
        Assert.NotEqual(steps[^1].Alphas, editor.Network.Alphas);
    }

    [Fact]
    public void Statistics_are_gathered_in_training_unless_they_are_frozen()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        double Seen(bool fit)
        {
            using var editor = new MendEditor(setting.Model, new() { Rank = 4 });
            if (fit) editor.FitStatistics([setting.Model.Batch(setting.Examples)]);
            double before = editor.Network.Of(0).Transform.U.Count;
            using var training = new MendTraining(editor, Quick);
            training.Advance([Task(setting)(new Seed(0))]);
            return editor.Network.Of(0).Transform.U.Count - before;
        }
        Assert.True(Seen(fit: false) > 2);
        Assert.Equal(0, Seen(fit: true));
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var setting = EditingModels.Of("gpt2");
        using var editor = new MendEditor(setting.Model, new() { Rank = 4 });
        using var training = new MendTraining(editor, Quick);
        Func<Seed, EditTask> task = Task(setting);
        training.Advance(1, _ => task(new Seed(0)));
        long alive = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 1; i < 4; i++) training.Advance(1, _ => task(new Seed((ulong)i)));
        Assert.Equal(alive, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Each of two edits with one rephrasing and two questions that must stay.</summary>
    internal static Func<Seed, EditTask> Task(EditingModels setting) => seed =>
    {
        int[] order = seed.Permutation(setting.Examples.Count);
        EditExample At(int i) => setting.Examples[order[i % order.Length]];
        EditExample Reworded(EditExample e) => new([.. e.Input.Reverse()], e.Target);
        return new(
            setting.Model.Batch([At(0), At(1)]), setting.Model.Batch([Reworded(At(0)), Reworded(At(1))]),
            setting.Model.Batch([At(2), At(3), At(3), At(2)]), Groups: 2);
    };
}
