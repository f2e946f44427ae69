namespace NotebookKit.Models;

/// <summary>The names that published BERT files use.</summary>
internal static class BertNames
{
    internal static readonly WeightNames Known = new()
    {
        Tied = new Dictionary<string, string>
        {
            ["cls.predictions.decoder.weight"] = "bert.embeddings.word_embeddings.weight",
            ["cls.predictions.decoder.bias"] = "cls.predictions.bias",
        },
        Rename = Rename,
        IsConstant = name => name == "bert.embeddings.position_ids",
    };

    private static readonly string[] TrunkParts = ["embeddings.", "encoder.", "pooler."];

    /// <summary>A bare trunk is published without "bert."; the first published BERTs call a norm's weight and bias gamma and beta.</summary>
    private static string Rename(string name) =>
        TrunkParts.Any(part => name.StartsWith(part, StringComparison.Ordinal)) ? Rename("bert." + name)
        : name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? name[..^"gamma".Length] + "weight"
        : name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias"
        : name;
}
