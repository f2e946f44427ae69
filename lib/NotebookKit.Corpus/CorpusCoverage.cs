using System.Text;
using NotebookKit.Pmi;

namespace NotebookKit.Corpus;

/// <summary>
/// How much of a corpus lies inside the entries of a vocabulary, as a function of how many of its best entries are used: what
/// <see cref="CoverageCurve"/> measures, for a corpus in files that memory does not hold.
/// </summary>
public sealed class CorpusCoverage
{
    private readonly long[] _covered;

    private CorpusCoverage(long words, long[] covered) => (Words, _covered) = (words, covered);

    /// <summary>Words in the corpus.</summary>
    public long Words { get; }

    /// <summary>The share of the words that lie inside an occurrence of one of the first so many entries, overlaps included; from 0 to 1.</summary>
    public double Share(int entries) => Words == 0 ? 0 : _covered[Math.Min(entries, _covered.Length - 1)] / (double)Words;

    /// <summary>Measures the coverage of some files by a vocabulary, which must have been counted with the same options.</summary>
    /// <param name="files">The corpus.</param>
    /// <param name="vocabulary">The entries, best first.</param>
    /// <param name="options">Punctuation and case; the lengths and the threshold are not used.</param>
    /// <param name="engine">What may be used.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CorpusCoverage Of(
        IReadOnlyList<CorpusFile> files, MaskingVocabulary vocabulary, NgramCountOptions options, EngineOptions engine, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        options = options with { MaxLength = Math.Max(1, vocabulary.MaxLength) };
        options.Validate();
        engine.Validate();
        Dictionary<string, int> words = new(StringComparer.Ordinal);
        using Entries entries = new(vocabulary, words);
        using FileDocuments source = new(files, engine);
        TempFolder temp = new(engine);
        using IdStream stream = new(engine.StreamMemory, temp);
        using CorpusScan scan = new(engine, options, stream, engine.Threads);
        scan.Read(source, long.MaxValue, progress, cancellation);

        long[] covered = new long[vocabulary.Count + 1];
        Workers.Run(engine.Threads, cancellation, (worker, stop) =>
        {
            int[] ids = MapWords(scan.Scanners[worker].Words, words);
            long[] found = new long[covered.Length];
            // The best entry over each place, from 1; a document that goes on takes the last places to its next block.
            int[] best = [], buffer = [];
            int carried = 0;
            foreach (IdStream.Block block in stream.Blocks.Where(block => block.Worker == worker))
            {
                stop.ThrowIfCancellationRequested();
                Span<int> stretch = IdStream.Load(block, ref buffer);
                if (best.Length < stretch.Length) Array.Resize(ref best, stretch.Length);
                best.AsSpan(carried, stretch.Length - carried).Fill(int.MaxValue);
                foreach (ref int id in stretch) id = ids[id];
                entries.Mark(stretch, block.Own, best);
                foreach (int rank in best.AsSpan(0, block.Own))
                    if (rank < int.MaxValue) found[rank]++;
                carried = stretch.Length - block.Own;
                best.AsSpan(block.Own, carried).CopyTo(best);
            }
            lock (covered)
                for (int rank = 0; rank < found.Length; rank++) covered[rank] += found[rank];
        });
        for (int rank = 1; rank < covered.Length; rank++) covered[rank] += covered[rank - 1];
        return new(scan.Totals[1], covered);
    }

    private static int[] MapWords(WordTable table, Dictionary<string, int> words)
    {
        int[] ids = new int[table.Words + 1];
        table.ForEach((id, _, word) => ids[id] = words.GetValueOrDefault(Encoding.UTF8.GetString(word)));
        return ids;
    }

    /// <summary>The entries and all their parts, as pairs of parts one word shorter.</summary>
    private sealed class Entries : IDisposable
    {
        private readonly List<(PairIndex Index, int[] Ranks)> _levels = [];

        public Entries(MaskingVocabulary vocabulary, Dictionary<string, int> words)
        {
            int[][] parts = [.. vocabulary.Entries.Select(entry => entry.Ngram.Split(' ').Select(word =>
            {
                words.TryAdd(word, words.Count + 1);
                return words[word];
            }).ToArray())];
            for (int n = 2; n <= vocabulary.MaxLength; n++)
            {
                Dictionary<ulong, int> ids = [];
                Dictionary<int, int> ranks = [];
                for (int entry = 0; entry < parts.Length; entry++)
                {
                    if (vocabulary.Entries[entry].Length < n) continue;
                    parts[entry] = [.. parts[entry].Zip(parts[entry].Skip(1), (first, second) =>
                    {
                        ids.TryAdd(PairCounter.Pair(first, second), ids.Count + 1);
                        return ids[PairCounter.Pair(first, second)];
                    })];
                    if (vocabulary.Entries[entry].Length == n) ranks.TryAdd(parts[entry][0], entry + 1);
                }
                _levels.Add((new([.. ids.Keys]), [.. Enumerable.Range(0, ids.Count + 1).Select(id => ranks.GetValueOrDefault(id, int.MaxValue))]));
            }
        }

        /// <summary>Lowers, for each place, the rank of the best entry over it, by all entries that begin at one of the first places.</summary>
        public void Mark(Span<int> stretch, int own, int[] best)
        {
            for (int n = 2; n < _levels.Count + 2; n++)
            {
                (PairIndex index, int[] ranks) = _levels[n - 2];
                index.Raise(stretch);
                for (int start = 0; start < own; start++)
                    if (ranks[stretch[start]] is < int.MaxValue and int rank)
                        foreach (ref int place in best.AsSpan(start, n)) place = Math.Min(place, rank);
            }
        }

        public void Dispose()
        {
            foreach ((PairIndex index, _) in _levels) index.Dispose();
        }
    }
}
