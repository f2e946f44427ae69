namespace NotebookKit.Models;

/// <summary>How the names in published files map to the parameters of a module.</summary>
public sealed record WeightNames
{
    /// <summary>Names that stand for another parameter of the same value: tied name → the parameter's own name.</summary>
    public IReadOnlyDictionary<string, string> Tied { get; init; } = new Dictionary<string, string>();

    /// <summary>The module's name for a stored one (older spellings, missing prefixes).</summary>
    public Func<string, string> Rename { get; init; } = name => name;

    /// <summary>Whether a (renamed) stored tensor is a constant, such as a mask, that the module computes itself.</summary>
    public Func<string, bool> IsConstant { get; init; } = _ => false;

    /// <summary>Levels of names that wrappers add below themselves: torch.compile, DataParallel, FSDP and its checkpointing.</summary>
    private static readonly string[] Wrappers = ["_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>The module's name for a stored one, wrappers taken off first.</summary>
    internal string NameOf(string stored) => Rename(string.Join('.', stored.Split('.').Where(level => !Wrappers.Contains(level))));
}

/// <summary>A module whose weights are published under names that need more than its own list of parameters.</summary>
public interface IPretrained
{
    /// <summary>The names that its files may use.</summary>
    WeightNames WeightNames { get; }
}

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
