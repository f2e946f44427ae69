using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookKit.Corpus;

/// <summary>Finds the id of a surviving pair: its place among the survivors plus one, so that 0 means that it did not survive.</summary>
internal sealed unsafe class PairIndex : IDisposable
{
    private const int Ahead = 16;
    private readonly ulong* pairs;
    private readonly int* ids;
    private readonly int log2Capacity;

    public PairIndex(ReadOnlySpan<ulong> survivors)
    {
        log2Capacity = BitOperations.Log2((uint)Math.Max(16, survivors.Length)) + 2;
        pairs = (ulong*)NativeMemory.AllocZeroed((nuint)1 << log2Capacity, sizeof(ulong));
        ids = (int*)NativeMemory.AllocZeroed((nuint)1 << log2Capacity, sizeof(int));
        for (int i = 0; i < survivors.Length; i++)
        {
            ulong slot = Slot(survivors[i]);
            while (pairs[slot] != 0) slot = Next(slot);
            pairs[slot] = survivors[i];
            ids[slot] = i + 1;
        }
    }

    public long Bytes => (1L << log2Capacity) * (sizeof(ulong) + sizeof(int));

    public int IdOf(ulong pair)
    {
        for (ulong slot = Slot(pair); ; slot = Next(slot))
        {
            if (pairs[slot] == pair) return ids[slot];
            if (pairs[slot] == 0) return 0;
        }
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
                if (p + Ahead < last && System.Runtime.Intrinsics.X86.Sse.IsSupported)
                    System.Runtime.Intrinsics.X86.Sse.Prefetch0(pairs + Slot(PairCounter.Pair(p[Ahead], p[Ahead + 1])));
                *p = p[0] == 0 || p[1] == 0 ? 0 : IdOf(PairCounter.Pair(p[0], p[1]));
            }
            *last = 0;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(pairs);
        NativeMemory.Free(ids);
    }

    private ulong Slot(ulong pair) => PairCounter.Hash(pair) >> (64 - log2Capacity);

    private ulong Next(ulong slot) => (slot + 1) & ((1UL << log2Capacity) - 1);
}
