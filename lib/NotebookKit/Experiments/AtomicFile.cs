namespace NotebookKit.Experiments;

/// <summary>Writes a file whole or not at all: under another name in the same folder, flushed to the disk, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes the bytes; the folder is made if need be. Whatever fails, a file that was there before is still there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // A name of its own for every writer, so that two processes never write into the same file.
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
