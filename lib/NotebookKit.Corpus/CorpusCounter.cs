using System.Diagnostics;
using NotebookKit.Pmi;

namespace NotebookKit.Corpus;

/// <summary>
/// Counts the n-grams of a corpus of any size, exactly, on several threads and within a memory limit, level by level.
/// </summary>
/// <remarks>
/// Ids are given in the order of the n-grams' bytes: of the words by sorting them, of the longer ones because pairs of ordered ids
/// order as their texts do. So the result does not depend on threads or memory.
/// </remarks>
public sealed class CorpusCounter(EngineOptions? engine = null) : INgramCounter
{
    private readonly EngineOptions _engine = engine ?? new();

    /// <inheritdoc/>
    public NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Count(documents, options, out _, progress, cancellation);

    /// <summary>Counts all n-grams of some texts.</summary>
    /// <param name="documents">The texts; each is read once.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="summary">What was read and what it took.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count.</param>
    public NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, out CountSummary summary, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Count(new StringDocuments(documents), options, out summary, progress, cancellation);

    /// <summary>Counts all n-grams of some files.</summary>
    /// <param name="files">The corpus, see <see cref="CorpusFile.Find"/>.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="summary">What was read and what it took.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count and removes its temporary files.</param>
    /// <exception cref="IOException">A file is unreadable, truncated or damaged, or the temporary folder is full.</exception>
    /// <exception cref="InvalidDataException">A file holds no text, a line of JSON or a Parquet file lacks it, or, with <see cref="EngineOptions.Strict"/>, it is not Unicode.</exception>
    public NgramCounts Count(
        IReadOnlyList<CorpusFile> files, NgramCountOptions options, out CountSummary summary, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Count(new FileDocuments(files, _engine), options, out summary, progress, cancellation);

    /// <summary>Counts all n-grams of some files, and keeps in a folder what another call needs to go on when this one is killed or stopped.</summary>
    /// <param name="files">The corpus, all of it files.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="folder">Where the state is; it is used if it is of the same files and options. Delete it once the result is safe.</param>
    /// <param name="summary">What was read and what it took.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count.</param>
    public NgramCounts CountResumably(
        IReadOnlyList<CorpusFile> files, NgramCountOptions options, string folder, out CountSummary summary, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        _engine.Validate();
        long started = Stopwatch.GetTimestamp();
        CountState state = new(folder, Fingerprint(files, options));
        TempFolder temp = new(_engine);
        using IdStream stream = new(_engine.StreamMemory, temp, state.StreamFile);
        using CorpusScan scan = new(_engine, options, stream, Math.Max(_engine.Threads, state.Workers));
        (bool complete, int file, long offset) = state.RestoreReading(scan);
        using FileDocuments source = new(files, _engine);
        if (!complete) source.Seek(file, offset);
        while (!complete)
        {
            complete = !scan.Read(source, _engine.WordsPerCheckpoint, progress, cancellation);
            state.SaveReading(scan, source.Position, complete);
        }
        TimeSpan reading = Stopwatch.GetElapsedTime(started);
        CountedPairs?[] pairs = [.. Enumerable.Range(2, options.MaxLength - 1).Select(state.RestoreLevel)];
        return CountLevels(scan, pairs, options, temp, out summary, started, reading, n => state.SaveLevel(n, pairs[n - 2]!), progress, cancellation);
    }

    private NgramCounts Count(DocumentSource source, NgramCountOptions options, out CountSummary summary, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        using (source) return CountSome(source, long.MaxValue, options, out summary, out _, progress, cancellation);
    }

    /// <summary>Counts the next documents of a source, about as many as hold so many words.</summary>
    internal NgramCounts CountSome(
        DocumentSource source, long words, NgramCountOptions options, out CountSummary summary, out bool more, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        options.Validate();
        _engine.Validate();
        long started = Stopwatch.GetTimestamp();
        TempFolder temp = new(_engine);
        using IdStream stream = new(_engine.StreamMemory, temp);
        using CorpusScan scan = new(_engine, options, stream, _engine.Threads);
        more = scan.Read(source, words, progress, cancellation);
        return CountLevels(scan, new CountedPairs?[options.MaxLength - 1], options, temp, out summary, started, Stopwatch.GetElapsedTime(started), null, progress, cancellation);
    }

    private NgramCounts CountLevels(
        CorpusScan scan, CountedPairs?[] pairs, NgramCountOptions options, TempFolder temp, out CountSummary summary, long started, TimeSpan reading,
        Action<int>? counted, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        long[] totals = scan.Totals;
        long memory = scan.MemoryBytes;
        SurvivingWords survivors = scan.Survivors(options.MinCount, cancellation);
        scan.Dispose();
        LevelCounting counting = new(_engine, temp, progress, cancellation);
        counting.Count(pairs, scan.Stream, survivors.Ids, options.MinCount, counted);
        summary = new(totals[1], scan.InvalidSequences, Math.Max(memory, counting.MemoryBytes), scan.Stream.SpilledBytes + counting.SpilledBytes, reading, Stopwatch.GetElapsedTime(started));
        return ToCounts(survivors, pairs, totals, options.MinCount);
    }

    private string Fingerprint(IReadOnlyList<CorpusFile> files, NgramCountOptions options)
    {
        string Stamp(string path) => File.Exists(path) ? $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}" : throw new IOException($"'{path}' is no file, so a count of it cannot be resumed. Count it in one go, or save it as a file first.");
        return string.Join('\n', [options.ToString(), $"{_engine.Shard} {_engine.JsonField} {_engine.Strict} {_engine.Stripe}", _engine.WordPieces == null ? "words" : Stamp(_engine.WordPieces), .. files.Select(file => Stamp(file.Name))]);
    }

    internal static NgramCounts ToCounts(SurvivingWords words, CountedPairs?[] pairs, long[] totals, long minCount) =>
        new(words.Words, [new(totals[1], [], [], words.Counts), .. pairs.Select((level, i) => level!.ToLevel(totals[i + 2]))], minCount);
}

/// <summary>What a count read and what it took.</summary>
/// <param name="Words">Words read, those of n-grams that were not kept included.</param>
/// <param name="InvalidSequences">Invalid places that were replaced, see <see cref="EngineOptions.Strict"/>.</param>
/// <param name="MemoryBytes">The most bytes that the engine's own tables held at once: words, ids, pairs. The process has its code, its buffers and what it does with the result besides.</param>
/// <param name="SpilledBytes">Bytes that went to temporary files.</param>
/// <param name="Reading">The time until all text was read and tokenised.</param>
/// <param name="Whole">The time of the whole count.</param>
public sealed record CountSummary(long Words, long InvalidSequences, long MemoryBytes, long SpilledBytes, TimeSpan Reading, TimeSpan Whole);
