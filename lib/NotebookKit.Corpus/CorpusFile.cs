using System.IO.Enumeration;
using ICSharpCode.SharpZipLib.GZip;
using ZstdSharp;

namespace NotebookKit.Corpus;

/// <summary>
/// One file of a corpus, known by its name and how to open it: text (a line is a document), JSON lines or a Parquet column (an object or a
/// row is one), the first two also compressed by gzip or Zstandard.
/// </summary>
/// <remarks>
/// The ending says what a file is: .txt; .jsonl, .ndjson, .json; .parquet; and .gz or .zst. A name with another ending or none, as standard
/// input has, says nothing: then it is JSON lines when it begins as an object does. Whatever begins as another kind of file does is refused.
/// </remarks>
/// <param name="Name">The path, for messages.</param>
/// <param name="Length">Its size as stored, in bytes, or 0 when that is not known.</param>
/// <param name="Open">Opens it as stored.</param>
public sealed record CorpusFile(string Name, long Length, Func<Stream> Open)
{
    private const int HeadBytes = 512;

    private static readonly string[] ForeignEndings =
        [".bz2", ".xz", ".lzma", ".lz4", ".br", ".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz2", ".txz", ".arrow", ".feather", ".avro", ".orc", ".pdf", ".doc", ".docx", ".odt", ".epub"];

    /// <summary>Whether the name says that it is plain text, which has no fields.</summary>
    public bool IsPlainText => InnerEnding == ".txt";

    private string Ending => Path.GetExtension(Name).ToLowerInvariant();

    private string InnerEnding => Ending is ".gz" or ".zst" ? Path.GetExtension(Path.GetFileNameWithoutExtension(Name)).ToLowerInvariant() : Ending;

    /// <summary>The files that some paths name, in an order that does not depend on the file system.</summary>
    /// <param name="paths">Files, folders (all their files, at any depth, but none whose name begins with a dot), globs (<c>*</c>, <c>?</c>, <c>**</c>).</param>
    /// <exception cref="FileNotFoundException">A path names nothing.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is of a kind that holds no text as it is.</exception>
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
            if (ForeignEndings.Contains(Path.GetExtension(path).ToLowerInvariant())) throw Refused(path, $"a {Path.GetExtension(path)} file");
            using FileStream probe = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (probe.CanSeek)
            {
                byte[] head = new byte[HeadBytes];
                if (ForeignForm(head.AsSpan(0, probe.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false))) is { } form) throw Refused(path, form);
            }
            return new(path, probe.CanSeek ? probe.Length : 0, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read '{path}': {e.Message.TrimEnd('.')}. Nothing was counted; make the file readable or leave it out of the input.", e);
        }
    }

    /// <summary>Opens the text itself, or the JSON lines that hold it.</summary>
    /// <param name="column">The column that holds the text, in Parquet.</param>
    /// <param name="stored">The stream of the file as stored, whose position tells the progress.</param>
    /// <param name="isJsonLines">Whether each line is a JSON object with the text in a field.</param>
    /// <exception cref="InvalidDataException">The file is of a kind that holds no text as it is, or lacks the column.</exception>
    internal Stream OpenText(string column, out Stream stored, out bool isJsonLines)
    {
        stored = Open();
        isJsonLines = false;
        Stream text = Peek(stored, out ReadOnlySpan<byte> head);
        if (InnerEnding == ".parquet" || head.StartsWith("PAR1"u8))
        {
            if (text == stored && Ending is not (".gz" or ".zst")) return ParquetText.Open(Name, stored, column);
            throw Refused(Name, stored.CanSeek ? "compressed Parquet" : "Parquet that cannot be sought in");
        }
        // .NET's own GZipStream takes a truncated file for a shorter one.
        if (Ending == ".gz" || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8])) text = Peek(new GZipInputStream(text, 1 << 16), out head);
        else if (Ending == ".zst" || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) text = Peek(new DecompressionStream(text, leaveOpen: false), out head);
        if (ForeignForm(head) is { } form) throw Refused(Name, form);
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        if (InnerEnding == ".json" && head.StartsWith("["u8)) throw Refused(Name, "one JSON array, not an object a line");
        isJsonLines = InnerEnding is ".jsonl" or ".ndjson" or ".json" || (!IsPlainText && head.StartsWith("{"u8) && head[1..].TrimStart(" \t"u8).StartsWith("\""u8));
        return text;
    }

    /// <summary>The first bytes of a stream, which are read again afterwards.</summary>
    private static Stream Peek(Stream stream, out ReadOnlySpan<byte> head)
    {
        byte[] bytes = new byte[HeadBytes];
        int length = stream.ReadAtLeast(bytes, HeadBytes, throwOnEndOfStream: false);
        head = bytes.AsSpan(0, length);
        if (!stream.CanSeek) return new ChunkStream(All(), stream);
        stream.Position = 0;
        return stream;

        IEnumerable<ReadOnlyMemory<byte>> All()
        {
            yield return bytes.AsMemory(0, length);
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0;) yield return buffer.AsMemory(0, read);
        }
    }

    /// <summary>The kind of file that begins so, when it is one that holds no text as it is.</summary>
    private static string? ForeignForm(ReadOnlySpan<byte> head) =>
        head.StartsWith("BZh"u8) && head.Length > 3 && head[3] is >= (byte)'1' and <= (byte)'9' ? "compressed by bzip2"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "compressed by xz"
        : head.StartsWith((ReadOnlySpan<byte>)[4, 0x22, 0x4D, 0x18]) ? "compressed by lz4"
        : head.StartsWith("PK\x3\x4"u8) ? "a ZIP archive"
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]) ? "a 7z archive"
        : head.Length > 262 && head[257..].StartsWith("ustar"u8) ? "a tar archive"
        : head.StartsWith("ARROW1"u8) ? "an Arrow file"
        : head.StartsWith("%PDF-"u8) ? "a PDF"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "UTF-16 text"
        : null;

    private static InvalidDataException Refused(string name, string form) => new(
        $"'{name}' is {form}, which is not read. Text in UTF-8, JSON lines (.jsonl, .ndjson, .json), both also as .gz or .zst, and .parquet files are; convert it, or leave it out.");

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
