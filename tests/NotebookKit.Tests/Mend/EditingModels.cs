using NotebookKit.Mend;
using NotebookKit.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

/// <summary>One model of each architecture under edit, as small as it can be, with questions that it can read.</summary>
public sealed class EditingModels : IDisposable
{
    private readonly nn.Module _base;

    private EditingModels(nn.Module model, EditableModel editable, IReadOnlyList<EditExample> examples) => (_base, Model, Examples) = (model, editable, examples);

    public static TheoryData<string> Kinds => ["gpt2", "t5", "t5-gated", "bert", "bert-yes-or-no"];

    public EditableModel Model { get; }

    /// <summary>Questions of several lengths, with answers that the untrained model does not give.</summary>
    public IReadOnlyList<EditExample> Examples { get; }

    public static EditingModels Of(string kind)
    {
        switch (kind)
        {
            case "gpt2":
                var gpt2 = new Gpt2LMHeadModel(new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, MaxPositionEmbeddings = 12, EosTokenId = 19, InitializerRange = 0.3 }, seed: 1);
                return With(gpt2, new EditableGpt2(gpt2));
            case "t5" or "t5-gated":
                var t5 = new T5ForConditionalGeneration(new() { VocabSize = 20, DModel = 8, DKv = 4, DFf = 12, NumLayers = 2, NumHeads = 2, FeedForwardProj = kind == "t5" ? "relu" : "gated-gelu", TieWordEmbeddings = kind == "t5" }, seed: 1);
                return With(t5, new EditableT5(t5));
            default:
                int labels = kind == "bert" ? 3 : 1;
                var bert = new BertForSequenceClassification(new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 12, MaxPositionEmbeddings = 12, NumLabels = labels, InitializerRange = 0.3 }, seed: 1);
                return With(bert, new EditableBert(bert), labels);
        }
    }

    public Tensor[] WeightsNow() => [.. _base.parameters().Select(p => p.detach().clone())];

    public void AssertWeightsAre(Tensor[] before)
    {
        foreach ((Tensor was, Parameter now) in before.Zip(_base.parameters())) Assert.Equal(was.bytes.ToArray(), now.bytes.ToArray());
    }

    private static EditingModels With(nn.Module model, EditableModel editable, int? labels = null)
    {
        int[][] questions = [[3, 4, 5], [6, 7, 8, 9], [10, 11], [12, 3, 7, 5, 2]];
        EditExample[] examples = [.. questions.Select((question, i) => new EditExample(question, labels is null ? [13 + i, 19] : [0]))];
        if (labels is { } count)
        {
            // a class that the model does not choose
            using var scope = NewDisposeScope();
            var said = editable.Answer(questions);
            examples = [.. examples.Select((e, i) => e.Answered([(said[i][0] + 1) % Math.Max(2, count)]))];
        }
        return new(model, editable, examples);
    }

    public void Dispose()
    {
        Model.Dispose();
        _base.Dispose();
    }
}
