using System.Numerics;
using System.Runtime.CompilerServices;

namespace NotebookKit.Pmi;

/// <summary>
/// A small seeded random source for maskers: xoshiro256++ (Blackman and Vigna), its state filled by SplitMix64. A value type, so that
/// its owner decides where the state lives; pass it by reference, since a copy would repeat the same draws.
/// </summary>
public struct MaskingRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A source for a seed and a stream, for example the number of a sequence or a training step.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Which of the seed's independent streams.</param>
    public MaskingRandom(ulong seed, ulong stream = 0)
    {
        ulong state = seed;
        state = SplitMix(ref state) ^ stream;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform whole number from 0 to below the bound.</summary>
    /// <param name="bound">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int bound)
    {
        // Lemire's multiplication: the high half is uniform once the few low halves that would favour some numbers are drawn again.
        ulong product = (NextBits() >> 32) * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint unfair = (uint)-bound % (uint)bound;
            while ((uint)product < unfair) product = (NextBits() >> 32) * (uint)bound;
        }
        return (int)(product >> 32);
    }

    /// <summary>A uniform number from 0 to below 1, with 53 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
