using System.Diagnostics;
using System.Text;
using NotebookKit.Experiments;

namespace NotebookKit.Pmi.Engine;

/// <summary>
/// Counts the n-grams of a corpus of any size, exactly, on several threads and within a memory limit, level by level: an n-gram can
/// reach the threshold only if its first and its last n−1 words do, so level n counts pairs of neighbouring survivors of level n−1.
/// </summary>
/// <remarks>
/// Ids are given in the order of the n-grams' bytes: of the words by sorting them, of the longer ones because pairs of ordered ids
/// order as their texts do. So the result does not depend on threads or memory.
/// </remarks>
public sealed class CorpusCounter(EngineOptions? engine = null) : INgramCounter
{
    private readonly EngineOptions engine = engine ?? new();

    /// <inheritdoc/>
    public NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Count(new StringDocuments(documents), options, progress, cancellation, out _);

    /// <summary>Counts all n-grams of some files.</summary>
    /// <param name="files">The corpus, see <see cref="CorpusFile.Find"/>.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="summary">What was read and what it took.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count and removes its temporary files.</param>
    /// <exception cref="IOException">A file is unreadable, truncated or damaged, or the temporary folder is full.</exception>
    /// <exception cref="InvalidDataException">A line of JSON lacks its text, or, with <see cref="EngineOptions.Strict"/>, text is not UTF-8.</exception>
    public NgramCounts Count(
        IReadOnlyList<CorpusFile> files, NgramCountOptions options, out CountSummary summary, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        Count(new FileDocuments(files, engine.Shard), options, progress, cancellation, out summary);

    private NgramCounts Count(DocumentSource source, NgramCountOptions options, IProgress<ProgressReport>? progress, CancellationToken cancellation, out CountSummary summary)
    {
        options.Validate();
        engine.Validate();
        long started = Stopwatch.GetTimestamp();
        using TempFolder temp = new(engine.TempFolder);
        using IdStream stream = new(engine.MemoryLimit * 3 / 10, temp);
        WordScanner[] scanners = [.. Enumerable.Range(0, engine.Threads).Select(_ => new WordScanner(options, engine.Strict))];
        try
        {
            using (source) Scan(source, scanners, stream, options.MaxLength, progress, cancellation);
            long[] totals = [.. Enumerable.Range(0, options.MaxLength + 1).Select(n => scanners.Sum(scanner => scanner.Totals[n]))];
            long invalid = scanners.Sum(scanner => scanner.InvalidSequences);
            TimeSpan scan = Stopwatch.GetElapsedTime(started);
            NgramLevel[] levels = new NgramLevel[options.MaxLength];
            (string[] words, long[] wordCounts, int[][] survivors) = SurvivingWords(scanners, options.MinCount);
            foreach (WordScanner scanner in scanners) scanner.Dispose();
            levels[0] = new(totals[1], [], [], wordCounts);
            long spilled = CountLevels(levels, totals, stream, survivors, options.MinCount, temp, progress, cancellation);
            summary = new(totals[1], invalid, spilled, scan, Stopwatch.GetElapsedTime(started));
            return new(words, levels, options.MinCount);
        }
        finally
        {
            foreach (WordScanner scanner in scanners) scanner.Dispose();
        }
    }

    private void Scan(DocumentSource source, WordScanner[] scanners, IdStream stream, int maxLength, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        Lock gate = new();
        Workers.Run(scanners.Length, cancellation, (worker, stop) =>
        {
            WordScanner scanner = scanners[worker];
            JsonLines json = new(engine.JsonField);
            Piece piece = new();
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                lock (gate)
                {
                    if (!source.Read(piece)) return;
                    progress?.Report(new("reading", source.BytesRead, source.TotalBytes, $"{stream.SpilledBytes >> 20} MiB spilled"));
                    // A document longer than a piece stays with one worker, which nobody overtakes: its n-grams run over the cuts.
                    while (!piece.EndsDocument)
                    {
                        stop.ThrowIfCancellationRequested();
                        ScanPiece();
                        if (!source.Read(piece)) return;
                    }
                }
                ScanPiece();
            }

            void ScanPiece()
            {
                if (piece.IsJsonLines) json.Extract(piece);
                scanner.Scan(piece.Bytes, piece.Length, at => $"'{piece.Source}', byte {piece.Offset + at} of the text");
                // Where a document goes on, a block borrows the words of the next one that its last n-grams need.
                int own = piece.EndsDocument ? scanner.Ids.Length : Math.Max(0, scanner.Ids.Length - (maxLength - 1));
                if (own > 0) stream.Append(worker, scanner.Ids, own);
                scanner.Drop(own);
            }
        });
    }

    /// <summary>Levels 2 and up. Each pass makes the stream one of level n and counts its neighbours, which are the n-grams of level n + 1.</summary>
    private long CountLevels(NgramLevel[] levels, long[] totals, IdStream stream, int[][] survivingWords, long minCount, TempFolder temp, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        long spilled = stream.SpilledBytes;
        PairIndex? index = null;
        try
        {
            for (int n = 1; n < levels.Length; n++)
            {
                using PairCounter counter = new(engine.Threads, stream.Blocks.Sum(block => (long)block.Length), engine.MemoryLimit * 3 / 10, temp);
                int next = -1;
                Workers.Run(engine.Threads, cancellation, (worker, stop) =>
                {
                    int[] buffer = [];
                    for (int b; (b = Interlocked.Increment(ref next)) < stream.Blocks.Count;)
                    {
                        stop.ThrowIfCancellationRequested();
                        IdStream.Block block = stream.Blocks[b];
                        Span<int> ids = stream.Load(block, ref buffer);
                        if (n == 1)
                            foreach (ref int id in ids) id = survivingWords[block.Worker][id];
                        else
                            index!.Raise(ids);
                        ids = block.Continues ? ids[..^(n == 1 ? 0 : 1)] : ids[..Compact(ids)];
                        if (!block.Continues) block.Own = ids.Length;
                        counter.AddNeighbours(worker, ids, block.Own);
                        stream.Store(block, ids);
                        if ((b & 15) == 0) progress?.Report(new($"counting {n + 1}-grams", b, stream.Blocks.Count));
                    }
                });
                index?.Dispose();
                (ulong[] pairs, long[] counts) = counter.Survivors(minCount, cancellation);
                spilled += counter.SpilledBytes;
                levels[n] = new(totals[n + 1], [.. pairs.Select(pair => (int)(pair >> 32) - 1)], [.. pairs.Select(pair => (int)pair - 1)], counts);
                index = n + 1 < levels.Length ? new(pairs) : null;
            }
            return spilled;
        }
        finally
        {
            index?.Dispose();
        }
    }

    /// <summary>Drops what can make no pair: gaps beside gaps, and survivors between gaps. Returns the number of ids left.</summary>
    private static int Compact(Span<int> ids)
    {
        int kept = 0;
        foreach (int id in ids)
        {
            if (id != 0) ids[kept++] = id;
            else if (kept > 0 && ids[kept - 1] != 0)
            {
                if (kept == 1 || ids[kept - 2] == 0) kept--;
                else ids[kept++] = 0;
            }
        }
        return kept;
    }

    /// <summary>Sums the workers' words, sorts the survivors by their bytes, and maps each worker's ids to theirs (from 1; 0: did not survive).</summary>
    private static (string[] Words, long[] Counts, int[][] Survivors) SurvivingWords(WordScanner[] scanners, long minCount)
    {
        WordTable all = scanners[0].Words;
        int[][] maps = new int[scanners.Length][];
        maps[0] = [.. Enumerable.Range(0, all.Words + 1)];
        for (int worker = 1; worker < scanners.Length; worker++)
        {
            int[] map = maps[worker] = new int[scanners[worker].Words.Words + 1];
            scanners[worker].Words.ForEach((id, count, word) => map[id] = all.Count(word, count));
        }
        List<(byte[] Word, int Id, long Count)> kept = [];
        all.ForEach((id, count, word) =>
        {
            if (count >= minCount) kept.Add((word.ToArray(), id, count));
        });
        kept.Sort((a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        int[] survivors = new int[all.Words + 1];
        for (int i = 0; i < kept.Count; i++) survivors[kept[i].Id] = i + 1;
        foreach (int[] map in maps)
            for (int id = 0; id < map.Length; id++) map[id] = survivors[map[id]];
        return ([.. kept.Select(word => Encoding.UTF8.GetString(word.Word))], [.. kept.Select(word => word.Count)], maps);
    }
}

/// <summary>What a count read and what it took.</summary>
/// <param name="Words">Words read, those of n-grams that were not kept included.</param>
/// <param name="InvalidSequences">Invalid UTF-8 sequences that were replaced.</param>
/// <param name="SpilledBytes">Bytes that went to temporary files.</param>
/// <param name="Reading">The time until all text was read and tokenised.</param>
/// <param name="Whole">The time of the whole count.</param>
public sealed record CountSummary(long Words, long InvalidSequences, long SpilledBytes, TimeSpan Reading, TimeSpan Whole);
