using System.Runtime.InteropServices;

namespace NotebookKit.Corpus;

/// <summary>
/// Native memory in large pieces. On Linux it is taken from the system itself, in pages of 2 MB where those are to be had: tables of many
/// megabytes are read at random, and with pages of 4 KB nearly every read would have to look for its page first.
/// </summary>
internal static unsafe partial class LargeMemory
{
    private const long Page = 2 << 20;

    // Of <sys/mman.h>: readable and writable; private and of no file; the advice to use large pages.
    private const int ReadWrite = 1 | 2, PrivateAnonymous = 2 | 0x20, HugePages = 14;

    /// <summary>Memory of zeros.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static void* Allocate(long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < Page) return NativeMemory.AllocZeroed((nuint)bytes);
        // More than is needed, so that it can begin where a large page does; what is too much is given back.
        nint mapped = Map(0, (nuint)(bytes + Page), ReadWrite, PrivateAnonymous, -1, 0);
        if (mapped == -1) throw new OutOfMemoryException($"The system refuses {bytes >> 20} MiB of memory.");
        long before = -mapped & (Page - 1);
        if (before > 0) _ = Unmap(mapped, (nuint)before);
        nint memory = mapped + (nint)before;
        _ = Unmap(memory + (nint)Whole(bytes), (nuint)(Page - before + bytes - Whole(bytes)));
        // Advice that is not followed costs only time.
        _ = Advise(memory, (nuint)bytes, HugePages);
        return (void*)memory;
    }

    /// <summary>Gives memory of that size back.</summary>
    public static void Free(void* memory, long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < Page) NativeMemory.Free(memory);
        else if (memory != null) _ = Unmap((nint)memory, (nuint)Whole(bytes));
    }

    /// <summary>A size in whole pages of the smallest kind.</summary>
    private static long Whole(long bytes) => (bytes + Environment.SystemPageSize - 1) & -Environment.SystemPageSize;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
