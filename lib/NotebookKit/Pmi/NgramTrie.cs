using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookKit.Pmi;

/// <summary>
/// A set of sequences of ids, walked one id at a time. All edges lie in one hash table of buckets of eight; an edge is the 64-bit key
/// (parent node, id), and its place in the table is the node that it leads to. A step is thus one bucket, compared as a whole without a
/// branch, which is what the speed of PMI-Masking hangs on.
/// </summary>
internal sealed class NgramTrie
{
    /// <summary>Where no sequence leads.</summary>
    internal const int Nowhere = -1;

    /// <summary>What a step from a full bucket gives.</summary>
    internal const int Elsewhere = -2;

    private const int BucketSize = 8;
    private const ulong FinalFlag = 1UL << 31;

    private readonly int[] _first;
    private readonly ulong[] _edges;
    private readonly int[] _ranks;
    private readonly uint _buckets;

    /// <summary>A trie of sequences; of equal sequences the first keeps its rank.</summary>
    /// <param name="sequences">Sequences of at least one id, by rank.</param>
    /// <param name="alphabet">Ids lie between 0 and below this.</param>
    internal NgramTrie(IReadOnlyList<int[]> sequences, int alphabet)
    {
        // Four edges in a bucket of eight on average: few buckets are full, and the table stays small.
        _buckets = (uint)(CountEdges(sequences) / 4 + 1);
        _edges = new ulong[_buckets * BucketSize];
        // The nodes of first ids have no edge; they are numbered behind the places of the table.
        _ranks = new int[_edges.Length + alphabet];
        Array.Fill(_ranks, -1);
        _first = new int[alphabet];
        Array.Fill(_first, Nowhere);
        for (int rank = 0; rank < sequences.Count; rank++) Add(sequences[rank], rank);
    }

    /// <summary>The node after the first id of a sequence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Start(int id) => _first[id];

    /// <summary>The node after one more id.</summary>
    internal int Step(int node, int id)
    {
        int next = TryStep(node, id);
        return next == Elsewhere ? StepOn(node, id) : next;
    }

    /// <summary>
    /// The node after one more id, or <see cref="Elsewhere"/> when the bucket is full and <see cref="StepOn"/> must tell. Without a branch,
    /// so that the processor runs ahead to the next walk while it waits for the bucket.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int TryStep(int node, int id)
    {
        ulong key = Key(node, id);
        int bucket = Bucket(key);
        int here = Compare(bucket, key, ~FinalFlag);
        int empty = Compare(bucket, 0, ulong.MaxValue);
        // (x − 1) >> 31 is −1 for x = 0 and 0 for a positive x: a miss gives Nowhere = −1, in a full bucket Elsewhere = −2.
        int missed = (here - 1) >> 31;
        int full = (empty - 1) >> 31;
        return (~missed & (bucket + BitOperations.TrailingZeroCount(here))) | (missed & (Nowhere + full));
    }

    /// <summary>The node after one more id, when it is not in its own bucket: a full one continues in the next.</summary>
    internal int StepOn(int node, int id)
    {
        ulong key = Key(node, id);
        int bucket = Bucket(key);
        do
        {
            bucket = Following(bucket);
            int here = Compare(bucket, key, ~FinalFlag);
            if (here != 0) return bucket + BitOperations.TrailingZeroCount(here);
        }
        while (Compare(bucket, 0, ulong.MaxValue) == 0);
        return Nowhere;
    }

    /// <summary>Begins to load the bucket of a step to come, where the processor can be asked to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void Prefetch(int node, int id)
    {
        // The garbage collector may move the table meanwhile: then the hint is useless, but it never fails.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref _edges[Bucket(Key(node, id))]));
    }

    /// <summary>Whether a sequence ends at a node that a step led to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFinal(int node) => (_edges[node] & FinalFlag) != 0;

    /// <summary>The rank of the sequence that ends at a node, or -1.</summary>
    internal int Rank(int node) => _ranks[node];

    private static ulong Key(int node, int id) => ((ulong)(uint)node << 32) | (uint)(id + 1);

    /// <summary>The first place of a key's bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(ulong key) => (int)((key * 0x9E3779B97F4A7C15 >> 32) * _buckets >> 32) * BucketSize;

    private int Following(int bucket) => bucket + BucketSize < _edges.Length ? bucket + BucketSize : 0;

    /// <summary>One bit for each place of a bucket that holds a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Compare(int bucket, ulong key, ulong mask)
    {
        ref ulong start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_edges), bucket);
        Vector256<ulong> wanted = Vector256.Create(key), relevant = Vector256.Create(mask);
        uint low = Vector256.Equals(Vector256.LoadUnsafe(ref start) & relevant, wanted).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.LoadUnsafe(ref start, 4) & relevant, wanted).ExtractMostSignificantBits();
        return (int)(low | (high << 4));
    }

    private void Add(int[] sequence, int rank)
    {
        ref int start = ref _first[sequence[0]];
        if (start == Nowhere) start = _edges.Length + sequence[0];
        int node = start;
        foreach (int id in sequence.AsSpan(1))
        {
            int next = Step(node, id);
            node = next != Nowhere ? next : Insert(Key(node, id));
        }
        if (_ranks[node] >= 0) return;
        _ranks[node] = rank;
        if (node < _edges.Length) _edges[node] |= FinalFlag;
    }

    private int Insert(ulong key)
    {
        int bucket = Bucket(key);
        int empty;
        while ((empty = Compare(bucket, 0, ulong.MaxValue)) == 0) bucket = Following(bucket);
        int place = bucket + BitOperations.TrailingZeroCount(empty);
        _edges[place] = key;
        return place;
    }

    /// <summary>The number of different prefixes of two ids and more: sorted, a sequence shares its longest known prefix with its neighbour.</summary>
    private static int CountEdges(IReadOnlyList<int[]> sequences)
    {
        int[][] sorted = [.. sequences];
        Array.Sort(sorted, (a, b) => a.AsSpan().SequenceCompareTo(b));
        int edges = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            int shared = i == 0 ? 0 : sorted[i].AsSpan().CommonPrefixLength(sorted[i - 1]);
            edges += sorted[i].Length - Math.Max(1, shared);
        }
        return edges;
    }
}
