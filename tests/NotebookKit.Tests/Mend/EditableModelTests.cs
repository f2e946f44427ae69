using NotebookKit.Mend;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

public class EditableModelTests
{
    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void Delta_times_u_is_the_gradient_that_autograd_gives(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        EditableModel model = setting.Model;
        EditBatch batch = model.Batch(setting.Examples);
        using EditGradient gradient = model.Gradient(batch);

        foreach (EditableLinear weight in model.Weights) weight.Weight.requires_grad_(true);
        EditLosses.Edit(model.Logits(batch), batch.Targets).backward();
        Assert.All(model.Weights.Zip(gradient.Factors), pair =>
        {
            Tensor dense = pair.First.IsTransposed ? pair.Second.Dense().t() : pair.Second.Dense();
            Assert.True(allclose(dense, pair.First.Weight.grad!, 1e-4, 1e-6), pair.First.Name);
            Assert.True(pair.First.Weight.grad!.abs().max().item<float>() > 0, pair.First.Name);
        });
    }

    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void A_change_beside_the_weights_gives_the_scores_of_the_same_change_written_into_them(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        EditableModel model = setting.Model;
        EditBatch batch = model.Batch(setting.Examples);
        using (no_grad())
        {
            Tensor before = model.Logits(batch);
            using EditedModel edited = model.Edit(Changes(model));
            Tensor beside = edited.Logits(batch);
            edited.Apply();
            Assert.True(allclose(beside, edited.Logits(batch), 1e-4, 1e-5));
            Assert.False(allclose(before, beside, 1e-2, 1e-2));
        }
    }

    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void Reverting_gives_back_every_bit_whether_or_not_the_edit_was_applied(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        Tensor[] before = setting.WeightsNow();
        using var noGradient = no_grad();
        EditBatch batch = setting.Model.Batch(setting.Examples);
        byte[] scores = setting.Model.Logits(batch).bytes.ToArray();
        foreach (bool apply in new[] { false, true })
        {
            EditedModel edited = setting.Model.Edit(Changes(setting.Model));
            if (apply) edited.Apply();
            edited.Revert();
            edited.Revert(); // a second time is no harm
            setting.AssertWeightsAre(before);
            Assert.Equal(scores, setting.Model.Logits(batch).bytes.ToArray());
            Assert.Empty(setting.Model.Edits);
        }
    }

    [Fact]
    public void Disposing_reverts_an_edit_that_was_not_applied_and_keeps_one_that_was()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        Tensor[] before = setting.WeightsNow();
        setting.Model.Edit(Changes(setting.Model)).Dispose();
        setting.AssertWeightsAre(before);
        EditedModel edited = setting.Model.Edit(Changes(setting.Model));
        edited.Apply();
        edited.Dispose();
        Assert.Empty(setting.Model.Edits);
        Assert.False(before.Zip(setting.WeightsNow()).All(pair => pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void An_edit_applied_for_good_is_the_same_and_says_that_there_is_no_way_back()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        LinearFactors[] changes = Changes(setting.Model), copies = [.. changes.Select(c => new LinearFactors(c.U.clone(), c.Delta.clone()))];
        EditedModel first = setting.Model.Edit(changes);
        first.Apply();
        Tensor[] written = setting.WeightsNow();
        first.Revert();
        EditedModel second = setting.Model.Edit(copies);
        second.Apply(revertible: false);
        setting.AssertWeightsAre(written);
        Assert.Contains("permanent", Assert.Throws<InvalidOperationException>(second.Revert).Message);
        Assert.Empty(setting.Model.Edits);
    }

    [Fact]
    public void Edits_in_the_weights_are_reverted_in_reverse_order_only()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        Tensor[] before = setting.WeightsNow();
        EditedModel first = setting.Model.Edit(Changes(setting.Model)), second = setting.Model.Edit(Changes(setting.Model));
        first.Apply();
        second.Apply();
        Assert.Contains("later", Assert.Throws<InvalidOperationException>(first.Revert).Message);
        second.Revert();
        first.Revert();
        setting.AssertWeightsAre(before);
    }

    [Fact]
    public void Each_group_of_rows_is_changed_by_its_own_factors()
    {
        using var scope = NewDisposeScope();
        Tensor u = randn(3, 4, 5), delta = randn(3, 4, 6), x = randn(6, 2, 5);
        Tensor product = new LinearFactors(u, delta).Times(x);
        for (int row = 0; row < 6; row++)
        {
            Tensor matrix = delta[row / 2].t().mm(u[row / 2]); // [out, in]
            Assert.True(allclose(x[row].mm(matrix.t()), product[row], 1e-4, 1e-5));
        }
        Assert.Throws<ArgumentException>(() => new LinearFactors(u, delta).Times(randn(4, 2, 5)));
    }

    [Fact]
    public void The_model_is_frozen_while_it_is_under_edit_and_as_before_afterwards()
    {
        using var scope = NewDisposeScope();
        var setting = EditingModels.Of("gpt2");
        nn.Module model = setting.Model.Module;
        Assert.All(model.parameters(), p => Assert.False(p.requires_grad));
        setting.Model.Dispose();
        Assert.All(model.parameters(), p => Assert.True(p.requires_grad));
    }

    [Fact]
    public void A_scores_answer_is_the_greedy_answer()
    {
        using var scope = NewDisposeScope();
        foreach (string kind in new[] { "gpt2", "t5", "bert", "bert-yes-or-no" })
        {
            using var setting = EditingModels.Of(kind);
            // What the model generates, given back as the target, is what it says; anything else is not.
            var said = setting.Model.Answer([.. setting.Examples.Select(e => e.Input)], maxNewTokens: 3);
            EditExample[] own = [.. setting.Examples.Zip(said).Where(pair => pair.Second.Length > 0).Select(pair => pair.First.Answered(pair.Second))];
            Assert.NotEmpty(own);
            Assert.All(setting.Model.Says(setting.Model.Batch(own)), Assert.True);
            Assert.All(setting.Model.Says(setting.Model.Batch(setting.Examples)), Assert.False);
        }
    }

    internal static LinearFactors[] Changes(EditableModel model) =>
        [.. model.Weights.Select(w => new LinearFactors((randn(1, 2, w.Inputs) * 0.3).DetachFromDisposeScope(), (randn(1, 2, w.Outputs) * 0.3).DetachFromDisposeScope()))];
}
