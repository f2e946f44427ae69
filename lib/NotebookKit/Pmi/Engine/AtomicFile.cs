namespace NotebookKit.Pmi.Engine;

/// <summary>Writes a file that appears whole or not at all: an older one of that name stays until the new one is complete.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target, then renames.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string partial = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using (FileStream stream = new(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
            }
            File.Move(partial, target, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(partial);
            if (e is IOException or UnauthorizedAccessException)
                throw new IOException($"Cannot write '{path}': {e.Message} An older file of that name is as it was.", e);
            throw;
        }
    }
}
