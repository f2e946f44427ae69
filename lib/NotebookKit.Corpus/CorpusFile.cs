using System.IO.Enumeration;
using ICSharpCode.SharpZipLib.GZip;
using ZstdSharp;

namespace NotebookKit.Corpus;

/// <summary>One file of a corpus, known by its name and how to open it: plain, .gz or .zst, text (a line is a document) or .jsonl.</summary>
/// <param name="Name">The path, for messages; its endings say how it is read.</param>
/// <param name="Length">Its size as stored, in bytes, or 0 when that is not known.</param>
/// <param name="Open">Opens it as stored.</param>
public sealed record CorpusFile(string Name, long Length, Func<Stream> Open)
{
    /// <summary>Whether each line is a JSON object with the text in a field.</summary>
    public bool IsJsonLines => WithoutCompression(Name).EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    /// <summary>The files that some paths name, in an order that does not depend on the file system.</summary>
    /// <param name="paths">Files, folders (all their files, at any depth, but none whose name begins with a dot), globs (<c>*</c>, <c>?</c>, <c>**</c>).</param>
    /// <exception cref="FileNotFoundException">A path names nothing.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<CorpusFile> Find(IEnumerable<string> paths)
    {
        List<CorpusFile> files = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            IReadOnlyList<string> found = Directory.Exists(path) ? InFolder(path, _ => true)
                : File.Exists(path) || !path.AsSpan().ContainsAny('*', '?') ? [path] : Matching(path);
            if (found.Count == 0)
                throw new FileNotFoundException($"No file matches '{path}'. Give a file, a folder with files, or a pattern in quotes.", path);
            foreach (string file in found)
                if (seen.Add(Path.GetFullPath(file))) files.Add(OfPath(file));
        }
        return files;
    }

    /// <summary>A file of the file system; fails at once when it cannot be read.</summary>
    public static CorpusFile OfPath(string path)
    {
        try
        {
            using FileStream probe = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return new(path, probe.CanSeek ? probe.Length : 0, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read '{path}': {e.Message.TrimEnd('.')}. Nothing was counted; make the file readable or leave it out of the input.", e);
        }
    }

    /// <summary>Opens the text itself.</summary>
    /// <param name="stored">The stream of the file as stored, whose position tells the progress.</param>
    internal Stream OpenText(out Stream stored)
    {
        stored = Open();
        return Path.GetExtension(Name).ToLowerInvariant() switch
        {
            // .NET's own GZipStream takes a truncated file for a shorter one.
            ".gz" => new GZipInputStream(stored, 1 << 16),
            ".zst" => new DecompressionStream(stored, leaveOpen: false),
            _ => stored,
        };
    }

    private static string WithoutCompression(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".gz" or ".zst" ? Path.ChangeExtension(name, null) : name;

    private static List<string> InFolder(string folder, Func<string, bool> matches)
    {
        FileSystemEnumerable<string> files = new(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !entry.FileName.StartsWith("."),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.StartsWith("."),
        };
        List<string> found = [.. files.Where(file => matches(Path.GetRelativePath(folder, file).Replace('\\', '/')))];
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static List<string> Matching(string pattern)
    {
        string[] parts = pattern.Replace('\\', '/').Split('/');
        int literal = Array.FindIndex(parts, part => part.AsSpan().ContainsAny('*', '?'));
        string folder = literal == 0 ? "." : string.Join('/', parts[..literal]) is { Length: > 0 } path ? path : "/";
        return Directory.Exists(folder) ? InFolder(folder, file => Matches(parts.AsSpan(literal), file.Split('/'))) : [];
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern[0] == "**") return Matches(pattern[1..], path) || (!path.IsEmpty && Matches(pattern, path[1..]));
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false) && Matches(pattern[1..], path[1..]);
    }
}
