using System.Runtime.CompilerServices;
using NotebookKit.Pmi;

namespace NotebookKit.Corpus;

/// <summary>
/// The levels 2 and up: an n-gram can reach the threshold only if its first and its last n−1 words do, so each pass makes the stream
/// one of survivors of level n, and counts its neighbours, which are the n-grams of level n + 1.
/// </summary>
internal sealed class LevelCounting(EngineOptions engine, TempFolder temp, IProgress<ProgressReport>? progress, CancellationToken cancellation)
{
    /// <summary>Bytes that went to temporary files.</summary>
    public long SpilledBytes { get; private set; }

    /// <summary>The most bytes that the ids, the pairs and the index of a level took together.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>Counts the levels that are not known yet.</summary>
    /// <param name="levels">The pairs of each level from 2; a level that is known from before is not null.</param>
    /// <param name="stream">Word ids of the workers, which the passes replace.</param>
    /// <param name="words">The ids of the words that survived, by worker and id.</param>
    /// <param name="minCount">The least count that is kept.</param>
    /// <param name="counted">Called when a level has been counted.</param>
    public void Count(CountedPairs?[] levels, IdStream stream, int[][] words, long minCount, Action<int>? counted = null)
    {
        PairIndex? index = null;
        using Slabs slabs = new();
        try
        {
            // Neighbours of level n make level n + 1, whose place is n − 1.
            for (int n = 1; n <= levels.Length; n++)
            {
                if (levels[n - 1] is null)
                {
                    using PairCounter counter = new(engine, stream.Blocks.Sum(block => (long)block.Length), temp, slabs);
                    Pass(n, stream, words, index, counter);
                    levels[n - 1] = counter.Survivors(minCount, cancellation);
                    SpilledBytes += counter.SpilledBytes;
                    MemoryBytes = Math.Max(MemoryBytes, stream.MemoryBytes + slabs.Bytes + (index?.Bytes ?? 0));
                    counted?.Invoke(n + 1);
                }
                else Pass(n, stream, words, index, null);
                index?.Dispose();
                index = null;
                if (n < levels.Length) index = new(levels[n - 1]!.Pairs);
            }
        }
        finally
        {
            index?.Dispose();
        }
    }

    private void Pass(int n, IdStream stream, int[][] words, PairIndex? index, PairCounter? counter)
    {
        int next = -1;
        Workers.Run(engine.Threads, cancellation, (worker, stop) =>
        {
            int[] buffer = [];
            for (int b; (b = Interlocked.Increment(ref next)) < stream.Blocks.Count;)
            {
                stop.ThrowIfCancellationRequested();
                IdStream.Block block = stream.Blocks[b];
                Span<int> ids = IdStream.Load(block, ref buffer);
                if (n == 1) Replace(ids, words[block.Worker]);
                else index!.Raise(ids);
                if (!block.Continues) block.Own = (ids = ids[..IdRuns.Compact(ids)]).Length;
                // The last id has lost its neighbour, which the first pass does not need yet.
                else if (n > 1) ids = ids[..^1];
                counter?.AddNeighbours(worker, ids, block.Own);
                stream.Store(block, ids);
                if ((b & 15) == 0) progress?.Report(new($"counting {n + 1}-grams", b, stream.Blocks.Count, $"{(stream.SpilledBytes + SpilledBytes + (counter?.SpilledBytes ?? 0)) >> 20} MiB spilled"));
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Replace(Span<int> ids, int[] by)
    {
        foreach (ref int id in ids) id = by[id];
    }
}

/// <summary>The survivors of one level, in the order of the pairs: (id of the first n−1 words, id of the last n−1 words), both from 1.</summary>
internal sealed record CountedPairs(ulong[] Pairs, long[] Counts)
{
    public NgramLevel ToLevel(long total)
    {
        int[] prefixes = new int[Pairs.Length], suffixes = new int[Pairs.Length];
        for (int i = 0; i < Pairs.Length; i++)
        {
            prefixes[i] = (int)(Pairs[i] >> 32) - 1;
            suffixes[i] = (int)Pairs[i] - 1;
        }
        return new(total, prefixes, suffixes, Counts);
    }
}
