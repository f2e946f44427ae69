using System.Runtime.InteropServices;

namespace NotebookKit.Corpus;

/// <summary>
/// What a count needs to go on after it was killed, in a folder of its own: the stream of word ids as a file that is only appended to,
/// the state of the reading, and each level that was counted. The state is replaced as a whole, so a kill at any moment leaves a valid one.
/// </summary>
internal sealed class CountState
{
    private const int Version = 1;
    private readonly string _folder;
    private readonly string _fingerprint;

    /// <summary>Opens the folder; what it holds of another corpus or other options is deleted.</summary>
    public CountState(string folder, string fingerprint)
    {
        _folder = folder;
        _fingerprint = fingerprint;
        if (File.Exists(ReadingFile))
        {
            using BinaryReader reader = new(File.OpenRead(ReadingFile));
            if (reader.ReadInt32() == Version && reader.ReadString() == fingerprint)
            {
                Workers = reader.ReadInt32();
                return;
            }
        }
        Delete();
        Directory.CreateDirectory(folder);
    }

    /// <summary>The file of the stream of word ids.</summary>
    public string StreamFile => Path.Combine(_folder, "stream");

    /// <summary>How many workers' words the state holds, or 0 when there is no state.</summary>
    public int Workers { get; }

    private string ReadingFile => Path.Combine(_folder, "reading");

    /// <summary>Keeps the state between two pieces of the corpus.</summary>
    public void SaveReading(CorpusScan scan, (int File, long Offset) position, bool complete) => AtomicFile.Write(ReadingFile, stream =>
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Version);
        writer.Write(_fingerprint);
        writer.Write(scan.Scanners.Length);
        writer.Write(complete);
        writer.Write(position.File);
        writer.Write(position.Offset);
        foreach (WordScanner scanner in scan.Scanners) scanner.Save(writer);
        scan.Stream.Save(writer);
    });

    /// <summary>Brings the state back, and says where the reading goes on.</summary>
    public (bool Complete, int File, long Offset) RestoreReading(CorpusScan scan)
    {
        if (Workers == 0) return (false, 0, 0);
        using BinaryReader reader = new(new FileStream(ReadingFile, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20));
        (_, _) = (reader.ReadInt32(), reader.ReadString());
        int workers = reader.ReadInt32();
        (bool, int, long) position = (reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt64());
        for (int worker = 0; worker < workers; worker++) scan.Scanners[worker].Restore(reader);
        scan.Stream.Restore(reader);
        return position;
    }

    /// <summary>Keeps a level.</summary>
    public void SaveLevel(int n, CountedPairs level) => AtomicFile.Write(LevelFile(n), stream =>
    {
        stream.Write(MemoryMarshal.AsBytes<long>([level.Pairs.Length]));
        stream.Write(MemoryMarshal.AsBytes(level.Pairs.AsSpan()));
        stream.Write(MemoryMarshal.AsBytes(level.Counts.AsSpan()));
    });

    /// <summary>A level that was kept, or null.</summary>
    public CountedPairs? RestoreLevel(int n)
    {
        if (!File.Exists(LevelFile(n))) return null;
        using FileStream stream = File.OpenRead(LevelFile(n));
        Span<long> length = stackalloc long[1];
        stream.ReadExactly(MemoryMarshal.AsBytes(length));
        CountedPairs level = new(new ulong[length[0]], new long[length[0]]);
        stream.ReadExactly(MemoryMarshal.AsBytes(level.Pairs.AsSpan()));
        stream.ReadExactly(MemoryMarshal.AsBytes(level.Counts.AsSpan()));
        return level;
    }

    /// <summary>Removes everything.</summary>
    public void Delete()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string LevelFile(int n) => Path.Combine(_folder, $"level-{n}");
}
