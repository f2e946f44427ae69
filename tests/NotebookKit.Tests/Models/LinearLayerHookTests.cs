using NotebookKit.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

/// <summary>Editors look at a linear layer's input and output, and change the output, through forward hooks.</summary>
public class LinearLayerHookTests
{
    [Theory]
    [MemberData(nameof(TinyModel.Kinds), MemberType = typeof(TinyModel))]
    public void Every_linear_layer_is_seen_by_a_hook(string kind)
    {
        using var scope = NewDisposeScope();
        (nn.Module model, Func<Tensor> forward) = TinyModel.Build(kind);
        model.eval();
        var seen = new HashSet<string>();
        var layers = model.named_modules().Where(m => m.module is Linear or Conv1D).ToList();
        foreach ((string name, nn.Module layer) in layers)
            ((nn.Module<Tensor, Tensor>)layer).register_forward_hook((_, _, output) => { seen.Add(name); return output; });
        forward();
        Assert.Equal(layers.Select(l => l.name).Order(), seen.Order());
        model.Dispose();
    }

    [Theory]
    [InlineData("bert", "bert.encoder.layer.1.intermediate.dense")]
    [InlineData("gpt2", "transformer.h.1.mlp.c_proj")]
    [InlineData("t5", "decoder.block.1.layer.2.DenseReluDense.wo")]
    public void Input_and_output_gradient_from_a_hook_give_the_weight_gradient(string kind, string layerName)
    {
        using var scope = NewDisposeScope();
        (nn.Module model, Func<Tensor> forward) = TinyModel.Build(kind);
        model.eval();
        var layer = (nn.Module<Tensor, Tensor>)model.named_modules().Single(m => m.name == layerName).module;
        Tensor? u = null, v = null;
        layer.register_forward_hook((_, input, output) =>
        {
            (u, v) = (input.alias().DetachFromDisposeScope(), output.DetachFromDisposeScope()); // the model's own scope ends before we look
            return output;
        });
        Tensor loss = forward().square().mean();
        Parameter weight = layer.parameters().First(p => p.dim() == 2);
        Tensor delta = autograd.grad([loss], [v!], retain_graph: true)[0];
        loss.backward();
        Tensor product = delta.flatten(0, -2).t().mm(u!.flatten(0, -2)); // [out, in]
        Assert.True(allclose(layer is Conv1D ? product.t() : product, weight.grad!, 1e-4, 1e-6));
        u!.Dispose();
        v!.Dispose();
        model.Dispose();
    }
}
