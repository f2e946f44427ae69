using NotebookKit.Display;

namespace NotebookKit.Studies.Mend;

/// <summary>A model of the paper and the sizes from which its editor's follows.</summary>
/// <param name="Model">The model.</param>
/// <param name="Width">Width of its vectors.</param>
/// <param name="Inner">Width inside a feed-forward layer.</param>
/// <param name="Matrices">Matrices that are edited: both of the last three blocks, for T5 of the last two in encoder and decoder.</param>
public sealed record EditedSize(string Model, long Width, long Inner, int Matrices)
{
    /// <summary>Numbers in the edited matrices.</summary>
    public double Edited => (double)Matrices * Width * Inner;

    /// <summary>Numbers in a shared editor of two layers for each of two shapes: 2 · 2 · 2 (m + n) r.</summary>
    /// <param name="rank">r.</param>
    public double Editor(int rank) => 8.0 * (Width + Inner) * Math.Min(rank, Width + Inner);
}

/// <summary>Numbers of the paper that the notebook draws or computes with.</summary>
public static class MendPaper
{
    /// <summary>Edit success of Table 4, in per cent; ">.99" is drawn as 99.</summary>
    public static IReadOnlyList<Bar> Table4 { get; } =
    [
        new("questions (zsRE, BART)", "FT", 96), new("questions (zsRE, BART)", "FT+KL", 89), new("questions (zsRE, BART)", "ENN", 99), new("questions (zsRE, BART)", "MEND", 98),
        new("claims (FEVER, BERT)", "FT", 76), new("claims (FEVER, BERT)", "FT+KL", 64), new("claims (FEVER, BERT)", "ENN", 99), new("claims (FEVER, BERT)", "MEND", 99),
        new("text (Wikitext, distilGPT-2)", "FT", 29), new("text (Wikitext, distilGPT-2)", "FT+KL", 17), new("text (Wikitext, distilGPT-2)", "ENN", 93), new("text (Wikitext, distilGPT-2)", "MEND", 86),
    ];

    /// <summary>Models of the paper, and one of ten billion weights in GPT's shape.</summary>
    public static IReadOnlyList<EditedSize> Sizes { get; } =
        [new("distilGPT-2", 768, 3072, 6), new("GPT-J 6B", 4096, 16384, 6), new("T5-XXL 11B", 4096, 10240, 8), new("10 billion, GPT's shape", 4608, 18432, 6)];
}
