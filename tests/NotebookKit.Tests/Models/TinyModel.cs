using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

/// <summary>One of each architecture, as small as it can be.</summary>
public static class TinyModel
{
    public static TheoryData<string> Kinds => ["bert", "gpt2", "t5"];

    /// <summary>The model, and a forward pass over two rows of which one ends in padding.</summary>
    public static (nn.Module Model, Func<Tensor> Forward) Build(string kind)
    {
        Tensor ids = arange(12, dtype: int64).reshape(2, 6), mask = ones_like(ids);
        mask[1, 5] = 0;
        switch (kind)
        {
            case "bert":
                var bert = new BertForMaskedLM(new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 12, MaxPositionEmbeddings = 8 });
                return (bert, () => bert.call(ids, mask, null));
            case "gpt2":
                var gpt2 = new Gpt2LMHeadModel(new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, MaxPositionEmbeddings = 8 });
                return (gpt2, () => gpt2.call(ids, mask, null));
            default:
                var t5 = new T5ForConditionalGeneration(new() { VocabSize = 20, DModel = 8, DKv = 4, DFf = 12, NumLayers = 2, NumHeads = 2, FeedForwardProj = "gated-gelu", TieWordEmbeddings = false });
                return (t5, () => t5.call(ids, mask, ids, mask));
        }
    }
}
