using Microsoft.Win32.SafeHandles;

namespace NotebookKit.Pmi.Engine;

/// <summary>A folder for temporary files, made when the first is needed and removed with all of them.</summary>
internal sealed class TempFolder(string? parent) : IDisposable
{
    private readonly Lock gate = new();
    private string? path;
    private int files;

    /// <summary>Creates a file that is open until its handle is disposed.</summary>
    public SafeFileHandle CreateFile(string name)
    {
        lock (gate)
        {
            path ??= Directory.CreateDirectory(Path.Combine(parent ?? Path.GetTempPath(), $"nbk-pmi-{Path.GetRandomFileName()}")).FullName;
            return File.OpenHandle(Path.Combine(path, $"{name}-{files++}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }
    }

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
}
