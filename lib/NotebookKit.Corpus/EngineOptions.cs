namespace NotebookKit.Corpus;

/// <summary>How the corpus engine reads and works. Threads, memory and folder never change a result.</summary>
public sealed record EngineOptions
{
    /// <summary>How many threads work.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>About how much memory the process may use, in bytes; what does not fit goes to temporary files.</summary>
    public long MemoryLimit { get; init; } = 4L << 30;

    /// <summary>Where temporary files go; the system's folder for them when null.</summary>
    public string? TempFolder { get; init; }

    /// <summary>
    /// Whether text that is not Unicode is an error: invalid UTF-8 and, in JSON, half a surrogate pair, NaN and Infinity, and the field twice.
    /// Otherwise it is replaced (of two fields the last counts), and counted.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>The field of a JSON line, or the column of a Parquet file, that holds the text.</summary>
    public string JsonField { get; init; } = "text";

    /// <summary>Which share of the input is read.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>A word-piece vocabulary, one piece a line: n-grams are then of its pieces. Null for n-grams of words.</summary>
    public string? WordPieces { get; init; }

    /// <summary>How much of the stream of ids stays in memory.</summary>
    internal long StreamMemory { get => field > 0 ? field : MemoryLimit * 3 / 10; init; }

    /// <summary>How much memory uncounted pairs may take.</summary>
    internal long PairMemory { get => field > 0 ? field : MemoryLimit * 3 / 10; init; }

    /// <summary>After how many bytes the folder for temporary files is full, as far as a test is concerned.</summary>
    internal long TempLimit { get; init; } = long.MaxValue;

    /// <summary>How many words are counted at once where nothing can be spilled.</summary>
    internal long BatchWords(int bytesPerWord) => BatchLimit > 0 ? BatchLimit : MemoryLimit / bytesPerWord;

    internal long BatchLimit { get; init; }

    /// <summary>After how many words the state of a resumable count is kept.</summary>
    internal long WordsPerCheckpoint { get; init; } = 200_000_000;

    /// <summary>How many numbers of 8 bytes a chunk of uncounted pairs holds.</summary>
    internal int PairChunkWords { get; init; } = 1 << 10;

    /// <summary>Text is read, and shared out, in stripes of this size; a line is cut when it is this many stripes long.</summary>
    internal int Stripe { get; init; } = 1 << 20;

    internal const int StripesOfLongLine = 4;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No thread, or a memory limit below 64 MiB.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (MemoryLimit < 64L << 20) throw new ArgumentOutOfRangeException(nameof(MemoryLimit), MemoryLimit, "The engine needs at least 64 MiB.");
    }
}
