using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Corpus;

/// <summary>
/// Temporary files. Each loses its name as soon as it is open (on Windows, when it is closed), so that nothing stays of a process that is killed.
/// </summary>
internal sealed class TempFolder(EngineOptions engine)
{
    private readonly string _parent = engine.TempFolder ?? Path.GetTempPath();
    private long _written;

    /// <summary>Creates a file that is open until its handle is disposed.</summary>
    public SafeFileHandle CreateFile(string name)
    {
        string file = Path.Combine(_parent, $"nbk-pmi-{name}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(_parent);
            SafeFileHandle handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows()) File.Delete(file);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Writes to one of the files.</summary>
    /// <exception cref="IOException">The folder cannot be written or is full.</exception>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            if (Interlocked.Add(ref _written, bytes.Length) > engine.TempLimit) throw new IOException("No space left on device.");
            RandomAccess.Write(file, bytes, offset);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>Reads from a file as many bytes as asked for.</summary>
    public static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0) throw new EndOfStreamException("A temporary file is shorter than what was written to it.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    private IOException Failed(Exception e) => new(
        $"Cannot write temporary files in '{_parent}' after {_written >> 20} MiB: {e.Message.TrimEnd('.')}. No output was written. Free some space there, or name another folder for temporary files, or allow more memory.", e);
}
