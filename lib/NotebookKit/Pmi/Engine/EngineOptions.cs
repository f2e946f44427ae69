namespace NotebookKit.Pmi.Engine;

/// <summary>How the corpus engine works; none of it changes a result, but <see cref="Shard"/> and <see cref="JsonField"/>, which say what is read.</summary>
public sealed record EngineOptions
{
    /// <summary>How many threads work.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>About how much memory the process may use, in bytes; what does not fit goes to temporary files.</summary>
    public long MemoryLimit { get; init; } = 4L << 30;

    /// <summary>Where temporary files go; the system's folder for them when null.</summary>
    public string? TempFolder { get; init; }

    /// <summary>Whether invalid UTF-8 is an error. Otherwise it is replaced, and counted.</summary>
    public bool Strict { get; init; }

    /// <summary>The field of a JSON line that holds the text.</summary>
    public string JsonField { get; init; } = "text";

    /// <summary>Which share of the input is read.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No thread, or a memory limit below 64 MiB.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryLimit, 64L << 20);
    }
}
