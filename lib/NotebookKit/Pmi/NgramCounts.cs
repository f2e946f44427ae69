namespace NotebookKit.Pmi;

/// <summary>
/// How often each word n-gram of a corpus occurs: what every score is computed from. Holds the n-grams with a count of at least
/// <see cref="MinCount"/>, and for each length the number of all n-grams.
/// </summary>
public sealed class NgramCounts
{
    private readonly string[] _words;
    private readonly NgramLevel[] _levels;
    private readonly Lazy<Dictionary<string, int>> _wordIds;
    private readonly Lazy<Dictionary<long, int>[]> _pairIds;

    /// <summary>Takes over the arrays without a copy.</summary>
    /// <param name="words">The kept words; the id of a word is its place here and in the first level.</param>
    /// <param name="levels">The kept n-grams of length 1, 2, 3, …</param>
    /// <param name="minCount">The least count that was kept.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together.</exception>
    public NgramCounts(string[] words, NgramLevel[] levels, long minCount)
    {
        if (levels.Length == 0 || levels[0].Kept != words.Length)
            throw new ArgumentException("The first level must hold one count for each word.", nameof(levels));
        for (int n = 2; n <= levels.Length; n++)
        {
            var level = levels[n - 1];
            if (level.Prefixes.Length != level.Kept || level.Suffixes.Length != level.Kept)
                throw new ArgumentException($"Level {n} must hold one prefix and one suffix for each count.", nameof(levels));
        }
        _words = words;
        _levels = levels;
        MinCount = minCount;
        _wordIds = new(() => words.Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id, StringComparer.Ordinal));
        _pairIds = new(() => [.. levels.Skip(1).Select(IndexPairs)]);
    }

    /// <summary>The longest length that was counted.</summary>
    public int MaxLength => _levels.Length;

    /// <summary>The least count that was kept, of every length.</summary>
    public long MinCount { get; }

    /// <summary>The kept words by id.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The kept n-grams of n words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That length was not counted.</exception>
    public NgramLevel Level(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxLength);
        return _levels[n - 1];
    }

    /// <summary>The number of n-grams of n words in the corpus, those below the threshold included.</summary>
    public long Total(int n) => Level(n).Total;

    /// <summary>How often an n-gram occurs, or 0 when it was not kept.</summary>
    /// <param name="ngram">Words separated by single spaces.</param>
    public long Count(string ngram)
    {
        string[] parts = ngram.Split(' ');
        return TryFind(parts, out int id) ? _levels[parts.Length - 1].Counts[id] : 0;
    }

    /// <summary>Finds the id of an n-gram among those of its length.</summary>
    public bool TryFind(ReadOnlySpan<string> ngram, out int id)
    {
        id = -1;
        if (ngram.IsEmpty || ngram.Length > MaxLength) return false;
        int[] ids = new int[ngram.Length];
        for (int i = 0; i < ids.Length; i++)
            if (!_wordIds.Value.TryGetValue(ngram[i], out ids[i])) return false;
        // Neighbouring ids of one length make the pair that is the id of the next length.
        for (int n = 2; n <= ngram.Length; n++)
            for (int i = 0; i + n <= ngram.Length; i++)
                if (!_pairIds.Value[n - 2].TryGetValue(Pair(ids[i], ids[i + 1]), out ids[i])) return false;
        id = ids[0];
        return true;
    }

    /// <summary>The words of an n-gram.</summary>
    public string[] WordsOf(int n, int id)
    {
        string[] ngram = new string[n];
        for (int i = n - 1; i > 0; i--)
        {
            ngram[i] = _words[LastWord(i + 1, id)];
            id = Level(i + 1).Prefixes[id];
        }
        ngram[0] = _words[id];
        return ngram;
    }

    /// <summary>The words of an n-gram, separated by single spaces.</summary>
    public string TextOf(int n, int id) => string.Join(' ', WordsOf(n, id));

    /// <summary>The id of the last word of an n-gram: the last word of its suffix, and so on down to a single word.</summary>
    internal int LastWord(int n, int id)
    {
        for (int length = n; length > 1; length--) id = _levels[length - 1].Suffixes[id];
        return id;
    }

    internal static long Pair(int prefix, int suffix) => ((long)prefix << 32) | (uint)suffix;

    private static Dictionary<long, int> IndexPairs(NgramLevel level)
    {
        Dictionary<long, int> ids = new(level.Kept);
        for (int id = 0; id < level.Kept; id++) ids.Add(Pair(level.Prefixes[id], level.Suffixes[id]), id);
        return ids;
    }
}

/// <summary>
/// The kept n-grams of one length, by id 0, 1, 2, … An n-gram of n ≥ 2 words is a pair of ids one length below: its first n−1 words
/// and its last n−1 words. Both are kept whenever the n-gram is, because each occurs at least as often.
/// </summary>
public sealed class NgramLevel
{
    private readonly int[] _prefixes;
    private readonly int[] _suffixes;
    private readonly long[] _counts;

    /// <summary>Takes over the arrays without a copy.</summary>
    /// <param name="total">The number of n-grams of this length in the corpus, those below the threshold included.</param>
    /// <param name="prefixes">For each n-gram, the id of its first n−1 words; empty for n = 1.</param>
    /// <param name="suffixes">For each n-gram, the id of its last n−1 words; empty for n = 1.</param>
    /// <param name="counts">For each n-gram, how often it occurs.</param>
    public NgramLevel(long total, int[] prefixes, int[] suffixes, long[] counts)
    {
        Total = total;
        _prefixes = prefixes;
        _suffixes = suffixes;
        _counts = counts;
    }

    /// <summary>The number of n-grams of this length in the corpus, those below the threshold included: the denominator of p.</summary>
    public long Total { get; }

    /// <summary>How many different n-grams were kept.</summary>
    public int Kept => _counts.Length;

    /// <summary>For each n-gram, the id of its first n−1 words; empty for n = 1.</summary>
    public ReadOnlySpan<int> Prefixes => _prefixes;

    /// <summary>For each n-gram, the id of its last n−1 words; empty for n = 1.</summary>
    public ReadOnlySpan<int> Suffixes => _suffixes;

    /// <summary>For each n-gram, how often it occurs.</summary>
    public ReadOnlySpan<long> Counts => _counts;
}
