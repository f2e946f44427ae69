using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

/// <summary>Texts to count: a short one of ours with strong collocations, and novels when the data folder is at hand.</summary>
internal static class PmiText
{
    internal static readonly string[] Ours =
    [
        "The night train to Kuala Lumpur leaves at nine; the day train to Kuala Lumpur leaves at noon. Kuala Lumpur is far away.",
        "The editor in chief writes about Kuala Lumpur. The editor in chief is never late, and the editor in chief reads every line.",
        "To approximate the matrix, we use the eigenvector corresponding to its largest eigenvalue. The largest eigenvalue of the matrix is one.",
        "By the way, the way out is by the door. By the way out there is a sign: this is the way out.",
        "A rose is a rose is a rose is a rose. Don't touch the café's roses (or the cafe's)!",
        "",
        "one",
        "...",
    ];

    internal static NgramCounts Count(IEnumerable<string> documents, NgramCountOptions options) =>
        new NgramCounter().Count(documents, options, cancellation: TestContext.Current.CancellationToken);

    internal static string[] Novel(string name)
    {
        string? data = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "NOTEBOOKKIT_DATA names no folder, so there are no novels to count.");
        string path = Path.Combine(data!, "corpora", "gutenberg", name);
        Assert.SkipUnless(File.Exists(path), $"There is no '{path}'.");
        return File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
