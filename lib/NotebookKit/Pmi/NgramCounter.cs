using System.Runtime.InteropServices;
using NotebookKit.Tokenizers;

namespace NotebookKit.Pmi;

/// <summary>
/// The readable counter, for a corpus that fits in memory (four bytes a word): counts level by level, because an n-gram can pass the
/// threshold only if its first and its last n−1 words both do.
/// </summary>
public sealed class NgramCounter : INgramCounter
{
    /// <summary>A place where no kept n-gram of the present length begins: a document's end, a punctuation mark, or a rare n-gram.</summary>
    private const int None = -1;

    /// <inheritdoc/>
    public NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        (var words, int[] at, long[] totals) = Read(documents, options, progress, cancellation);
        NgramLevel[] levels = new NgramLevel[options.MaxLength];

        int[] keptWords = Keep(at, Tally(at, words.Count), options.MinCount, out long[] wordCounts);
        levels[0] = new NgramLevel(totals[0], [], [], wordCounts);
        for (int n = 2; n <= options.MaxLength; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            levels[n - 1] = CountLevel(at, totals[n - 1], options.MinCount);
            progress?.Report(new($"counting {n}-grams", n, options.MaxLength, $"{levels[n - 1].Kept} kept"));
        }
        return new([.. keptWords.Select(id => words[id])], levels, options.MinCount);
    }

    /// <summary>The corpus as word ids with <see cref="None"/> between runs of words, and the number of all n-grams of each length.</summary>
    private static (List<string> Words, int[] At, long[] Totals) Read(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        BasicTokenizer tokenizer = new(options.Lowercase);
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        List<string> words = [];
        List<int> at = [];
        long[] totals = new long[options.MaxLength];
        int run = 0;
        long read = 0;
        foreach (string document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (string token in tokenizer.Tokenize(document))
            {
                if (options.Punctuation == PunctuationRule.Boundary && BasicTokenizer.IsPunctuation(token))
                {
                    EndRun();
                    continue;
                }
                if (!ids.TryGetValue(token, out int id))
                {
                    ids.Add(token, id = words.Count);
                    words.Add(token);
                }
                at.Add(id);
                run++;
            }
            EndRun();
            if (++read % 10_000 == 0) progress?.Report(new("reading", read, 0, $"{at.Count} words"));
        }
        return (words, [.. at], totals);

        void EndRun()
        {
            // A run of L words holds L − n + 1 n-grams of length n.
            for (int n = 1; n <= Math.Min(run, options.MaxLength); n++) totals[n - 1] += run - n + 1;
            if (run > 0) at.Add(None);
            run = 0;
        }
    }

    /// <summary>Replaces, at each place, the (n−1)-gram that begins there by the n-gram, and returns the n-grams that were kept.</summary>
    private static NgramLevel CountLevel(int[] at, long total, long minCount)
    {
        Dictionary<long, int> ids = [];
        List<long> pairs = [];
        for (int i = 0; i < at.Length; i++)
        {
            // The n-gram here is the pair of the (n−1)-grams that begin here and at the next word.
            if (at[i] == None || i + 1 == at.Length || at[i + 1] == None)
            {
                at[i] = None;
                continue;
            }
            long pair = NgramCounts.Pair(at[i], at[i + 1]);
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, pair, out bool known);
            if (!known)
            {
                id = pairs.Count;
                pairs.Add(pair);
            }
            at[i] = id;
        }
        int[] kept = Keep(at, Tally(at, pairs.Count), minCount, out long[] counts);
        return new(total, [.. kept.Select(id => (int)(pairs[id] >> 32))], [.. kept.Select(id => (int)pairs[id])], counts);
    }

    private static long[] Tally(int[] at, int ids)
    {
        long[] counts = new long[ids];
        foreach (int id in at)
            if (id != None) counts[id]++;
        return counts;
    }

    /// <summary>Drops the ids below the threshold from the corpus and renumbers the others; returns their old ids and their counts.</summary>
    private static int[] Keep(int[] at, long[] counts, long minCount, out long[] keptCounts)
    {
        int[] kept = [.. Enumerable.Range(0, counts.Length).Where(id => counts[id] >= minCount)];
        int[] renumbered = new int[counts.Length];
        Array.Fill(renumbered, None);
        for (int id = 0; id < kept.Length; id++) renumbered[kept[id]] = id;
        for (int i = 0; i < at.Length; i++)
            if (at[i] != None) at[i] = renumbered[at[i]];
        keptCounts = [.. kept.Select(id => counts[id])];
        return kept;
    }
}

/// <summary>
/// Counts the word n-grams of a corpus. Words are <see cref="Tokenizers.BasicTokenizer"/>'s tokens; an n-gram never crosses a document.
/// Any two implementations give the same counts and totals, though they may number the n-grams in another order.
/// </summary>
public interface INgramCounter
{
    /// <summary>Counts all n-grams of lengths 1 to <see cref="NgramCountOptions.MaxLength"/>.</summary>
    /// <param name="documents">The texts; each is read once.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count.</param>
    /// <returns>The n-grams with a count of at least the threshold, and the totals of all n-grams.</returns>
    /// <exception cref="OperationCanceledException">The count was stopped.</exception>
    NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default);
}

/// <summary>What counts as an n-gram, and which counts are kept. The defaults are the paper's.</summary>
public sealed record NgramCountOptions
{
    /// <summary>The longest n-gram, in words.</summary>
    public int MaxLength { get; init; } = 5;

    /// <summary>The least count that is kept; 11 is the paper's "over 10". It applies to every length, single words included.</summary>
    public long MinCount { get; init; } = 11;

    /// <summary>What a punctuation mark does to the n-grams around it.</summary>
    public PunctuationRule Punctuation { get; init; } = PunctuationRule.Boundary;

    /// <summary>True for lower-case words without accents (<see cref="Tokenizers.BasicTokenizer"/>).</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The longest length or the least count is below 1.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinCount, 1);
    }
}

/// <summary>What a punctuation mark does to the n-grams around it. The paper does not say.</summary>
public enum PunctuationRule
{
    /// <summary>It is no word, and no n-gram crosses it: neither it nor an n-gram across it is counted, nor is either part of a total.</summary>
    Boundary,

    /// <summary>It is a word like any other: it is counted, and n-grams contain it.</summary>
    Word,
}
