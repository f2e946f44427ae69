using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookKit.Corpus;

/// <summary>
/// The runs of words in a stream of ids, in which 0 is a gap: 64 ids at a time, as one bit each. Where gaps are is not to be predicted, so
/// that to walk over bits is faster than to ask each id.
/// </summary>
internal static unsafe class IdRuns
{
    /// <summary>How many ids a mask tells of.</summary>
    public const int Chunk = 64;

    /// <summary>Which ids are words.</summary>
    /// <param name="ids">The first id.</param>
    /// <param name="count">How many there are; only the first 64 are asked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Words(int* ids, long count) => count >= Chunk
        ? ~(Gaps(ids) | (Gaps(ids + 16) << 16) | (Gaps(ids + 32) << 32) | (Gaps(ids + 48) << 48))
        : WordsAtEnd(ids, count);

    /// <summary>Which ids are words with a word behind them; what is behind the last one is a gap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pairs(int* ids, long count)
    {
        ulong words = Words(ids, count);
        return words & Behind(words, ids, count);
    }

    /// <summary>
    /// Adds the n-grams that end in a stretch of a stream: to each place n of the totals, the number of runs of n words.
    /// </summary>
    /// <param name="stretch">The ids.</param>
    /// <param name="totals">By n from 1; place 0 is not used.</param>
    /// <param name="open">By n, 1 where the stretch before ended with n words, otherwise 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CountEnds(ReadOnlySpan<int> stretch, Span<long> totals, Span<ulong> open)
    {
        fixed (int* ids = stretch)
        {
            for (int start = 0; start < stretch.Length; start += Chunk)
            {
                int left = Math.Min(Chunk, stretch.Length - start);
                ulong words = Words(ids + start, stretch.Length - start);
                ulong ends = words;
                for (int n = 1; n < totals.Length; n++)
                {
                    totals[n] += BitOperations.PopCount(ends);
                    // n + 1 words end at a word before which n words end.
                    ulong longer = words & ((ends << 1) | open[n]);
                    open[n] = (ends >> (left - 1)) & 1;
                    ends = longer;
                }
            }
        }
    }

    /// <summary>Drops what can make no pair: words between gaps, and gaps beside gaps. Returns the number of ids left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Compact(Span<int> stream)
    {
        fixed (int* ids = stream)
        {
            int* kept = ids;
            ulong wordBefore = 0, keptBefore = 0;
            for (int start = 0; start < stream.Length; start += Chunk)
            {
                int* chunk = ids + start;
                long left = stream.Length - start;
                ulong words = Words(chunk, left);
                ulong inPair = words & ((words << 1) | wordBefore | Behind(words, chunk, left));
                ulong keep = inPair | (~words & ((inPair << 1) | keptBefore));
                if (left < Chunk) keep &= (1UL << (int)left) - 1;
                kept = Move(chunk, kept, keep, left);
                (wordBefore, keptBefore) = (words >> (Chunk - 1), inPair >> (Chunk - 1));
            }
            return (int)(kept - ids);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Gaps(int* ids) => Vector512.Equals(Vector512.Load(ids), Vector512<int>.Zero).ExtractMostSignificantBits();

    private static ulong WordsAtEnd(int* ids, long count)
    {
        ulong words = 0;
        for (int i = 0; i < count; i++) words |= (ids[i] == 0 ? 0UL : 1UL) << i;
        return words;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Behind(ulong words, int* ids, long count) => (words >> 1) | (count > Chunk && ids[Chunk] != 0 ? 1UL << (Chunk - 1) : 0);

    /// <summary>Moves some of the next ids, at most 64, to where they are kept, at or before their own places; returns the place behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* Move(int* from, int* to, ulong keep, long count)
    {
        if (Avx512F.IsSupported && count >= Chunk)
        {
            // A store of 16 ids ends at the latest where the ids that it comes from end.
            for (int i = 0; i < Chunk; i += 16)
            {
                int some = (int)(keep >> i) & 0xFFFF;
                Vector512<int> mask = ~Vector512.Equals(Vector512.Create(some) & Bits, Vector512<int>.Zero);
                Avx512F.Compress(Vector512<int>.Zero, mask, Vector512.Load(from + i)).Store(to);
                to += BitOperations.PopCount((uint)some);
            }
            return to;
        }
        for (; keep != 0; keep &= keep - 1) *to++ = from[BitOperations.TrailingZeroCount(keep)];
        return to;
    }

    private static Vector512<int> Bits => Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
}
