using NotebookKit.Pmi;

namespace NotebookKit.Corpus;

/// <summary>What it costs to count a corpus, as a function of its size: words against seconds and memory.</summary>
public static class CostCurve
{
    /// <summary>Counts the n-grams of growing shares of a corpus, each from the beginning.</summary>
    /// <param name="documents">The corpus. A share takes documents from all over it, evenly.</param>
    /// <param name="shares">Shares between 0 and 1.</param>
    /// <param name="options">Lengths, threshold, punctuation, case; the paper's when null.</param>
    /// <param name="engine">Threads and memory limit; all processors when null.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <returns>One point for each share.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share is not above 0, or above 1.</exception>
    public static IReadOnlyList<CostPoint> Measure(
        IReadOnlyList<string> documents, IReadOnlyList<double> shares, NgramCountOptions? options = null, EngineOptions? engine = null, CancellationToken cancellation = default)
    {
        foreach (double share in shares)
            if (!(share > 0 && share <= 1)) throw new ArgumentOutOfRangeException(nameof(shares), share, "A share lies above 0 and not above 1.");
        CorpusCounter counter = new(engine);
        options ??= new();
        // The first call pays for code that is compiled while it runs; what is measured is the work.
        counter.Count(documents.Take(1), options, cancellation: cancellation);
        return [.. shares.Select(share =>
        {
            int count = Math.Max(1, (int)(share * documents.Count));
            counter.Count(Enumerable.Range(0, count).Select(i => documents[(int)((long)i * documents.Count / count)]), options, out CountSummary summary, cancellation: cancellation);
            return new CostPoint(summary.Words, summary.Whole.TotalSeconds, summary.MemoryBytes);
        })];
    }
}

/// <summary>What one count cost.</summary>
/// <param name="Words">Words read.</param>
/// <param name="Seconds">Seconds of the whole count.</param>
/// <param name="MemoryBytes">See <see cref="CountSummary.MemoryBytes"/>.</param>
public sealed record CostPoint(long Words, double Seconds, long MemoryBytes);
