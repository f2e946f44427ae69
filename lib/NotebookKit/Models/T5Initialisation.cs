using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>T5's initial weights: spreads that keep the variance, so that attention needs no 1/√d.</summary>
internal static class T5Initialisation
{
    internal static void Apply(nn.Module model, T5Config config, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var noGradient = no_grad();
        foreach ((string name, Tensor parameter) in model.named_parameters())
            if (parameter.dim() == 2) parameter.normal_(0, config.InitializerFactor * Spread(name, config), generator);
    }

    private static double Spread(string name, T5Config config)
    {
        string owner = name.Split('.')[^2];
        return owner switch
        {
            "shared" or "lm_head" => 1,
            "q" => Math.Pow(config.DModel * config.DKv, -0.5),
            "o" => Math.Pow(config.NumHeads * config.DKv, -0.5),
            "wo" => Math.Pow(config.DFf, -0.5),
            _ => Math.Pow(config.DModel, -0.5), // k, v, wi, wi_0, wi_1, relative_attention_bias
        };
    }
}
