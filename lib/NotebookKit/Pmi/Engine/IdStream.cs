using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Pmi.Engine;

/// <summary>
/// The corpus as a stream of ids in blocks, at first of words and after each level of n-grams that survived (0: none, or a gap).
/// Blocks live in memory up to a limit, and in a temporary file beyond it.
/// </summary>
internal sealed unsafe class IdStream(long memoryLimit, TempFolder temp) : IDisposable
{
    private readonly List<Block> blocks = [];
    private readonly Lock gate = new();
    private SafeFileHandle? spill;
    private long spilled;

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
        internal long Offset;
    }

    public IReadOnlyList<Block> Blocks => blocks;

    /// <summary>Bytes in memory and in the temporary file.</summary>
    public long MemoryBytes { get; private set; }

    public long SpilledBytes => spilled;

    public void Append(int worker, ReadOnlySpan<int> ids, int own)
    {
        Block block = new() { Worker = worker, Own = own, Continues = own < ids.Length, Length = ids.Length };
        long bytes = ids.Length * (long)sizeof(int);
        lock (gate)
        {
            if (MemoryBytes + bytes <= memoryLimit)
            {
                MemoryBytes += bytes;
                block.Memory = (int*)NativeMemory.Alloc((nuint)bytes);
            }
            else
            {
                spill ??= temp.CreateFile("stream");
                block.Offset = spilled;
                spilled += bytes;
            }
            blocks.Add(block);
        }
        if (block.Memory != null) ids.CopyTo(new Span<int>(block.Memory, ids.Length));
        else RandomAccess.Write(spill!, MemoryMarshal.AsBytes(ids), block.Offset);
    }

    /// <summary>The ids of a block, in place or in the buffer.</summary>
    public Span<int> Load(Block block, ref int[] buffer)
    {
        if (block.Memory != null) return new(block.Memory, block.Length);
        if (buffer.Length < block.Length) buffer = new int[block.Length];
        Span<int> ids = buffer.AsSpan(0, block.Length);
        TempFolder.ReadExactly(spill!, MemoryMarshal.AsBytes(ids), block.Offset);
        return ids;
    }

    /// <summary>Keeps what a block's ids, loaded before, have become; they can only have become fewer.</summary>
    public void Store(Block block, ReadOnlySpan<int> ids)
    {
        block.Length = ids.Length;
        if (block.Memory == null) RandomAccess.Write(spill!, MemoryMarshal.AsBytes(ids), block.Offset);
    }

    public void Dispose()
    {
        foreach (Block block in blocks) NativeMemory.Free(block.Memory);
        blocks.Clear();
        spill?.Dispose();
    }
}
