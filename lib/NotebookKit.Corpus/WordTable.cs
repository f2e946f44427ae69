using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookKit.Corpus;

/// <summary>
/// Gives each distinct word (its UTF-8 bytes) an id 1, 2, 3, … and counts it. Words of up to 16 bytes, nearly all of running text, lie
/// in the slot itself with their count, so that a look-up is one hash of two integers and mostly one cache line. A word never contains the byte 0.
/// </summary>
internal sealed unsafe class WordTable : IDisposable
{
    /// <summary>The longest word that lies in its slot, in bytes.</summary>
    public const int InlineBytes = 16;

    // The top byte of a long word's High; no UTF-8 text contains it, so no inline word can look the same.
    private const ulong LongMark = 0xFFUL << 56;

    /// <summary>A word of up to 16 bytes, with zeros behind.</summary>
    public readonly record struct Short(ulong Low, ulong High);

    private struct Slot
    {
        public ulong Low, High;
        public long Count;
        public int Id;
    }

    private Slot* _slots;
    private long* _counted;
    private int _shift;
    private int _capacity;
    private byte* _longWords;
    private long _longCapacity, _longUsed;

    public WordTable(int log2Capacity = 12) => Allocate(log2Capacity);

    /// <summary>The number of distinct words, which is also the greatest id.</summary>
    public int Words { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => ((long)_capacity * sizeof(Slot)) + ((long)MostWords * sizeof(long)) + _longCapacity;

    // At most three quarters of the slots are taken, so ids end there.
    private int MostWords => (int)(_capacity / 4L * 3);

    /// <summary>
    /// Counts a word of up to 16 bytes, given as two little-endian integers padded with zeros; returns its id. No word at all, two zeros,
    /// looks as an empty slot does, and so has the id 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Count(ulong low, ulong high, long weight = 1)
    {
        Slot* slot = _slots + (Hash(low, high) >> _shift);
        while (slot->Low != low || slot->High != high)
        {
            if (slot->Id == 0) return Add(slot, low, high, weight);
            if (++slot == _slots + _capacity) slot = _slots;
        }
        slot->Count += weight;
        return slot->Id;
    }

    /// <summary>Counts short words, see <see cref="Count(ulong, ulong, long)"/>, and writes their ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Count(Short* words, Short* end, int* ids)
    {
        for (; words < end; words++) *ids++ = Count(words->Low, words->High);
    }

    /// <summary>Fetches the slot where the look-up of a word will begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong low, ulong high)
    {
        if (Sse.IsSupported) Sse.Prefetch0(_slots + (Hash(low, high) >> _shift));
    }

    /// <summary>Counts a word that has been met before.</summary>
    public void Count(int id) => _counted[id]++;

    /// <summary>Counts a word of any length; returns its id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Count(ReadOnlySpan<byte> word, long weight = 1)
    {
        Slot* slot = Look(word, out ulong low, out ulong high);
        if (slot->Id == 0) return Add(slot, low, high >= LongMark ? LongMark | (ulong)Append(word) : high, weight);
        slot->Count += weight;
        return slot->Id;
    }

    /// <summary>The id of a word and its count; both are 0 when it has not been met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (int Id, long Count) Find(ReadOnlySpan<byte> word)
    {
        Slot* slot = Look(word, out _, out _);
        return slot->Id == 0 ? default : (slot->Id, slot->Count + _counted[slot->Id]);
    }

    /// <summary>Calls back for each word, or for those of one of some equal parts of the table: its id, its count, its bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ForEach(WordAction action, int part = 0, int parts = 1)
    {
        Slot* end = _slots + ((long)_capacity * (part + 1) / parts);
        for (Slot* slot = _slots + ((long)_capacity * part / parts); slot < end; slot++)
        {
            if (slot->Id == 0) continue;
            action(slot->Id, slot->Count + _counted[slot->Id], slot->High >= LongMark ? LongWord(slot->High) : Inline(slot));
        }
    }

    /// <summary>Writes the words in the order of their ids, with their counts.</summary>
    public void Save(BinaryWriter writer)
    {
        nint[] slotOf = new nint[Words];
        for (Slot* slot = _slots; slot < _slots + _capacity; slot++)
            if (slot->Id != 0) slotOf[slot->Id - 1] = (nint)slot;
        writer.Write(Words);
        foreach (nint address in slotOf)
        {
            var slot = (Slot*)address;
            ReadOnlySpan<byte> word = slot->High >= LongMark ? LongWord(slot->High) : Inline(slot);
            writer.Write(slot->Count + _counted[slot->Id]);
            writer.Write(word.Length);
            writer.Write(word);
        }
    }

    /// <summary>Gives an empty table the words that were saved.</summary>
    public void Restore(BinaryReader reader)
    {
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            long count = reader.ReadInt64();
            Count(reader.ReadBytes(reader.ReadInt32()), count);
        }
    }

    public delegate void WordAction(int id, long count, ReadOnlySpan<byte> word);

    public void Dispose()
    {
        LargeMemory.Free(_slots, _capacity * (long)sizeof(Slot));
        NativeMemory.Free(_counted);
        NativeMemory.Free(_longWords);
        _slots = null;
        _counted = null;
        _longWords = null;
        _capacity = 0;
        _longCapacity = 0;
    }

    /// <summary>The slot of a word, or the empty one where it would be, and what the slot holds of it; of a long word, without its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot* Look(ReadOnlySpan<byte> word, out ulong low, out ulong high)
    {
        bool isLong = word.Length > InlineBytes;
        if (isLong)
        {
            (low, high) = (HashLong(word), LongMark);
        }
        else
        {
            Vector128<byte> inline = default;
            word.CopyTo(new Span<byte>(&inline, InlineBytes));
            (low, high) = (inline.AsUInt64()[0], inline.AsUInt64()[1]);
        }
        Slot* slot = _slots + (Hash(low, high) >> _shift);
        while (slot->Id != 0 && !(slot->Low == low && (isLong ? slot->High >= LongMark && LongWord(slot->High).SequenceEqual(word) : slot->High == high)))
            if (++slot == _slots + _capacity) slot = _slots;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong low, ulong high)
    {
        if (Sse42.X64.IsSupported) return Sse42.X64.Crc32(Sse42.X64.Crc32(0, low), high) << 32;
        ulong hash = (low * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(high * 0xC2B2AE3D27D4EB4F, 32);
        return (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong HashLong(ReadOnlySpan<byte> word)
    {
        ulong hash = (ulong)word.Length;
        ReadOnlySpan<ulong> blocks = MemoryMarshal.Cast<byte, ulong>(word);
        foreach (ulong block in blocks) hash = PairCounter.Hash(hash ^ block);
        foreach (byte rest in word[(blocks.Length * 8)..]) hash = PairCounter.Hash(hash ^ rest);
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<byte> Inline(Slot* slot)
    {
        ReadOnlySpan<byte> bytes = new(slot, InlineBytes);
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    private ReadOnlySpan<byte> LongWord(ulong high)
    {
        byte* start = _longWords + (high & ~LongMark);
        return new(start + sizeof(int), *(int*)start);
    }

    private long Append(ReadOnlySpan<byte> word)
    {
        long needed = _longUsed + sizeof(int) + word.Length;
        if (needed > _longCapacity)
        {
            _longCapacity = Math.Max(needed, Math.Max(1 << 16, _longCapacity * 2));
            _longWords = (byte*)NativeMemory.Realloc(_longWords, (nuint)_longCapacity);
        }
        long offset = _longUsed;
        *(int*)(_longWords + offset) = word.Length;
        word.CopyTo(new Span<byte>(_longWords + offset + sizeof(int), word.Length));
        _longUsed = (needed + 3) & ~3L;
        return offset;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int Add(Slot* slot, ulong low, ulong high, long weight)
    {
        int id = checked(++Words);
        *slot = new Slot { Low = low, High = high, Count = weight, Id = id };
        _counted[id] = 0;
        if (Words == MostWords) Grow();
        return id;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow()
    {
        Slot* old = _slots;
        int oldCapacity = _capacity;
        Allocate(BitOperations.Log2((uint)_capacity) + 1);
        for (Slot* from = old; from < old + oldCapacity; from++)
        {
            if (from->Id == 0) continue;
            ulong hash = from->High >= LongMark ? Hash(from->Low, LongMark) : Hash(from->Low, from->High);
            Slot* to = _slots + (hash >> _shift);
            while (to->Id != 0)
                if (++to == _slots + _capacity) to = _slots;
            *to = *from;
        }
        LargeMemory.Free(old, oldCapacity * (long)sizeof(Slot));
    }

    private void Allocate(int log2Capacity)
    {
        if (log2Capacity > 30) throw new InvalidOperationException("The corpus has more than half a billion distinct words; word ids end there.");
        _capacity = 1 << log2Capacity;
        _shift = 64 - log2Capacity;
        _slots = (Slot*)LargeMemory.Allocate(_capacity * (long)sizeof(Slot));
        _counted = (long*)NativeMemory.Realloc(_counted, ((nuint)MostWords + 1) * sizeof(long));
    }
}
