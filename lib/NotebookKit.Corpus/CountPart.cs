using System.Diagnostics;
using System.Globalization;
using NotebookKit.Pmi;
using ParquetSharp;

namespace NotebookKit.Corpus;

/// <summary>
/// Counts of a share of a corpus as plain Parquet with the columns n, ngram, count, so that the work can be split over machines: all
/// n-grams, without a threshold, because only the sum over all parts decides.
/// </summary>
/// <remarks>
/// An n-gram may stand in several rows, of one part or of several: its count is their sum. Any SQL engine can merge parts:
/// <code>SELECT n, ngram, CAST(sum(count) AS BIGINT) AS count FROM read_parquet('part*.parquet') GROUP BY n, ngram</code>
/// </remarks>
public static class CountPart
{
    private const int RowsPerGroup = 1 << 18;

    // At a threshold of 1 every n-gram survives: its pair, count and places in stream, sums, list and index, for up to five lengths.
    private const int BytesPerWord = 256;

    private const string MetadataKey = "nbk.pmi.counting";

    /// <summary>Counts files into a part.</summary>
    /// <param name="files">The corpus, of which <see cref="EngineOptions.Shard"/> is counted.</param>
    /// <param name="path">The part, which appears whole or not at all.</param>
    /// <param name="options">Lengths, punctuation, case; there is no threshold.</param>
    /// <param name="engine">What may be used. A corpus that needs more memory is counted in batches, each with rows of its own.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count; nothing is left behind.</param>
    /// <returns>What was read and what it took.</returns>
    public static CountSummary Write(
        IReadOnlyList<CorpusFile> files, string path, NgramCountOptions options, EngineOptions engine, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        if (!path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) throw new NotSupportedException($"'{path}': a part is a .parquet file.");
        long started = Stopwatch.GetTimestamp();
        CountSummary all = new(0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero);
        using FileDocuments source = new(files, engine);
        AtomicFile.Write(path, stream => ParquetTable.Write(
            stream, [new Column<int>("n"), new Column<string>("ngram"), new Column<long>("count")], Groups(), new Dictionary<string, string> { [MetadataKey] = Describe(options, engine) }));
        return all with { Whole = Stopwatch.GetElapsedTime(started) };

        IEnumerable<Array[]> Groups()
        {
            CorpusCounter counter = new(engine);
            for (bool more = true; more;)
            {
                NgramCounts counts = counter.CountSome(source, engine.BatchWords(BytesPerWord), options with { MinCount = 1 }, out CountSummary batch, out more, progress, cancellation);
                all = new(all.Words + batch.Words, all.InvalidSequences + batch.InvalidSequences, Math.Max(all.MemoryBytes, batch.MemoryBytes), all.SpilledBytes + batch.SpilledBytes, all.Reading + batch.Reading, TimeSpan.Zero);
                for (int length = 1; length <= counts.MaxLength; length++)
                {
                    int kept = counts.Level(length).Kept;
                    for (int start = 0; start < kept; start += RowsPerGroup)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        progress?.Report(new($"writing {length}-grams", start, kept));
                        int rows = Math.Min(RowsPerGroup, kept - start);
                        yield return
                        [
                            Enumerable.Repeat(length, rows).ToArray(),
                            Enumerable.Range(start, rows).Select(id => counts.TextOf(length, id)).ToArray(),
                            counts.Level(length).Counts.Slice(start, rows).ToArray(),
                        ];
                    }
                }
            }
        }
    }

    /// <summary>Sums parts, keeps what reaches the threshold, and so gives what one count of the whole corpus gives.</summary>
    /// <param name="parts">Parts of <see cref="Write"/>, or what a query made of such: columns n, ngram, count in Parquet.</param>
    /// <param name="minCount">The least count that is kept.</param>
    /// <param name="engine">What may be used.</param>
    /// <param name="summary">What was read and what it took.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the merge.</param>
    /// <exception cref="InvalidDataException">A part is no such file, or two parts were counted in different ways.</exception>
    public static NgramCounts Merge(
        IReadOnlyList<string> parts, long minCount, EngineOptions engine, out CountSummary summary, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        engine.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(minCount, 1);
        long started = Stopwatch.GetTimestamp();
        TempFolder temp = new(engine);
        var rows = PartRows.Open(parts, engine.Threads, progress, cancellation);
        int maxLength = rows.MaxLength;
        long[] totals = new long[maxLength + 1];

        WordTable[] tables = [.. Enumerable.Range(0, engine.Threads).Select(_ => new WordTable())];
        List<PairIndex> indexes = [];
        using Slabs slabs = new();
        try
        {
            rows.ForEach(1, (worker, row) =>
            {
                Span<byte> utf8 = stackalloc byte[256];
                int needed = System.Text.Encoding.UTF8.GetMaxByteCount(row.Ngram.Length);
                if (needed > utf8.Length) utf8 = new byte[needed];
                tables[worker].Count(utf8[..System.Text.Encoding.UTF8.GetBytes(row.Ngram, utf8)], row.Count);
                Interlocked.Add(ref totals[1], row.Count);
            });
            var words = SurvivingWords.Of(tables, minCount, cancellation);
            Dictionary<string, int> ids = new(words.Words.Length, StringComparer.Ordinal);
            for (int i = 0; i < words.Words.Length; i++) ids.Add(words.Words[i], i + 1);
            var levels = new CountedPairs[maxLength - 1];
            long spilled = 0, memory = 0;
            for (int n = 2; n <= maxLength; n++)
            {
                using PairCounter counter = new(engine, rows.CountRows(n), temp, slabs, weighted: true);
                rows.ForEach(n, (worker, row) =>
                {
                    Interlocked.Add(ref totals[n], row.Count);
                    ulong pair = PairOf(row, n, ids, indexes);
                    if (pair != 0) counter.Add(worker, pair, row.Count);
                });
                levels[n - 2] = counter.Survivors(minCount, cancellation);
                spilled += counter.SpilledBytes;
                memory = Math.Max(memory, tables.Sum(table => table.Bytes) + indexes.Sum(index => index.Bytes) + slabs.Bytes);
                indexes.Add(new(levels[n - 2].Pairs));
            }
            summary = new(totals[1], 0, memory, spilled, TimeSpan.Zero, Stopwatch.GetElapsedTime(started));
            return CorpusCounter.ToCounts(words, levels, totals, minCount);
        }
        finally
        {
            foreach (WordTable table in tables) table.Dispose();
            foreach (PairIndex index in indexes) index.Dispose();
        }
    }

    /// <summary>The pair of an n-gram whose first and last n−1 words survived, or 0.</summary>
    private static ulong PairOf(PartRows.Row row, int n, Dictionary<string, int> wordIds, List<PairIndex> indexes)
    {
        Span<int> ids = stackalloc int[n];
        var lookup = wordIds.GetAlternateLookup<ReadOnlySpan<char>>();
        int words = 0;
        foreach (Range word in row.Ngram.AsSpan().Split(' '))
        {
            if (words == n) throw row.Bad($"'{row.Ngram}' has more than {n} words");
            lookup.TryGetValue(row.Ngram.AsSpan()[word], out ids[words++]);
        }
        if (words < n) throw row.Bad($"'{row.Ngram}' has fewer than {n} words");
        for (int length = 2; ; length++)
        {
            // Neighbouring ids of one length make the pair of the next.
            if (ids.Contains(0)) return 0;
            if (length == n) return PairCounter.Pair(ids[0], ids[1]);
            for (int i = 0; i < ids.Length - 1; i++) ids[i] = indexes[length - 2].IdOf(PairCounter.Pair(ids[i], ids[i + 1]));
            ids = ids[..^1];
        }
    }

    private static string Describe(NgramCountOptions options, EngineOptions engine) => string.Create(
        CultureInfo.InvariantCulture, $"max-n {options.MaxLength}, {(options.Lowercase ? "lower-case" : "cased")}, punctuation {options.Punctuation}, {(engine.WordPieces == null ? "words" : "word pieces")}");

    /// <summary>The rows of some parts, read by several workers at once.</summary>
    private sealed class PartRows
    {
        private readonly record struct Group(string Part, int Index, int First, int Last, long Rows);

        private readonly List<Group> _groups = [];
        private readonly int _workers;
        private readonly IProgress<ProgressReport>? _progress;
        private readonly CancellationToken _cancellation;

        private PartRows(int workers, IProgress<ProgressReport>? progress, CancellationToken cancellation) => (_workers, _progress, _cancellation) = (workers, progress, cancellation);

        public readonly record struct Row(string Part, string Ngram, long Count)
        {
            public InvalidDataException Bad(string what) => new($"'{Part}': {what}. The columns must be n, ngram (n words with single spaces) and count (from 1 up).");
        }

        public int MaxLength => _groups.Select(group => group.Last).DefaultIfEmpty(1).Max();

        public long CountRows(int n) => _groups.Where(group => group.First <= n && n <= group.Last).Sum(group => group.Rows);

        public static PartRows Open(IReadOnlyList<string> parts, int workers, IProgress<ProgressReport>? progress, CancellationToken cancellation)
        {
            PartRows rows = new(workers, progress, cancellation);
            string? counting = null, countedBy = null;
            foreach (string part in parts)
            {
                using OpenPart open = new(part);
                ParquetColumns file = open.File;
                if (file.Metadata.TryGetValue(MetadataKey, out string? how))
                {
                    if (counting != null && counting != how)
                        throw new InvalidDataException($"'{countedBy}' was counted with {counting}, but '{part}' with {how}. Count both with the same options.");
                    (counting, countedBy) = (how, part);
                }
                for (int g = 0; g < file.RowGroupCount; g++)
                {
                    long[] n = file.ReadWhole(g, open.N);
                    if (n.Length == 0) continue;
                    rows._groups.Add(new(part, g, (int)n.Min(), (int)n.Max(), n.Length));
                    if (n.Min() < 1 || n.Max() > 64) throw new InvalidDataException($"'{part}': n must be between 1 and 64, but is {n.Min()} to {n.Max()} in row group {g}.");
                }
            }
            return rows;
        }

        public void ForEach(int n, Action<int, Row> action)
        {
            Group[] some = [.. _groups.Where(group => group.First <= n && n <= group.Last)];
            int next = -1;
            Workers.Run(_workers, _cancellation, (worker, stop) =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < some.Length;)
                {
                    stop.ThrowIfCancellationRequested();
                    _progress?.Report(new($"merging {n}-grams", i, some.Length));
                    using OpenPart open = new(some[i].Part);
                    long[] lengths = open.File.ReadWhole(some[i].Index, open.N), counts = open.File.ReadWhole(some[i].Index, open.Count);
                    string?[] ngrams = open.File.ReadTexts(some[i].Index, open.Ngram);
                    for (int row = 0; row < ngrams.Length; row++)
                    {
                        if (lengths[row] != n) continue;
                        Row found = new(some[i].Part, ngrams[row] ?? "", counts[row]);
                        if (found.Count < 1 || found.Ngram.Length == 0) throw found.Bad($"'{found.Ngram}' has the count {found.Count}");
                        action(worker, found);
                    }
                }
            });
        }

        /// <summary>A part and its columns.</summary>
        private sealed class OpenPart : IDisposable
        {
            private readonly Stream _stream;

            public OpenPart(string part)
            {
                _stream = CorpusFile.OfPath(part).Open();
                try
                {
                    File = ParquetColumns.Open(part, _stream);
                    (N, Ngram, Count) = (File.Find("n", ParquetColumns.Whole), File.Find("ngram", ParquetColumns.Text), File.Find("count", ParquetColumns.Whole));
                }
                catch
                {
                    File?.Dispose();
                    _stream.Dispose();
                    throw;
                }
            }

            public ParquetColumns File { get; }

            public ParquetColumn N { get; }

            public ParquetColumn Ngram { get; }

            public ParquetColumn Count { get; }

            public void Dispose()
            {
                File.Dispose();
                _stream.Dispose();
            }
        }
    }
}
