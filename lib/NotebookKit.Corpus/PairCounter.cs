using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Corpus;

/// <summary>
/// Counts pairs of ids. Each worker scatters its pairs over partitions by their hash; then each partition is counted by itself in a
/// table that fits the cache. A worker whose pairs exceed its share of the memory counts them early and spills the sums.
/// </summary>
internal sealed unsafe class PairCounter : IDisposable
{
    // A partition of 16 K pairs has a few thousand distinct ones: a table of 16 bytes a slot that lies in a second-level cache.
    private const int PairsPerPartition = 16 << 10, SlabWords = Slabs.Size / sizeof(ulong), HeaderWords = 2;

    private readonly int _log2Partitions;
    private readonly long _workerLimit;
    private readonly int _chunkWords, _stride;
    private readonly TempFolder _temp;
    private readonly Slabs _slabs;
    private readonly Writer[] _writers;

    /// <param name="engine">Threads and limits.</param>
    /// <param name="expectedPairs">About how many pairs there will be.</param>
    /// <param name="temp">Where sums are spilled.</param>
    /// <param name="slabs">Where pairs lie, given back when they are counted.</param>
    /// <param name="weighted">Whether pairs come with a count of their own.</param>
    public PairCounter(EngineOptions engine, long expectedPairs, TempFolder temp, Slabs slabs, bool weighted = false)
    {
        _stride = weighted ? 2 : 1;
        int workers = engine.Threads;
        _log2Partitions = Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, expectedPairs / PairsPerPartition)), 2, 11);
        _workerLimit = engine.PairMemory / workers;
        _chunkWords = engine.PairChunkWords;
        _temp = temp;
        _slabs = slabs;
        _writers = [.. Enumerable.Range(0, workers).Select(_ => new Writer(this))];
    }

    private int Partitions => 1 << _log2Partitions;

    public long SpilledBytes => _writers.Sum(writer => writer.Spilled);

    public static ulong Pair(int first, int second) => ((ulong)(uint)first << 32) | (uint)second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong pair)
    {
        if (Sse42.X64.IsSupported) return Sse42.X64.Crc32(0, pair) << 32;
        pair *= 0x9E3779B97F4A7C15;
        return (pair ^ (pair >> 32)) * 0xD6E8FEB86659FD93;
    }

    /// <summary>Counts the pairs of neighbours that are both not 0 and of which the first is among the first <paramref name="own"/> ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddNeighbours(int worker, ReadOnlySpan<int> ids, int own)
    {
        Writer writer = _writers[worker];
        writer.MakeRoom();
        Cursor* cursors = writer.Cursors;
        int shift = 64 - _log2Partitions;
        int pairs = Math.Min(own, ids.Length - 1);
        if (pairs <= 0) return;
        fixed (int* first = ids)
        {
            for (int start = 0; start < pairs; start += IdRuns.Chunk)
            {
                ulong where = IdRuns.Pairs(first + start, ids.Length - start);
                if (pairs - start < IdRuns.Chunk) where &= (1UL << (pairs - start)) - 1;
                for (; where != 0; where &= where - 1)
                {
                    int* p = first + start + BitOperations.TrailingZeroCount(where);
                    ulong pair = Pair(p[0], p[1]);
                    Cursor* cursor = cursors + (Hash(pair) >> shift);
                    if (cursor->Next == cursor->End) writer.NewChunk(cursor);
                    *cursor->Next++ = pair;
                }
            }
        }
    }

    /// <summary>Counts a pair several times.</summary>
    public void Add(int worker, ulong pair, long count)
    {
        Writer writer = _writers[worker];
        Cursor* cursor = writer.Cursors + (Hash(pair) >> (64 - _log2Partitions));
        if (cursor->Next == cursor->End)
        {
            writer.MakeRoom();
            writer.NewChunk(cursor);
        }
        *cursor->Next++ = pair;
        *cursor->Next++ = (ulong)count;
    }

    /// <summary>The pairs with at least the given count, in the order of the pairs; what was counted is given back, and no more can be added.</summary>
    public CountedPairs Survivors(long minCount, CancellationToken cancellation)
    {
        var found = new List<Sum>[_writers.Length];
        int next = -1;
        Workers.Run(_writers.Length, cancellation, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (worker, stop) =>
        {
            using SumTable table = new(_log2Partitions);
            List<Sum> survivors = found[worker] = [];
            byte[] buffer = [];
            for (int partition; (partition = Interlocked.Increment(ref next)) < Partitions;)
            {
                stop.ThrowIfCancellationRequested();
                table.Clear();
                foreach (Writer writer in _writers)
                {
                    writer.CountInto(table, partition);
                    writer.CountSpilledInto(table, partition, ref buffer);
                }
                foreach (ref readonly Sum sum in table.Slots)
                    if (sum.Count >= minCount) survivors.Add(sum);
            }
        });
        Dispose();
        var all = new Sum[found.Sum(list => list.Count)];
        int start = 0;
        foreach (List<Sum> list in found)
        {
            list.CopyTo(all, start);
            start += list.Count;
        }
        Sum[] sorted = RadixSort.ByPair(all);
        return new(Array.ConvertAll(sorted, sum => sum.Pair), Array.ConvertAll(sorted, sum => sum.Count));
    }

    public void Dispose()
    {
        foreach (Writer writer in _writers) writer.Dispose();
    }

    private struct Cursor
    {
        public ulong* Next, End, Chunk;
    }

    /// <summary>The pairs of one worker, by partition, each followed by its count if weighted: chunks whose first word links to the chunk before.</summary>
    private sealed class Writer : IDisposable
    {
        private readonly PairCounter _owner;
        private readonly List<nint> _slabs = [];
        private int _usedChunks;
        private SumTable? _sums;
        private SafeFileHandle? _spill;
        private readonly List<(long Offset, int Count)>[] _segments;

        public Writer(PairCounter owner)
        {
            _owner = owner;
            Cursors = (Cursor*)NativeMemory.AllocZeroed((nuint)owner.Partitions, (nuint)sizeof(Cursor));
            _segments = new List<(long, int)>[owner.Partitions];
        }

        public Cursor* Cursors { get; private set; }

        public long Spilled { get; private set; }

        /// <summary>Spills when the limit is passed. Each partition has at most one chunk that is not full, so a block's pairs pass it by little.</summary>
        public void MakeRoom()
        {
            if (_usedChunks * (long)_owner._chunkWords * sizeof(ulong) > _owner._workerLimit && _usedChunks > _owner.Partitions * 2) Spill();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void NewChunk(Cursor* cursor)
        {
            int slabChunks = SlabWords / _owner._chunkWords;
            if (_usedChunks == _slabs.Count * slabChunks) _slabs.Add(_owner._slabs.Take());
            ulong* chunk = (ulong*)_slabs[_usedChunks / slabChunks] + ((long)(_usedChunks % slabChunks) * _owner._chunkWords);
            _usedChunks++;
            *chunk = (ulong)cursor->Chunk;
            *cursor = new Cursor { Chunk = chunk, Next = chunk + HeaderWords, End = chunk + _owner._chunkWords };
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void CountInto(SumTable table, int partition)
        {
            ulong* end = Cursors[partition].Next;
            for (ulong* chunk = Cursors[partition].Chunk; chunk != null; chunk = (ulong*)*chunk, end = chunk + _owner._chunkWords)
            {
                if (_owner._stride == 1)
                    for (ulong* pair = chunk + HeaderWords; pair < end; pair++) table.Add(*pair, 1);
                else
                    for (ulong* pair = chunk + HeaderWords; pair < end; pair += 2) table.Add(pair[0], (long)pair[1]);
            }
        }

        public void CountSpilledInto(SumTable table, int partition, ref byte[] buffer)
        {
            foreach ((long offset, int count) in _segments[partition] ?? [])
            {
                int bytes = count * sizeof(Sum);
                if (buffer.Length < bytes) buffer = new byte[bytes];
                TempFolder.ReadExactly(_spill!, buffer.AsSpan(0, bytes), offset);
                foreach (ref readonly Sum sum in MemoryMarshal.Cast<byte, Sum>(buffer.AsSpan(0, bytes))) table.Add(sum.Pair, sum.Count);
            }
        }

        public void Dispose()
        {
            _owner._slabs.Return(_slabs);
            _slabs.Clear();
            NativeMemory.Free(Cursors);
            Cursors = null;
            _sums?.Dispose();
            _spill?.Dispose();
        }

        private void Spill()
        {
            _spill ??= _owner._temp.CreateFile("pairs");
            _sums ??= new(_owner._log2Partitions);
            List<Sum> found = [];
            for (int partition = 0; partition < _owner.Partitions; partition++)
            {
                _sums.Clear();
                CountInto(_sums, partition);
                Cursors[partition] = default;
                found.Clear();
                foreach (ref readonly Sum sum in _sums.Slots)
                    if (sum.Count > 0) found.Add(sum);
                if (found.Count == 0) continue;
                ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(found));
                _owner._temp.Write(_spill, bytes, Spilled);
                (_segments[partition] ??= []).Add((Spilled, found.Count));
                Spilled += bytes.Length;
            }
            _usedChunks = 0;
        }
    }
}

/// <summary>How often a pair occurs.</summary>
internal struct Sum
{
    public ulong Pair;
    public long Count;
}

/// <summary>Sums counts by pair: open addressing, 64-bit counts. The pair 0 does not exist.</summary>
/// <param name="skippedBits">How many leading bits of the hash all pairs share.</param>
internal sealed unsafe class SumTable(int skippedBits) : IDisposable
{
    private Sum* _slots = (Sum*)NativeMemory.AllocZeroed(1 << 12, (nuint)sizeof(Sum));
    private int _log2Capacity = 12;
    private int _used;

    public ReadOnlySpan<Sum> Slots => new(_slots, 1 << _log2Capacity);

    public long Bytes => (1L << _log2Capacity) * sizeof(Sum);

    public void Clear()
    {
        new Span<Sum>(_slots, 1 << _log2Capacity).Clear();
        _used = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong pair, long count)
    {
        Sum* slot = _slots + ((PairCounter.Hash(pair) << skippedBits) >> (64 - _log2Capacity));
        Sum* end = _slots + (1 << _log2Capacity);
        while (slot->Pair != pair)
        {
            if (slot->Pair == 0)
            {
                slot->Pair = pair;
                slot->Count = count;
                if (++_used > 5 << (_log2Capacity - 3)) Grow();
                return;
            }
            if (++slot == end) slot = _slots;
        }
        slot->Count += count;
    }

    public void Dispose()
    {
        NativeMemory.Free(_slots);
        _slots = null;
    }

    private void Grow()
    {
        ReadOnlySpan<Sum> old = Slots;
        Sum* oldSlots = _slots;
        _log2Capacity++;
        _slots = (Sum*)NativeMemory.AllocZeroed((nuint)1 << _log2Capacity, (nuint)sizeof(Sum));
        _used = 0;
        foreach (ref readonly Sum sum in old)
            if (sum.Pair != 0) Add(sum.Pair, sum.Count);
        NativeMemory.Free(oldSlots);
    }
}
