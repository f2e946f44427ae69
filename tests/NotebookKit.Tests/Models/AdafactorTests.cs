using NotebookKit.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public class AdafactorTests
{
    private static readonly AdafactorOptions WithMean = new() { LearningRate = 1e-2, RelativeStep = false, ScaleParameter = false, Beta1 = 0.9 };

    [Fact]
    public void Saved_state_continues_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using Linear through = Model(), resumed = Model();
        using var optimizer = new Adafactor(through.parameters(), WithMean);
        for (int i = 0; i < 3; i++) Step(through, optimizer, i);

        using var file = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(file));
        resumed.load_state_dict(through.state_dict());
        file.Position = 0;
        using var second = new Adafactor(resumed.parameters(), WithMean);
        second.load_state_dict(new BinaryReader(file));

        for (int i = 3; i < 6; i++)
        {
            Step(through, optimizer, i);
            Step(resumed, second, i);
        }
        Assert.All(through.parameters().Zip(resumed.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.True(second.StateOf(resumed.weight!).ApproximatelyEquals(optimizer.StateOf(through.weight!)));
    }

    [Fact]
    public void A_matrix_keeps_a_row_and_a_column_of_state()
    {
        using Linear model = Model();
        using var optimizer = new Adafactor(model.parameters());
        Assert.Equal([3], optimizer.StateOf(model.weight!).Rows!.shape);
        Assert.Equal([4], optimizer.StateOf(model.weight!).Columns!.shape);
        Assert.Null(optimizer.StateOf(model.weight!).Full);
        Assert.Equal([3], optimizer.StateOf(model.bias!).Full!.shape);
    }

    [Fact]
    public void A_step_leaves_no_live_tensor_behind()
    {
        using Linear model = Model();
        using var optimizer = new Adafactor(model.parameters(), WithMean);
        Step(model, optimizer, 0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 3; i++) Step(model, optimizer, i);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Passes_over_memory_update_as_the_operations_do()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        foreach (var options in new[] { WithMean, WithMean with { Beta1 = null, WeightDecay = 0.1, ScaleParameter = true } })
            foreach (long[] shape in new long[][] { [700, 37], [3, 50], [65] })
            {
                // A gradient that is no stretch of memory takes the way of the operations.
                Parameter plain = new(randn(shape, generator: generator)), other = new(plain.detach().clone());
                using Adafactor passes = new([plain], options), operations = new([other], options);
                for (int i = 0; i < 3; i++)
                {
                    var gradient = randn(shape, generator: generator);
                    plain.grad = gradient;
                    other.grad = gradient.unsqueeze(-1).expand([.. shape, 2]).contiguous().select(-1, 0);
                    Assert.False(other.grad!.is_contiguous());
                    Assert.Equal(1, passes.Step(1.5) / operations.Step(1.5), 1e-4);
                }
                Assert.True(plain.allclose(other, rtol: 1e-5, atol: 1e-6), string.Join(", ", shape));
                Assert.True(passes.StateOf(plain).ApproximatelyEquals(operations.StateOf(other)));
            }
    }

    [Fact]
    public void A_rate_set_by_a_schedule_is_used()
    {
        using var scope = NewDisposeScope();
        using Linear model = Model();
        using var optimizer = new Adafactor(model.parameters(), WithMean);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0;
        Tensor before = model.weight!.clone();
        Step(model, optimizer, 0);
        Assert.True(before.equal(model.weight!).all().item<bool>());
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        using Linear model = Model();
        string Refused(AdafactorOptions options) => Assert.Throws<ArgumentException>(() => new Adafactor(model.parameters(), options)).Message;
        Assert.Contains("RelativeStep computes it", Refused(new() { LearningRate = 1e-3 }));
        Assert.Contains("missing", Refused(new() { RelativeStep = false }));
        Assert.Contains("WarmupInit", Refused(new() { LearningRate = 1e-3, RelativeStep = false, WarmupInit = true }));
        Assert.Contains("Beta1 is 1", Refused(new() { Beta1 = 1 }));
        Assert.Contains("ClipThreshold is 0", Refused(new() { ClipThreshold = 0 }));
    }

    private static Linear Model()
    {
        Linear model = nn.Linear(4, 3);
        using var noGradient = no_grad();
        using Tensor values = linspace(-1, 1, 12).reshape(3, 4);
        model.weight!.copy_(values);
        model.bias!.zero_();
        return model;
    }

    private static void Step(Linear model, Adafactor optimizer, int i)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        model.call(full([2, 4], 0.3 + i)).square().sum().backward();
        optimizer.step();
    }
}
