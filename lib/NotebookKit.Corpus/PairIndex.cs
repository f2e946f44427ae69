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
    private const int BucketBytes = 64, PairsPerBucket = 4, IdsAt = PairsPerBucket * sizeof(ulong), Ahead = 24;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IdOf(ulong pair)
    {
        byte* bucket = _buckets + Place(pair);
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
        fixed (int* first = stream)
        {
            int* last = first + stream.Length - 1;
            for (int* p = first; p < last; p++)
            {
                if (Sse.IsSupported && p + Ahead < last) Sse.Prefetch0(_buckets + Place(PairCounter.Pair(p[Ahead], p[Ahead + 1])));
                *p = p[0] == 0 || p[1] == 0 ? 0 : IdOf(PairCounter.Pair(p[0], p[1]));
            }
            *last = 0;
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
