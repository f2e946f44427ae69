using System.Diagnostics;
using System.Globalization;
using NotebookKit.Pmi;

namespace NotebookKit.Corpus;

/// <summary>The first stage: text becomes a stream of word ids, and each worker counts its words.</summary>
internal sealed class CorpusScan : IDisposable
{
    private readonly EngineOptions _engine;
    private readonly int _borrowed;
    private readonly Lock _gate = new();

    public CorpusScan(EngineOptions engine, NgramCountOptions options, IdStream stream, int workers)
    {
        _engine = engine;
        _borrowed = options.MaxLength - 1;
        Stream = stream;
        Scanners = [.. Enumerable.Range(0, workers).Select(_ => new WordScanner(options, engine))];
        MaxLength = options.MaxLength;
    }

    public IdStream Stream { get; }

    public WordScanner[] Scanners { get; }

    public int MaxLength { get; }

    public long[] Totals => [.. Enumerable.Range(0, MaxLength + 1).Select(n => Scanners.Sum(scanner => scanner.Totals[n]))];

    /// <summary>Bytes of the words and ids that the scan holds.</summary>
    public long MemoryBytes => Stream.MemoryBytes + Scanners.Sum(scanner => scanner.Bytes);

    public long InvalidSequences => Scanners.Sum(scanner => scanner.InvalidSequences);

    /// <summary>Reads on, until the end or until about so many words have been read; whether there may be more.</summary>
    public bool Read(DocumentSource source, long words, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        long read = 0, started = Stopwatch.GetTimestamp();
        bool more = true;
        Workers.Run(_engine.Threads, cancellation, (worker, stop) =>
        {
            WordScanner scanner = Scanners[worker];
            JsonLines json = new(_engine.JsonField, _engine.Strict);
            Piece piece = new();
            while (Volatile.Read(ref read) < words)
            {
                stop.ThrowIfCancellationRequested();
                lock (_gate)
                {
                    if (!Next()) return;
                    // A document longer than a piece stays with one worker, which nobody overtakes: its n-grams run over the cuts.
                    while (!piece.EndsDocument)
                    {
                        stop.ThrowIfCancellationRequested();
                        ScanPiece();
                        if (!Next()) return;
                    }
                }
                ScanPiece();
            }

            bool Next()
            {
                if (progress != null)
                {
                    double millions = Volatile.Read(ref read) / 1e6;
                    progress.Report(new("reading", source.BytesRead, source.TotalBytes, string.Create(CultureInfo.InvariantCulture,
                        $"{millions:0.0} million words, {millions / Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} million/s, {Stream.SpilledBytes >> 20} MiB spilled")));
                }
                return more = source.Read(piece);
            }

            void ScanPiece()
            {
                if (piece.IsJsonLines) json.Extract(piece);
                long before = scanner.Totals[1];
                scanner.Scan(piece.Bytes, piece.Length, piece.EndsDocument, at => $"'{piece.Source}', byte {piece.Offset + at} of the text");
                // Where a document goes on, a block borrows the words of the next one that its last n-grams need.
                int own = piece.EndsDocument ? scanner.Ids.Length : Math.Max(0, scanner.Ids.Length - _borrowed);
                if (own > 0) Stream.Append(worker, scanner.Ids, own);
                scanner.Drop(own);
                Interlocked.Add(ref read, scanner.Totals[1] - before);
            }
        });
        return more;
    }

    /// <summary>The words of all workers that reach the threshold.</summary>
    public SurvivingWords Survivors(long minCount, CancellationToken cancellation) => SurvivingWords.Of([.. Scanners.Select(scanner => scanner.Words)], minCount, cancellation);

    public void Dispose()
    {
        foreach (WordScanner scanner in Scanners) scanner.Dispose();
    }
}
