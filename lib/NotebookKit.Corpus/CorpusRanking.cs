using System.Buffers.Text;
using System.Runtime.CompilerServices;
using NotebookKit.Pmi;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace NotebookKit.Corpus;

/// <summary>The best n-grams of a corpus, best first: the same ranking as <see cref="MaskingVocabulary.Build"/>, for large counts.</summary>
public sealed class CorpusRanking
{
    private const int RowsPerBlock = 1 << 10, RowsPerGroup = 1 << 20, RowsFetched = 64;

    private readonly NgramCounts _counts;
    private readonly NgramScores _scores;
    private readonly (int N, int Id)[] _entries;
    private readonly int[][] _lastWords;

    private CorpusRanking(NgramCounts counts, NgramScores scores, (int N, int Id)[] entries) => (_counts, _scores, _entries, _lastWords) = (counts, scores, entries, LastWords(counts));

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Length;

    /// <summary>Ranks the n-grams of two words and more by a score and takes the best of each length.</summary>
    /// <param name="counts">Counts whose ids are in the order of the n-grams' bytes, as <see cref="CorpusCounter"/> gives them.</param>
    /// <param name="score">What is ranked by.</param>
    /// <param name="quota">How many of each length.</param>
    public static CorpusRanking Rank(NgramCounts counts, NgramScore score, VocabularyQuota quota)
    {
        var scores = NgramScores.Of(counts, score);
        int[][] best = [[], [], .. Enumerable.Range(2, Math.Max(0, counts.MaxLength - 1)).AsParallel().AsOrdered().Select(n => Sort(scores.Level(n), counts.Level(n).Counts))];
        int[] next = new int[best.Length];
        IReadOnlyList<int> lengths = quota.Interleave([.. best.Skip(2).Select(ids => ids.Length)]);
        return new(counts, scores, [.. lengths.Select(n => (n, best[n][next[n]++]))]);
    }

    /// <summary>The entry of a rank, counted from 0.</summary>
    public MaskingEntry this[int rank] => new(
        _counts.TextOf(_entries[rank].N, _entries[rank].Id), _entries[rank].N, _counts.Level(_entries[rank].N).Counts[_entries[rank].Id], _scores.Level(_entries[rank].N)[_entries[rank].Id]);

    /// <summary>
    /// Writes the list, whole or not at all. The file's ending says how: <c>.txt</c> one n-gram a line, the published lists' form;
    /// <c>.tsv</c> and <c>.parquet</c> the columns rank, n, ngram, count, score.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops the writing; an older file is as it was.</param>
    /// <exception cref="NotSupportedException">Another ending.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    public void Write(string path, CancellationToken cancellation = default)
    {
        CheckEnding(path);
        Action<Stream> write = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".txt" => stream => WriteLines(stream, withColumns: false, cancellation),
            ".tsv" => stream => WriteLines(stream, withColumns: true, cancellation),
            _ => stream => WriteParquet(stream, cancellation),
        };
        AtomicFile.Write(path, write);
    }

    /// <summary>Reads a list in any of the three forms.</summary>
    /// <exception cref="InvalidDataException">The file is no vocabulary.</exception>
    public static MaskingVocabulary Read(string path)
    {
        CheckEnding(path);
        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? ReadParquet(path) : MaskingVocabularyFile.Load(path);
    }

    /// <summary>Throws when a file's ending names no form of a vocabulary.</summary>
    /// <exception cref="NotSupportedException">The ending is not .txt, .tsv or .parquet.</exception>
    public static void CheckEnding(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".txt" or ".tsv" or ".parquet"))
            throw new NotSupportedException($"'{path}': a vocabulary is written as .txt, .tsv or .parquet, by the file's ending.");
    }

    /// <summary>
    /// The ids of one length, best first: score, then count, then id. <see cref="NgramRanking"/> compares the n-grams themselves; here the ids
    /// are in the order of their bytes already, so that sorting numbers gives the same order in linear time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Sort(ReadOnlySpan<double> scores, ReadOnlySpan<long> counts)
    {
        var items = new Sum[scores.Length];
        for (int id = 0; id < items.Length; id++)
        {
            // Unsigned integers that order as the scores do, downwards. Adding 0 makes the two zeros one.
            ulong bits = BitConverter.DoubleToUInt64Bits(scores[id] + 0.0);
            items[id] = new Sum { Pair = (long)bits < 0 ? bits : ~bits & ~(1UL << 63), Count = id };
        }
        items = RadixSort.ByPair(items);
        int[] ids = Array.ConvertAll(items, item => (int)item.Count);
        for (int start = 0, end; start < ids.Length; start = end)
        {
            for (end = start + 1; end < ids.Length && items[end].Pair == items[start].Pair; end++) { }
            if (end - start > 1) SortTies(ids.AsSpan(start, end - start), counts);
        }
        return ids;
    }

    private static void SortTies(Span<int> ids, ReadOnlySpan<long> counts)
    {
        (long NegativeCount, int Id)[] ties = new (long, int)[ids.Length];
        for (int i = 0; i < ids.Length; i++) ties[i] = (-counts[ids[i]], ids[i]);
        Array.Sort(ties);
        for (int i = 0; i < ids.Length; i++) ids[i] = ties[i].Id;
    }

    private void WriteLines(Stream stream, bool withColumns, CancellationToken cancellation)
    {
        if (withColumns) stream.Write("rank\tn\tngram\tcount\tscore\n"u8);
        byte[][] words = [.. _counts.Words.Select(Encoding.UTF8.GetBytes)];
        IEnumerable<int> blocks = Enumerable.Range(0, (_entries.Length + RowsPerBlock - 1) / RowsPerBlock);
        foreach (ArraySegment<byte> lines in blocks.AsParallel().AsOrdered().WithCancellation(cancellation).Select(block => Lines(block, words, withColumns)))
            stream.Write(lines);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ArraySegment<byte> Lines(int block, byte[][] words, bool withColumns)
    {
        byte[] lines = new byte[RowsPerBlock * 48];
        int longest = _counts.MaxLength, at = 0;
        // The entries' numbers lie all over memory: those of some rows are fetched together, before the first is written.
        int[] ids = new int[RowsFetched * longest];
        long[] counts = new long[RowsFetched];
        double[] scores = new double[RowsFetched];
        int end = Math.Min(_entries.Length, (block + 1) * RowsPerBlock);
        for (int first = block * RowsPerBlock; first < end; first += RowsFetched)
        {
            int rows = Math.Min(RowsFetched, end - first);
            for (int row = 0; row < rows; row++)
            {
                (int n, int id) = _entries[first + row];
                WordIds(n, id, ids.AsSpan(row * longest, n));
                (counts[row], scores[row]) = (_counts.Level(n).Counts[id], _scores.Level(n)[id]);
            }
            for (int row = 0; row < rows; row++)
            {
                int n = _entries[first + row].N, needed = 128;
                foreach (int word in ids.AsSpan(row * longest, n)) needed += words[word].Length + 1;
                if (lines.Length - at < needed) Array.Resize(ref lines, Math.Max(at + needed, lines.Length * 2));
                if (withColumns)
                {
                    Number(first + row + 1);
                    Number(n);
                }
                foreach (int word in ids.AsSpan(row * longest, n))
                {
                    words[word].CopyTo(lines.AsSpan(at));
                    at += words[word].Length;
                    lines[at++] = (byte)' ';
                }
                lines[at - 1] = (byte)(withColumns ? '\t' : '\n');
                if (!withColumns) continue;
                Number(counts[row]);
                Utf8Formatter.TryFormat(scores[row], lines.AsSpan(at), out int written);
                at += written;
                lines[at++] = (byte)'\n';
            }
        }
        return new(lines, 0, at);

        void Number(long value)
        {
            Utf8Formatter.TryFormat(value, lines.AsSpan(at), out int written);
            at += written;
            lines[at++] = (byte)'\t';
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WordIds(int n, int id, Span<int> words)
    {
        for (int length = n; length > 1; length--)
        {
            words[length - 1] = _lastWords[length - 1][id];
            id = _counts.Level(length).Prefixes[id];
        }
        words[0] = id;
    }

    /// <summary>For each length, the id of the last word of each n-gram.</summary>
    private static int[][] LastWords(NgramCounts counts)
    {
        int[][] last = new int[counts.MaxLength][];
        last[0] = [.. Enumerable.Range(0, counts.Words.Count)];
        for (int n = 2; n <= counts.MaxLength; n++)
        {
            // The last word of w1…wn is that of w2…wn.
            ReadOnlySpan<int> suffixes = counts.Level(n).Suffixes;
            int[] shorter = last[n - 2], longer = last[n - 1] = new int[suffixes.Length];
            for (int id = 0; id < longer.Length; id++) longer[id] = shorter[suffixes[id]];
        }
        return last;
    }

    private void WriteParquet(Stream stream, CancellationToken cancellation) => ParquetTable.Write(
        stream,
        [new Column<int>("rank"), new Column<int>("n"), new Column<string>("ngram"), new Column<long>("count"), new Column<double>("score")],
        Enumerable.Range(0, (_entries.Length + RowsPerGroup - 1) / RowsPerGroup).Select(group => Rows(group * RowsPerGroup, cancellation)));

    private Array[] Rows(int start, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        (int N, int Id)[] rows = _entries[start..Math.Min(_entries.Length, start + RowsPerGroup)];
        return
        [
            Enumerable.Range(start + 1, rows.Length).ToArray(),
            rows.Select(row => row.N).ToArray(),
            rows.Select(row => _counts.TextOf(row.N, row.Id)).ToArray(),
            rows.Select(row => _counts.Level(row.N).Counts[row.Id]).ToArray(),
            rows.Select(row => _scores.Level(row.N)[row.Id]).ToArray(),
        ];
    }

    private static MaskingVocabulary ReadParquet(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var file = ParquetColumns.Open(path, stream);
        (ParquetColumn n, ParquetColumn ngram, ParquetColumn count, ParquetColumn score) =
            (file.Find("n", ParquetColumns.Whole), file.Find("ngram", ParquetColumns.Text), file.Find("count", ParquetColumns.Whole), file.Find("score", ParquetColumns.Real));
        List<MaskingEntry> entries = [];
        for (int g = 0; g < file.RowGroupCount; g++)
        {
            long[] lengths = file.ReadWhole(g, n), counts = file.ReadWhole(g, count);
            string?[] ngrams = file.ReadTexts(g, ngram);
            double?[] scores = file.ReadReal(g, score);
            for (int row = 0; row < ngrams.Length; row++)
            {
                if (ngrams[row] is not { } text || text.AsSpan().Count(' ') + 1 != lengths[row])
                    throw new InvalidDataException($"'{path}', row {entries.Count + 1}: '{ngrams[row]}' is no n-gram of {lengths[row]} words with single spaces.");
                if (scores[row] is { } found && !double.IsFinite(found)) throw new InvalidDataException($"'{path}', row {entries.Count + 1}: the score of '{text}' is {found}, no finite number.");
                entries.Add(new(text, (int)lengths[row], counts[row], scores[row]));
            }
        }
        return new(entries);
    }
}
