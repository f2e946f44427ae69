namespace NotebookKit.Studies.Prompting;

/// <summary>What the paper and GPT-3's paper report for one held-out data set, in per cent.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Task">The held-out task.</param>
/// <param name="T0">The median of T0 with 11 billion weights over all prompts (Figure 4; the values as reprinted by T-Few, Table 9).</param>
/// <param name="Gpt3Small">GPT-3 of 6.7 billion weights, zero-shot, by its authors' one prompt (GPT-3, Table H.1).</param>
/// <param name="Gpt3Middle">GPT-3 of 13 billion weights, likewise.</param>
/// <param name="Gpt3">GPT-3 of 175 billion weights, likewise.</param>
/// <param name="Gpt3FewShot">GPT-3 of 175 billion weights with 20 to 70 examples in its input.</param>
public sealed record PaperScore(string Dataset, string Task, double T0, double Gpt3Small, double Gpt3Middle, double Gpt3, double Gpt3FewShot)
{
    /// <summary>T0's median minus the best zero-shot score of the three sizes of GPT-3.</summary>
    public double Lead => T0 - Math.Max(Gpt3, Math.Max(Gpt3Middle, Gpt3Small));
}

/// <summary>Numbers of the paper that the notebook draws or counts with.</summary>
public static class T0Paper
{
    /// <summary>The eleven held-out data sets. GPT-3 scored ANLI on its test rounds, T0 on the development rounds; WiC is 0 for every size of GPT-3 zero-shot, a failure of the prompt.</summary>
    public static IReadOnlyList<PaperScore> HeldOut { get; } =
    [
        new("RTE", "inference", 81.2, 55.2, 62.8, 63.5, 72.9),
        new("CB", "inference", 78.6, 28.6, 19.6, 46.4, 82.1),
        new("ANLI R1", "inference", 44.7, 32.3, 33.2, 34.6, 36.8),
        new("ANLI R2", "inference", 39.4, 33.5, 33.5, 35.4, 34.0),
        new("ANLI R3", "inference", 42.4, 34.8, 34.4, 34.5, 40.2),
        new("WSC", "coreference", 64.4, 60.6, 64.4, 65.4, 75.0),
        new("Winogrande", "coreference", 60.5, 64.5, 67.9, 70.2, 77.7),
        new("COPA", "completion", 90.8, 80.0, 84.0, 91.0, 92.0),
        new("StoryCloze", "completion", 94.7, 77.7, 79.5, 83.2, 87.7),
        new("HellaSwag", "completion", 33.7, 67.4, 70.9, 78.9, 79.3),
        new("WiC", "word sense", 57.2, 0, 0, 0, 55.3),
    ];

    /// <summary>The mixtures that are trained: the paper's number of data sets (d), and what each adds.</summary>
    public static IReadOnlyList<(string Model, int Datasets, string Adds)> Mixtures { get; } =
    [
        ("T0", 39, "eight tasks, none of GPT-3's evaluation sets"),
        ("T0+", 49, "ten of GPT-3's evaluation sets"),
        ("T0++", 55, "six sets of SuperGLUE"),
    ];
}
