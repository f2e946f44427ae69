namespace NotebookKit.Pmi;

/// <summary>
/// A count model that guesses a hidden word piece from the pieces beside it: the shallow local signal that PMI-Masking takes away
/// (Levine et al. 2021, section 1). It has no parameters but counts, so what it guesses right needs no language understanding.
/// </summary>
/// <remarks>
/// It backs off: of the contexts below, from the widest to none, the first whose pieces are all visible and which training saw often enough
/// gives the guess, the piece that training saw there most often (of equal ones, the lower id). Beyond either end of a sequence stands a
/// visible edge. Contexts are told apart by 64-bit hashes.
/// </remarks>
public sealed class NeighbourPredictor
{
    // (pieces to the left, pieces to the right), widest first
    private static readonly (int Left, int Right)[] Contexts = [(2, 2), (2, 1), (1, 2), (1, 1), (2, 0), (0, 2), (1, 0), (0, 1), (0, 0)];

    private const int Edge = -1;

    private readonly ulong[][] _keys;
    private readonly int[][] _guesses;

    private NeighbourPredictor(ulong[][] keys, int[][] guesses) => (_keys, _guesses) = (keys, guesses);

    /// <summary>Counts which piece stands in which context.</summary>
    /// <param name="sequences">Sequences of the training split, ready ids [time] each.</param>
    /// <param name="alphabet">The tokenizer's pieces: special tokens are contexts, but never guesses.</param>
    /// <param name="leastSeen">How often a context must have been seen; below that the guess backs off.</param>
    /// <exception cref="ArgumentException">The sequences hold nothing but special tokens.</exception>
    public static NeighbourPredictor Train(IEnumerable<int[]> sequences, PieceAlphabet alphabet, int leastSeen = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastSeen, 1);
        List<int[]> corpus = [.. sequences];
        int pieces = corpus.Sum(sequence => sequence.Count(id => alphabet.Roles[id] != PieceRole.Special));
        if (pieces == 0) throw new ArgumentException("There is nothing to learn from: the sequences hold no word pieces.", nameof(sequences));
        ulong[][] keys = new ulong[Contexts.Length][];
        int[][] guesses = new int[Contexts.Length][];
        for (int context = 0; context < Contexts.Length; context++)
        {
            ulong[] seenIn = new ulong[pieces];
            int[] seen = new int[pieces];
            int count = 0;
            foreach (int[] sequence in corpus)
            {
                for (int at = 0; at < sequence.Length; at++)
                {
                    if (alphabet.Roles[sequence[at]] == PieceRole.Special) continue;
                    seenIn[count] = Key(sequence, at, Contexts[context]);
                    seen[count++] = sequence[at];
                }
            }
            Array.Sort(seenIn, seen);
            (keys[context], guesses[context]) = MostFrequent(seenIn, seen, Contexts[context] == (0, 0) ? 1 : leastSeen);
        }
        return new(keys, guesses);
    }

    /// <summary>Guesses the piece at a place.</summary>
    /// <param name="ids">The sequence [time]; hidden places are not read.</param>
    /// <param name="isHidden">Which places are hidden [time].</param>
    /// <param name="place">The place to guess.</param>
    public int Predict(ReadOnlySpan<int> ids, ReadOnlySpan<bool> isHidden, int place)
    {
        for (int context = 0; context < Contexts.Length; context++)
        {
            (int left, int right) = Contexts[context];
            int from = Math.Max(0, place - left), to = Math.Min(ids.Length, place + right + 1);
            if (isHidden[from..place].Contains(true) || isHidden[(place + 1)..to].Contains(true)) continue;
            int found = Array.BinarySearch(_keys[context], Key(ids, place, Contexts[context]));
            if (found >= 0) return _guesses[context][found];
        }
        throw new InvalidOperationException("The empty context is always known.");
    }

    private static ulong Key(ReadOnlySpan<int> ids, int place, (int Left, int Right) context)
    {
        ulong key = 0;
        for (int at = place - context.Left; at <= place + context.Right; at++)
        {
            if (at == place) continue;
            int id = at >= 0 && at < ids.Length ? ids[at] : Edge;
            key = (key ^ (uint)id) * 0x9E3779B97F4A7C15;
            key ^= key >> 29;
        }
        return key;
    }

    /// <summary>For each run of equal keys, the piece that occurs most often in it.</summary>
    private static (ulong[] Keys, int[] Guesses) MostFrequent(ulong[] seenIn, int[] seen, int leastSeen)
    {
        List<ulong> keys = [];
        List<int> guesses = [];
        for (int start = 0, end; start < seenIn.Length; start = end)
        {
            for (end = start + 1; end < seenIn.Length && seenIn[end] == seenIn[start]; end++) { }
            if (end - start < leastSeen) continue;
            keys.Add(seenIn[start]);
            guesses.Add(Mode(seen.AsSpan(start..end)));
        }
        return ([.. keys], [.. guesses]);
    }

    private static int Mode(Span<int> pieces)
    {
        pieces.Sort();
        int mode = pieces[0];
        int most = 0;
        for (int start = 0, end; start < pieces.Length; start = end)
        {
            for (end = start + 1; end < pieces.Length && pieces[end] == pieces[start]; end++) { }
            if (end - start > most) (mode, most) = (pieces[start], end - start);
        }
        return mode;
    }
}
