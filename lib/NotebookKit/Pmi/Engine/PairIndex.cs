using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NotebookKit.Pmi.Engine;

/// <summary>Finds the id of a surviving pair: its place among the survivors plus one, so that 0 means that it did not survive.</summary>
internal sealed unsafe class PairIndex : IDisposable
{
    private const int Ahead = 24;
    private Entry* entries;
    private readonly int log2Capacity;

    public PairIndex(ReadOnlySpan<ulong> survivors)
    {
        // At most half of the places are taken.
        log2Capacity = BitOperations.Log2((uint)Math.Max(16, (2 * survivors.Length) - 1)) + 1;
        entries = (Entry*)LargeMemory.Allocate(Bytes);
        for (int i = 0; i < survivors.Length; i++)
        {
            ulong place = Place(survivors[i]);
            while (entries[place].Pair != 0) place = Next(place);
            entries[place] = new Entry { Pair = survivors[i], Id = i + 1 };
        }
    }

    private struct Entry
    {
        public ulong Pair;
        public int Id;
    }

    public long Bytes => (1L << log2Capacity) * sizeof(Entry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IdOf(ulong pair)
    {
        Entry* entry = entries + Place(pair);
        // Whether a pair survived is not to be predicted, so the common cases take no branch: it is here, or the place is empty.
        bool here = entry->Pair == pair;
        return !here & (entry->Pair != 0) ? IdBehind(pair) : entry->Id & -Unsafe.BitCast<bool, byte>(here);
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
                if (Sse.IsSupported && p + Ahead < last) Sse.Prefetch0(entries + Place(PairCounter.Pair(p[Ahead], p[Ahead + 1])));
                *p = p[0] == 0 || p[1] == 0 ? 0 : IdOf(PairCounter.Pair(p[0], p[1]));
            }
            *last = 0;
        }
    }

    public void Dispose()
    {
        LargeMemory.Free(entries, Bytes);
        entries = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int IdBehind(ulong pair)
    {
        ulong place = Place(pair);
        while (entries[place].Pair != pair && entries[place].Pair != 0) place = Next(place);
        return entries[place].Id;
    }

    private ulong Place(ulong pair) => PairCounter.Hash(pair) >> (64 - log2Capacity);

    private ulong Next(ulong place) => (place + 1) & ((1UL << log2Capacity) - 1);
}
