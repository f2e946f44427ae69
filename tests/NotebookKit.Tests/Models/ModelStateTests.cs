using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public class ModelStateTests
{
    [Theory]
    [MemberData(nameof(TinyModel.Kinds), MemberType = typeof(TinyModel))]
    public void Dropout_acts_in_training_only(string kind)
    {
        using var scope = NewDisposeScope();
        (nn.Module model, Func<Tensor> forward) = TinyModel.Build(kind);
        model.train();
        Assert.False(allclose(forward(), forward(), 1e-4, 1e-4));
        model.eval();
        Assert.True(forward().equal(forward()).all().item<bool>());
        model.Dispose();
    }

    /// <summary>A move replaces every parameter; a module that held on to an old one would fail or mix types.</summary>
    [Theory]
    [MemberData(nameof(TinyModel.Kinds), MemberType = typeof(TinyModel))]
    public void A_moved_model_computes_with_its_moved_weights(string kind)
    {
        using var scope = NewDisposeScope();
        (nn.Module model, Func<Tensor> forward) = TinyModel.Build(kind);
        model.eval();
        Tensor wanted = forward();
        model.to(ScalarType.BFloat16);
        Tensor half = forward();
        Assert.Equal(ScalarType.BFloat16, half.dtype);
        Assert.True((half.to(float32) - wanted).abs().max().item<float>() < 0.05 * wanted.abs().max().item<float>());

        model.to(ScalarType.Float64);
        forward().sum().backward();
        Assert.All(model.named_parameters().Where(p => p.parameter.grad is not null), p => Assert.Equal(ScalarType.Float64, p.parameter.grad!.dtype));
        model.Dispose();
    }
}
