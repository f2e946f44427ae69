using NotebookKit.Mend;
using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

/// <summary>What is wrong is named before anything changes, and the model is bit for bit as it was.</summary>
public class BadEditTests
{
    public static TheoryData<string> Editors => ["MEND", "FT", "FT+KL", "cache"];

    [Fact]
    public void An_empty_target_and_one_that_comes_to_no_token_are_told_apart()
    {
        IReadOnlyList<int> Encode(string text) => [.. text.Where(char.IsAsciiLetter).Select(c => (int)c)];
        Assert.Contains("is empty", Assert.Throws<ArgumentException>(() => EditExample.FromText("who?", " ", Encode)).Message);
        Assert.Contains("'!?' of 'who?' comes to no token", Assert.Throws<ArgumentException>(() => EditExample.FromText("who?", "!?", Encode)).Message);
        Assert.Contains("'???' comes to no token", Assert.Throws<ArgumentException>(() => EditExample.FromText("???", "me", Encode)).Message);
        Assert.Throws<ArgumentException>(() => new EditExample([1], []));
        Assert.Throws<ArgumentException>(() => new EditExample([], [1]));
    }

    [Theory]
    [MemberData(nameof(Editors))]
    public void A_row_without_a_target_is_refused(string editor) =>
        Refused<ArgumentException>(editor, "row 1 has no token", setting =>
        {
            EditBatch batch = setting.Model.Batch(setting.Examples);
            batch.Targets[1].fill_(-100);
            return batch;
        });

    [Theory]
    [MemberData(nameof(Editors))]
    public void What_the_model_says_already_is_refused(string editor) =>
        Refused<ArgumentException>(editor, "row 0 is what the model says already", setting =>
            setting.Model.Batch([new EditExample([3, 4, 5], setting.Model.Answer([[3, 4, 5]], 2)[0]), setting.Examples[1]]));

    [Theory]
    [InlineData("MEND")]
    [InlineData("FT")]
    public void An_update_that_is_not_finite_changes_nothing(string name)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditBatch batch = setting.Model.Batch(setting.Examples);
        IEditor editor = Editor(name, setting, fineTuningRate: 1e30);
        if (editor is MendEditor mend)
            using (no_grad()) mend.Network.Alpha[1] = float.NaN;
        Tensor[] before = setting.WeightsNow();
        Exception e = Assert.ThrowsAny<ArithmeticException>(() => editor.Edit(batch));
        Assert.Contains("finite", e.Message);
        setting.AssertWeightsAre(before);
        Assert.Empty(setting.Model.Edits);
        Assert.All(setting.Model.Module.parameters(), p => Assert.False(p.requires_grad));
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_named()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using (no_grad()) setting.Model.Module.parameters().Last().fill_(float.NaN);
        Assert.Contains("loss", Assert.Throws<ArithmeticException>(() => setting.Model.Gradient(setting.Model.Batch(setting.Examples))).Message);
    }

    [Theory]
    [InlineData("transformer.h.7.mlp.c_fc.weight", "no weight 'transformer.h.7.mlp.c_fc.weight'")]
    [InlineData("transformer.wte.weight", "no linear layer's matrix")]
    [InlineData("transformer.h.0.mlp.c_fc.bias", "splits into u and delta")]
    public void A_weight_that_cannot_be_edited_is_refused_and_the_model_stays_trainable(string name, string message)
    {
        using var model = Gpt2();
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new EditableGpt2(model, [name])).Message);
        Assert.All(model.parameters(), p => Assert.True(p.requires_grad));
    }

    [Fact]
    public void No_weight_and_a_weight_named_twice_are_refused()
    {
        using var model = Gpt2();
        const string name = "transformer.h.0.mlp.c_fc.weight";
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new EditableGpt2(model, [name, name])).Message);
        Assert.Contains("No weight", Assert.Throws<ArgumentException>(() => new EditableGpt2(model, [])).Message);
    }

    [Fact]
    public void A_change_of_another_shape_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        LinearFactors[] changes = EditableModelTests.Changes(setting.Model);
        changes[1] = changes[0];
        string message = Assert.Throws<ArgumentException>(() => setting.Model.Edit(changes)).Message;
        Assert.Contains(setting.Model.Weights[1].Name, message);
        Assert.Contains("[groups, tokens, 32] and [groups, tokens, 8]", message);
        Assert.Throws<ArgumentException>(() => setting.Model.Edit(changes[..2]));
        Assert.Empty(setting.Model.Edits);
    }

    [Fact]
    public void An_editor_without_statistics_says_so()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using var editor = new MendEditor(setting.Model, new() { Rank = 4 });
        Assert.Contains("fit its statistics", Assert.Throws<InvalidOperationException>(() => editor.Edit(setting.Model.Batch(setting.Examples))).Message);
    }

    [Theory]
    [InlineData("bert", 3)]
    [InlineData("bert-yes-or-no", 2)]
    public void A_class_that_there_is_not_is_refused(string kind, int target)
    {
        using var setting = EditingModels.Of(kind);
        Assert.Contains("row 0", Assert.Throws<ArgumentException>(() => setting.Model.Batch([new EditExample([1], [target])])).Message);
    }

    private static void Refused<TException>(string name, string message, Func<EditingModels, EditBatch> batch)
        where TException : Exception
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        IEditor editor = Editor(name, setting);
        EditBatch wrong = batch(setting);
        Tensor[] before = setting.WeightsNow();
        Assert.Contains(message, Assert.Throws<TException>(() => editor.Edit(wrong)).Message);
        setting.AssertWeightsAre(before);
        Assert.Empty(setting.Model.Edits);
    }

    internal static IEditor Editor(string name, EditingModels setting, double fineTuningRate = 1e-2)
    {
        switch (name)
        {
            case "MEND":
                var editor = new MendEditor(setting.Model, new() { Rank = 4, InitialAlpha = 1e-2 });
                editor.FitStatistics([setting.Model.Batch(setting.Examples)]);
                return editor;
            case "cache":
                return new CacheEditor(setting.Model, threshold: 1e-3);
            default:
                return new FineTuningEditor(setting.Model, new() { LearningRate = fineTuningRate }, name == "FT" ? null : () => setting.Model.Batch([setting.Examples[3]]));
        }
    }

    private static Gpt2LMHeadModel Gpt2() => new(new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, MaxPositionEmbeddings = 8 });
}
