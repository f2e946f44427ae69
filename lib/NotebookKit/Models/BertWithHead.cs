using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>What every BERT with a head on its trunk has: the trunk, the published names, and BERT's initial weights from one seed.</summary>
public abstract class BertWithHead : Module<Tensor, Tensor?, Tensor?, Tensor>, IPretrained
{
    private protected BertWithHead(string name, BertConfig config) : base(name) => register_module("bert", Bert = new BertModel(config));

    /// <summary>The trunk.</summary>
    public BertModel Bert { get; }

    /// <inheritdoc/>
    public WeightNames WeightNames => BertNames.Known;

    /// <summary>Draws the initial weights of trunk and head, when the head is there.</summary>
    private protected void Draw(long seed)
    {
        Initialisation.Normal(this, Bert.Config.InitializerRange, seed);
        Bert.SilencePadding();
    }
}
