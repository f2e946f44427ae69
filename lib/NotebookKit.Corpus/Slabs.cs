namespace NotebookKit.Corpus;

/// <summary>Native memory in pieces of 2 MB, each used again by who comes next: the system clears a fresh piece before it gives it.</summary>
internal sealed unsafe class Slabs : IDisposable
{
    /// <summary>The size of a piece.</summary>
    public const int Size = 2 << 20;

    private readonly Lock _gate = new();
    private readonly Stack<nint> _free = [];
    private long _taken;

    /// <summary>Bytes held, in use or not.</summary>
    public long Bytes => _taken * Size;

    /// <summary>A piece; what is in it is not known.</summary>
    public nint Take()
    {
        lock (_gate)
        {
            if (_free.TryPop(out nint slab)) return slab;
            _taken++;
        }
        return (nint)LargeMemory.Allocate(Size);
    }

    /// <summary>Takes pieces back.</summary>
    public void Return(IEnumerable<nint> slabs)
    {
        lock (_gate)
            foreach (nint slab in slabs) _free.Push(slab);
    }

    /// <summary>Gives the system all pieces that have been returned.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out nint slab)) LargeMemory.Free((void*)slab, Size);
    }
}
