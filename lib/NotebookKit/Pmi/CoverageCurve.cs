using NotebookKit.Tokenizers;

namespace NotebookKit.Pmi;

/// <summary>
/// How much of a corpus lies inside the entries of a vocabulary, as a function of its size. The paper: about half of the tokens at 800,000
/// entries.
/// </summary>
public static class CoverageCurve
{
    /// <summary>
    /// Measures all sizes in one pass. A word counts as covered by the best entry that it lies inside, whether or not a larger or an
    /// overlapping entry would win it when units are formed.
    /// </summary>
    /// <param name="vocabulary">The entries, best first.</param>
    /// <param name="documents">The corpus.</param>
    /// <param name="sizes">Sizes of vocabularies: the first so many entries.</param>
    /// <param name="options">What counts as a word; must be what the vocabulary was counted with. The paper's when null.</param>
    /// <returns>One point for each size.</returns>
    /// <exception cref="ArgumentException">The corpus has no words.</exception>
    public static IReadOnlyList<CoveragePoint> Measure(
        MaskingVocabulary vocabulary, IEnumerable<string> documents, IReadOnlyList<int> sizes, NgramCountOptions? options = null)
    {
        options ??= new();
        WordTrie trie = new(vocabulary);
        BasicTokenizer tokenizer = new(options.Lowercase);
        // How many words are covered by the entry of each rank, but by no better one.
        long[] coveredBy = new long[vocabulary.Count];
        long words = 0;
        foreach (string document in documents)
        {
            var tokens = tokenizer.Tokenize(document);
            words += options.Punctuation == PunctuationRule.Word ? tokens.Count : tokens.Count(token => !BasicTokenizer.IsPunctuation(token));
            foreach (int rank in BestRanks(trie, trie.Number(tokens)))
                if (rank < int.MaxValue) coveredBy[rank]++;
        }
        if (words == 0) throw new ArgumentException("The corpus has no words, so no share of it can be covered.", nameof(documents));

        long[] covered = new long[vocabulary.Count + 1];
        for (int rank = 0; rank < vocabulary.Count; rank++) covered[rank + 1] = covered[rank] + coveredBy[rank];
        return [.. sizes.Select(size => new CoveragePoint(size, (double)covered[Math.Clamp(size, 0, vocabulary.Count)] / words))];
    }

    private static int[] BestRanks(WordTrie words, int[] ids)
    {
        int[] best = new int[ids.Length];
        Array.Fill(best, int.MaxValue);
        for (int start = 0; start < ids.Length; start++)
        {
            int node = words.Entries.Start(ids[start]);
            for (int end = start + 1; node != NgramTrie.Nowhere; node = words.Entries.Step(node, ids[end++]))
            {
                if (words.Entries.Rank(node) is var rank and >= 0)
                    foreach (ref int word in best.AsSpan(start..end)) word = Math.Min(word, rank);
                if (end == ids.Length) break;
            }
        }
        return best;
    }
}

/// <summary>One point of a <see cref="CoverageCurve"/>.</summary>
/// <param name="Size">The number of entries.</param>
/// <param name="Share">The share of the corpus's words inside one of them, from 0 to 1.</param>
public readonly record struct CoveragePoint(int Size, double Share);
