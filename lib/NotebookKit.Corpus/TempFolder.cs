using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Corpus;

/// <summary>A folder for temporary files, made when the first is needed and removed with all of them.</summary>
internal sealed class TempFolder(EngineOptions engine) : IDisposable
{
    private readonly string parent = engine.TempFolder ?? Path.GetTempPath();
    private readonly Lock gate = new();
    private string? path;
    private int files;
    private long written;

    /// <summary>Creates a file that is open until its handle is disposed.</summary>
    public SafeFileHandle CreateFile(string name)
    {
        lock (gate)
        {
            try
            {
                path ??= Directory.CreateDirectory(Path.Combine(parent, $"nbk-pmi-{Path.GetRandomFileName()}")).FullName;
                string file = Path.Combine(path, $"{name}-{files++}");
                SafeFileHandle handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
                // Without a name the file goes with the process, even one that is killed.
                if (!OperatingSystem.IsWindows()) File.Delete(file);
                return handle;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Failed(e);
            }
        }
    }

    /// <summary>Writes to one of the files.</summary>
    /// <exception cref="IOException">The folder cannot be written or is full.</exception>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            if (Interlocked.Add(ref written, bytes.Length) > engine.TempLimit) throw new IOException("No space left on device.");
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

    public void Dispose()
    {
        if (path != null && Directory.Exists(path)) Directory.Delete(path, recursive: true);
        path = null;
    }

    private IOException Failed(Exception e) => new(
        $"Cannot write temporary files in '{parent}' after {written >> 20} MiB: {e.Message.TrimEnd('.')}. No output was written. Free some space there, or name another folder (--temp), or allow more memory (--memory).", e);
}
