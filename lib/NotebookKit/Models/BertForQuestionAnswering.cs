using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Models;

/// <summary>BERT with two scores a token: that an answer begins there, and that it ends there (Devlin et al. 2019, §4.2).</summary>
public sealed class BertForQuestionAnswering : BertWithHead
{
    private readonly Linear _ends;

    /// <summary>Builds the model with BERT's initial weights.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="InvalidDataException">The configuration contradicts itself.</exception>
    public BertForQuestionAnswering(BertConfig config, long seed = 0) : base(nameof(BertForQuestionAnswering), config)
    {
        register_module("qa_outputs", _ends = Linear(config.HiddenSize, 2));
        Draw(seed);
    }

    /// <summary>Scores of each token as the first and as the last one of the answer, [batch, 2, time].</summary>
    /// <inheritdoc cref="BertModel.forward"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null)
    {
        using var scope = NewDisposeScope();
        return _ends.call(Bert.call(inputIds, attentionMask, tokenTypeIds)).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
