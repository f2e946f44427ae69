using NotebookKit.Mend;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

public class BaselineEditorTests
{
    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void Fine_tuning_stops_at_the_first_step_whose_answer_is_right_and_is_undone_bit_for_bit(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        Tensor[] before = setting.WeightsNow();
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        var editor = new FineTuningEditor(setting.Model, new() { LearningRate = 3e-3 });
        int steps;
        using (EditedModel edited = editor.Edit(batch))
        {
            Assert.True(setting.Model.Says(batch)[0]);
            Assert.InRange(steps = editor.LastSteps, 1, 99);
        }
        setting.AssertWeightsAre(before);

        // one step less is not enough
        var shorter = new FineTuningEditor(setting.Model, editor.Options with { MaximumSteps = steps - 1 });
        using (shorter.Edit(batch)) Assert.False(setting.Model.Says(batch)[0]);
    }

    [Fact]
    public void The_first_step_with_a_locality_loss_is_that_without_because_the_divergence_starts_at_zero()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        FineTuningEditOptions one = new() { LearningRate = 1e-4, MaximumSteps = 1 }, two = one with { MaximumSteps = 2 };
        Tensor After(FineTuningEditOptions options, bool local)
        {
            using EditedModel edited = new FineTuningEditor(setting.Model, options with { EditWeight = 1 }, local ? () => setting.Model.Batch(setting.Examples) : null).Edit(batch);
            return setting.Model.Weights[1].Weight.detach().clone();
        }
        Assert.True(allclose(After(one, local: false), After(one, local: true), 1e-4, 1e-6));
        Assert.False(allclose(After(two, local: false), After(two, local: true), 1e-4, 1e-6));
    }

    [Theory]
    [MemberData(nameof(EditingModels.Kinds), MemberType = typeof(EditingModels))]
    public void A_cache_answers_edited_questions_and_leaves_others_alone(string kind)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of(kind);
        using var noGradient = no_grad();
        EditableModel model = setting.Model;
        using var cache = new CacheEditor(model, threshold: 1e-3);
        EditBatch edit = model.Batch([setting.Examples[0], setting.Examples[1]]), other = model.Batch([setting.Examples[2]]);
        Tensor otherBefore = model.Logits(other);
        EditedModel edited = cache.Edit(edit);
        Assert.Equal(2, cache.Count);
        Assert.All(cache.Distances(edit), d => Assert.InRange(d, 0, 1e-4));
        Assert.True(EditLosses.IsRight(edited.Logits(edit), edit.Targets).all().item<bool>());
        Assert.True(otherBefore.equal(edited.Logits(other)).all().item<bool>());
        int[] answer = [.. setting.Examples[1].Target.TakeWhile(token => token != model.EndToken)];
        Assert.Equal(answer, edited.Answer([setting.Examples[1].Input])[0]);
        Assert.Equal(model.Answer([setting.Examples[2].Input]), edited.Answer([setting.Examples[2].Input]));
        edited.Revert();
        Assert.Equal(0, cache.Count);

        // A wide threshold takes every question for the cached one.
        using var greedy = new CacheEditor(model, threshold: 1e6);
        using EditedModel all = greedy.Edit(model.Batch([setting.Examples[0]]));
        EditBatch rest = model.Batch([.. setting.Examples.Skip(1).Select(e => e.Answered(setting.Examples[0].Target))]);
        Assert.True(EditLosses.IsRight(all.Logits(rest), rest.Targets).all().item<bool>());
    }

    [Fact]
    public void A_cached_answer_survives_being_applied()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using var cache = new CacheEditor(setting.Model, threshold: 1e-3);
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        EditedModel edited = cache.Edit(batch);
        edited.Apply();
        edited.Dispose();
        Assert.Equal(1, cache.Count);
        Assert.True(EditLosses.IsRight(edited.Logits(batch), batch.Targets).all().item<bool>());
    }
}
