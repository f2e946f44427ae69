using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Corpus;

/// <summary>
/// The corpus as a stream of ids in blocks, at first of words and after each level of n-grams that survived (0: none, or a gap).
/// Blocks live in memory up to a limit, and in a temporary file beyond it; or all in a file that is kept as it was first written.
/// </summary>
internal sealed unsafe class IdStream : IDisposable
{
    private const int SlabIds = 8 << 20 >> 2;

    private readonly long _memoryLimit;
    private readonly TempFolder _temp;
    private readonly List<Block> _blocks = [];
    private readonly Lock _gate = new();
    private readonly List<(nint Memory, long Bytes)> _slabs = [];
    private int* _free;
    private int _freeIds;
    private readonly SafeFileHandle? _kept;
    private SafeFileHandle? _spill;
    private long _memoryBytes;

    /// <param name="memoryLimit">How many bytes of ids stay in memory.</param>
    /// <param name="temp">Where the others go.</param>
    /// <param name="keptFile">The file for all blocks as first written, or null.</param>
    public IdStream(long memoryLimit, TempFolder temp, string? keptFile = null)
    {
        _memoryLimit = keptFile == null ? memoryLimit : 0;
        _temp = temp;
        if (keptFile != null) _kept = File.OpenHandle(keptFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>One block: its own ids, then the first ids of the next block when a document goes on there.</summary>
    public sealed class Block
    {
        /// <summary>Whose word ids these are.</summary>
        public required int Worker { get; init; }

        /// <summary>Ids of this block's own: an n-gram is counted where it begins.</summary>
        public int Own { get; set; }

        /// <summary>Whether further ids follow that belong to the next block.</summary>
        public required bool Continues { get; init; }

        public int Length { get; set; }

        internal int* Memory;
        internal SafeFileHandle? File;
        internal long Offset;
    }

    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Bytes in memory.</summary>
    public long MemoryBytes => _memoryBytes;

    /// <summary>Bytes in files.</summary>
    public long SpilledBytes { get; private set; }

    public void Append(int worker, ReadOnlySpan<int> ids, int own)
    {
        Block block = new() { Worker = worker, Own = own, Continues = own < ids.Length, Length = ids.Length };
        long bytes = ids.Length * (long)sizeof(int);
        lock (_gate)
        {
            if (_memoryBytes + bytes <= _memoryLimit)
            {
                _memoryBytes += bytes;
                block.Memory = Take(ids.Length);
            }
            else
            {
                block.File = _kept ?? Spill();
                block.Offset = SpilledBytes;
                SpilledBytes += bytes;
            }
            _blocks.Add(block);
        }
        if (block.File == null) ids.CopyTo(new Span<int>(block.Memory, ids.Length));
        else _temp.Write(block.File, MemoryMarshal.AsBytes(ids), block.Offset);
    }

    /// <summary>The ids of a block, in place or in the buffer.</summary>
    public static Span<int> Load(Block block, ref int[] buffer)
    {
        if (block.File == null) return new(block.Memory, block.Length);
        if (buffer.Length < block.Length) buffer = new int[block.Length];
        Span<int> ids = buffer.AsSpan(0, block.Length);
        TempFolder.ReadExactly(block.File, MemoryMarshal.AsBytes(ids), block.Offset);
        return ids;
    }

    /// <summary>Keeps what a block's ids, loaded before, have become; they can only have become fewer.</summary>
    public void Store(Block block, ReadOnlySpan<int> ids)
    {
        block.Length = ids.Length;
        if (block.File == null) return;
        if (block.File == _kept)
        {
            lock (_gate) block.File = Spill();
        }
        _temp.Write(block.File, MemoryMarshal.AsBytes(ids), block.Offset);
    }

    /// <summary>Writes what is to be known about the blocks of a kept file, none of which has been replaced.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(SpilledBytes);
        writer.Write(_blocks.Count);
        foreach (Block block in _blocks)
        {
            writer.Write(block.Worker);
            writer.Write(block.Own);
            writer.Write(block.Length);
            writer.Write(block.Offset);
        }
    }

    public void Restore(BinaryReader reader)
    {
        SpilledBytes = reader.ReadInt64();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            (int worker, int own, int length) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            _blocks.Add(new() { Worker = worker, Own = own, Length = length, Continues = own < length, Offset = reader.ReadInt64(), File = _kept });
        }
    }

    public void Dispose()
    {
        foreach ((nint memory, long bytes) in _slabs) LargeMemory.Free((void*)memory, bytes);
        _slabs.Clear();
        _blocks.Clear();
        _spill?.Dispose();
        _kept?.Dispose();
    }

    /// <summary>Memory for some ids, cut from slabs.</summary>
    private int* Take(int count)
    {
        if (count > _freeIds)
        {
            _freeIds = Math.Max(count, SlabIds);
            long bytes = _freeIds * (long)sizeof(int);
            _free = (int*)LargeMemory.Allocate(bytes);
            _slabs.Add(((nint)_free, bytes));
        }
        int* taken = _free;
        _free += count;
        _freeIds -= count;
        return taken;
    }

    private SafeFileHandle Spill() => _spill ??= _temp.CreateFile("stream");
}
