using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Prompting;

/// <summary>
/// Initial weights of an encoder-decoder that has to read lists. What attention of trained models looks like is written into a new one (mimetic initialisation: Trockman
/// and Kolter 2023): a token of the encoder attends to tokens like itself, and what the decoder attends to passes on to its output. T5's own weights have
/// neither, and a small model spends its whole training on finding them.
/// </summary>
/// <param name="AttendToAlike">Whether the encoder's queries are made of its keys.</param>
/// <param name="PassOn">How strongly the decoder's output of cross-attention undoes its values; 0 to leave it as it was drawn.</param>
public sealed record MimeticWeights(bool AttendToAlike = true, double PassOn = 4)
{
    /// <summary>Changes a model that has just been made.</summary>
    /// <param name="model">The model.</param>
    public void Apply(T5ForConditionalGeneration model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (string name in weights.Keys)
        {
            // W_q = W_k / √d_kv in the encoder: a query is the key of the same token, so that q·k is largest for tokens alike
            if (AttendToAlike && name.StartsWith("encoder.", StringComparison.Ordinal) && name.EndsWith("SelfAttention.q.weight", StringComparison.Ordinal))
                weights[name].copy_(weights[name.Replace(".q.", ".k.", StringComparison.Ordinal)] / Math.Sqrt(model.Config.DKv));
            // W_o = c W_vᵀ in the decoder's cross-attention: what is read comes out as it is, c times
            if (PassOn != 0 && name.EndsWith("EncDecAttention.o.weight", StringComparison.Ordinal))
                weights[name].copy_(PassOn * weights[name.Replace(".o.", ".v.", StringComparison.Ordinal)].t());
        }
    }
}
