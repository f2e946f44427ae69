using System.Text;

namespace NotebookKit;

/// <summary>
/// Writes a file whole or not at all: under another name in the same folder, flushed to the disk, then renamed. Whatever fails, a
/// file that was there before is still there, as it was.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes bytes; the folder is made if need be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, (stream, bytes) => stream.Write(bytes));

    /// <summary>Writes text in UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes what <paramref name="write"/> puts into the stream, which it may also read and seek.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="write">Writes the content, once.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, (stream, content) => content(stream));

    private static void Write<TContent>(string path, TContent content, Action<Stream, TContent> write)
        where TContent : allows ref struct
    {
        string full = Path.GetFullPath(path);
        // A name of its own for every writer, so that two processes never write into the same file.
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream, content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            if (e is IOException or UnauthorizedAccessException)
                throw new IOException($"Cannot write '{path}': {e.Message} An older file of that name is as it was.", e);
            throw;
        }
    }
}
