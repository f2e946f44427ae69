using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookKit.Corpus;

/// <summary>
/// Finds the id of a surviving pair: its place among the survivors plus one, so that 0 means that it did not survive. A bucket is a cache
/// line: four pairs, which are compared at once, then their ids.
/// </summary>
internal sealed unsafe class PairIndex : IDisposable
{
    private const int BucketBytes = 64, PairsPerBucket = 4, IdsAt = PairsPerBucket * sizeof(ulong);
    private readonly int _log2Buckets;
    private byte* _buckets;

    public PairIndex(ReadOnlySpan<ulong> survivors)
    {
        // At most half of the places are taken.
        _log2Buckets = Math.Max(1, BitOperations.Log2((uint)Math.Max(1, survivors.Length - 1)));
        _buckets = (byte*)LargeMemory.Allocate(Bytes);
        for (int i = 0; i < survivors.Length; i++) Add(survivors[i], i + 1);
    }

    public long Bytes => (long)BucketBytes << _log2Buckets;

    public int IdOf(ulong pair) => IdOf(pair, Place(pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IdOf(ulong pair, long place)
    {
        byte* bucket = _buckets + place;
        uint found = Vector256.Equals(Vector256.Load((ulong*)bucket), Vector256.Create(pair)).ExtractMostSignificantBits();
        // Whether a pair survived is not to be predicted, so that costs no branch: where none is equal, the id is read behind the last, a 0.
        return found == 0 && ((ulong*)bucket)[PairsPerBucket - 1] != 0
            ? IdBehind(pair)
            : ((int*)(bucket + IdsAt))[BitOperations.TrailingZeroCount(found | (1u << PairsPerBucket))];
    }

    /// <summary>Replaces each id by that of the pair it makes with its neighbour, or 0; the last id, which has none, by 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Raise(Span<int> stream)
    {
        if (stream.IsEmpty) return;
        // The places of the next pairs, which are asked for together before the first is looked at, and the ids they become.
        long* places = stackalloc long[IdRuns.Chunk];
        int* ids = stackalloc int[IdRuns.Chunk];
        fixed (int* first = stream)
        {
            for (int start = 0; start < stream.Length; start += IdRuns.Chunk)
            {
                int* p = first + start;
                ulong where = IdRuns.Pairs(p, stream.Length - start);
                long* next = places;
                for (ulong left = where; left != 0; left &= left - 1)
                {
                    int i = BitOperations.TrailingZeroCount(left);
                    *next = Place(PairCounter.Pair(p[i], p[i + 1]));
                    if (Sse.IsSupported) Sse.Prefetch0(_buckets + *next);
                    next++;
                }
                new Span<int>(ids, IdRuns.Chunk).Clear();
                next = places;
                for (ulong left = where; left != 0; left &= left - 1)
                {
                    int i = BitOperations.TrailingZeroCount(left);
                    ids[i] = IdOf(PairCounter.Pair(p[i], p[i + 1]), *next++);
                }
                new Span<int>(ids, Math.Min(IdRuns.Chunk, stream.Length - start)).CopyTo(new(p, IdRuns.Chunk));
            }
        }
    }

    public void Dispose()
    {
        LargeMemory.Free(_buckets, Bytes);
        _buckets = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(ulong pair, int id)
    {
        for (long place = Place(pair); ; place = Next(place))
        {
            for (int i = 0; i < PairsPerBucket; i++)
            {
                if (((ulong*)(_buckets + place))[i] != 0) continue;
                ((ulong*)(_buckets + place))[i] = pair;
                ((int*)(_buckets + place + IdsAt))[i] = id;
                return;
            }
        }
    }

    /// <summary>The id of a pair that its own bucket had no room for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int IdBehind(ulong pair)
    {
        for (long place = Next(Place(pair)); ; place = Next(place))
        {
            for (int i = 0; i < PairsPerBucket; i++)
            {
                ulong other = ((ulong*)(_buckets + place))[i];
                if (other == pair) return ((int*)(_buckets + place + IdsAt))[i];
                if (other == 0) return 0;
            }
        }
    }

    private long Place(ulong pair) => (long)(PairCounter.Hash(pair) >> (64 - _log2Buckets)) * BucketBytes;

    private long Next(long place) => (place + BucketBytes) & (Bytes - 1);
}
