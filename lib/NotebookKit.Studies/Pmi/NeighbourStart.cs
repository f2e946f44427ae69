using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// Initial weights of a BERT that looks at neighbours before it has learnt anything. Attention of trained models weighs tokens that are alike or near
/// (mimetic initialisation: Trockman and Kolter 2023). A BERT of this size under its own weights spends most of a short training on finding
/// that, and predicts from the frequency of the pieces until then. The same for every scheme.
/// </summary>
/// <param name="Longest">The longest wave of the positions, in units of 2π tokens.</param>
public sealed record NeighbourStart(double Longest = 64)
{
    /// <summary>Changes a model that has just been made.</summary>
    /// <param name="model">The model.</param>
    public void Apply(BertForMaskedLM model)
    {
        var config = model.Bert.Config;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = model.Bert.named_parameters().ToDictionary(p => p.name, p => p.parameter);

        // P(t, 2i) = a sin(ωᵢ t), P(t, 2i+1) = a cos(ωᵢ t), ωᵢ = Longest^(−2i/d): near positions are alike; a = √2 σ makes them as large as the words
        int width = config.HiddenSize;
        var waves = pow(Longest, -arange(0, width, 2, dtype: float64) / width);
        var angles = arange(config.MaxPositionEmbeddings, dtype: float64).unsqueeze(1) * waves;
        weights["embeddings.position_embeddings.weight"].copy_(Math.Sqrt(2) * config.InitializerRange * stack([angles.sin(), angles.cos()], dim: -1).flatten(1));

        // W_k = W_q, each from N(0, 1/d): q·k is largest for tokens that are alike
        foreach (string query in weights.Keys.Where(name => name.EndsWith("self.query.weight", StringComparison.Ordinal)))
        {
            weights[query].mul_(1 / (Math.Sqrt(width) * config.InitializerRange));
            weights[query.Replace("query", "key", StringComparison.Ordinal)].copy_(weights[query]);
        }
    }
}
