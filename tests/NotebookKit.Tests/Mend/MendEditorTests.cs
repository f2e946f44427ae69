using NotebookKit.Mend;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

public class MendEditorTests
{
    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void Independent_edits_of_one_batch_are_the_edits_that_each_alone_makes(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        using MendEditor editor = Fitted(setting);
        EditBatch all = setting.Model.Batch(setting.Examples);
        using var noGradient = no_grad();
        using EditGradient together = setting.Model.Gradient(all, groups: setting.Examples.Count);
        LinearFactors[] updates = editor.Network.Updates(together.Factors);
        Tensor grouped = setting.Model.With(updates, () => setting.Model.Logits(all));
        for (int i = 0; i < setting.Examples.Count; i++)
        {
            using EditBatch one = setting.Model.Batch([setting.Examples[i]]);
            using EditedModel edited = editor.Edit(one);
            Tensor alone = edited.Logits(one), mask = EditableModel.TargetMask(one).ne(0);
            Tensor row = grouped.narrow(0, i, 1), asked = EditableModel.TargetMask(all).narrow(0, i, 1).ne(0);
            Assert.True(allclose(alone[mask], row[asked], 1e-3, 1e-4), $"edit {i}");
        }
    }

    [Fact]
    public void Edits_of_one_update_add_up()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using MendEditor editor = Fitted(setting);
        using var noGradient = no_grad();
        Tensor Dense(IReadOnlyList<EditExample> examples, int weight)
        {
            using EditGradient gradient = setting.Model.Gradient(setting.Model.Batch(examples));
            return editor.Network.Updates(gradient.Factors)[weight].Dense();
        }
        for (int weight = 0; weight < setting.Model.Weights.Count; weight++)
        {
            Tensor sum = setting.Examples.Select(e => Dense([e], weight)).Aggregate((a, b) => a + b);
            Assert.True(allclose(sum, Dense(setting.Examples, weight), 1e-3, 1e-5));
        }
    }

    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void A_step_against_the_gradient_lowers_the_loss_and_one_along_it_raises_it(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        EditBatch batch = setting.Model.Batch(setting.Examples);
        double Loss(double alpha)
        {
            using var editor = new MendEditor(setting.Model, new() { Input = TransformInput.Nothing, Normalise = false, InitialAlpha = alpha });
            using EditedModel edited = editor.Edit(batch);
            using var noGradient = no_grad();
            return EditLosses.Edit(edited.Logits(batch), batch.Targets).item<float>();
        }
        using EditGradient gradient = setting.Model.Gradient(batch);
        Assert.True(Loss(1e-3) < gradient.Loss);
        Assert.True(Loss(-1e-3) > gradient.Loss); // the sign of the authors' code at its start
    }

    [Fact]
    public void A_new_network_passes_the_normalised_factors_on_and_can_learn()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        using var transform = new GradientTransform(5, 4, weights: 2, new() { Rank = 3 }, generator);
        Tensor u = randn(30, 5) * 3 + 1, delta = randn(30, 4) * 1e-3;
        transform.Observe(u, delta);
        (Tensor uTilde, Tensor deltaTilde) = transform.Run(u, delta, weight: 1);
        Assert.True(allclose(uTilde, (u - u.mean([0])) / u.std(0), 1e-3, 1e-4));
        Assert.True(allclose(deltaTilde, (delta - delta.mean([0])) / (delta.std(0) + 1e-7), 1e-3, 1e-3));
        (uTilde.sum() + deltaTilde.square().sum()).backward();
        // relu's gradient at 0 is 0: with it U, which starts at 0, would never move
        Assert.All(transform.named_parameters().Where(p => p.name.EndsWith(".u")), p => Assert.True(p.parameter.grad!.abs().sum().item<float>() > 0, p.name));
    }

    [Fact]
    public void The_last_layer_can_be_left_unclamped()
    {
        using var scope = NewDisposeScope();
        (Tensor U, Tensor Delta) Run(bool clamp)
        {
            using var generator = new Generator(3, CPU);
            var transform = new GradientTransform(5, 4, null, new() { Rank = 3, Normalise = false, IdentityStart = false, ClampLast = clamp }, generator);
            manual_seed(1);
            return transform.Run(randn(9, 5), randn(9, 4), null);
        }
        Assert.True(Run(clamp: true).U.ge(0).all().item<bool>());
        Assert.True(Run(clamp: false).U.lt(0).any().item<bool>());
        Assert.True(allclose(Run(clamp: true).Delta, Run(clamp: false).Delta.clamp(min: 0)));
    }

    [Fact]
    public void Statistics_do_not_depend_on_how_the_tokens_come()
    {
        using var scope = NewDisposeScope();
        Tensor tokens = randn(50, 6) * arange(1, 7) + 10;
        using var whole = new RunningStatistics(6);
        using var parts = new RunningStatistics(6);
        whole.Add(tokens);
        foreach (Tensor part in tokens.split([1, 20, 3, 26])) parts.Add(part);
        foreach (RunningStatistics statistics in new[] { whole, parts })
        {
            Assert.True(allclose(statistics.Mean, tokens.mean([0]), 1e-4, 1e-4));
            Assert.True(allclose(statistics.Deviation(), tokens.std(0), 1e-4, 1e-4));
            Assert.Equal(50, statistics.Count);
        }
    }

    [Fact]
    public void Padding_and_the_rest_of_the_batch_do_not_change_an_edit()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using MendEditor editor = Fitted(setting);
        using var noGradient = no_grad();
        EditExample example = setting.Examples[2]; // the shortest
        EditBatch alone = setting.Model.Batch([example]);
        EditBatch padded = new(functional_pad(alone.InputIds, 19), functional_pad(alone.AttentionMask, 0), functional_pad(alone.Targets, -100));
        using EditGradient a = setting.Model.Gradient(alone), b = setting.Model.Gradient(padded);
        foreach ((LinearFactors one, LinearFactors other) in editor.Network.Updates(a.Factors).Zip(editor.Network.Updates(b.Factors)))
            Assert.True(allclose(one.Dense(), other.Dense(), 1e-3, 1e-6));

        static Tensor functional_pad(Tensor t, long value) => cat([t, full_like(t.narrow(1, 0, 2), value)], 1);
    }

    [Fact]
    public void A_move_to_another_type_takes_all_of_the_network_along()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using MendEditor editor = Fitted(setting);
        editor.Network.to(float64);
        (GradientTransform transform, long? index) = editor.Network.Of(0);
        (Tensor u, Tensor delta) = transform.Run(randn(3, setting.Model.Weights[0].Inputs, dtype: float64), randn(3, setting.Model.Weights[0].Outputs, dtype: float64), index);
        Assert.Equal((float64, float64, float64), (u.dtype, delta.dtype, editor.Network.Alpha.dtype));
    }

    internal static MendEditor Fitted(EditingModels setting, MendOptions? options = null)
    {
        var editor = new MendEditor(setting.Model, options ?? new() { Rank = 4, InitialAlpha = 1e-2 }, new Seed(5));
        editor.FitStatistics([setting.Model.Batch(setting.Examples)]);
        // A new network is the identity; one that is not shows more.
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        manual_seed(7);
        foreach (var parameter in editor.Network.parameters().Where(p => p.dim() == 2)) parameter.add_(randn_like(parameter) * 0.1);
        return editor;
    }
}
