using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace NotebookKit.Corpus;

/// <summary>The words that reach the threshold, in the order of their bytes.</summary>
/// <param name="Words">The words; an id is a place plus one.</param>
/// <param name="Counts">Their counts.</param>
/// <param name="Ids">For each worker, from its word ids to these ids, or to 0.</param>
internal sealed record SurvivingWords(string[] Words, long[] Counts, int[][] Ids)
{
    /// <summary>Sums the words of all workers into the first worker's table.</summary>
    public static SurvivingWords Of(IReadOnlyList<WordTable> tables, long minCount)
    {
        WordTable all = tables[0];
        int[][] ids = new int[tables.Count][];
        for (int worker = 1; worker < tables.Count; worker++)
        {
            int[] map = ids[worker] = new int[tables[worker].Words + 1];
            tables[worker].ForEach((id, count, word) => map[id] = all.Count(word, count));
        }
        ids[0] = [.. Enumerable.Range(0, all.Words + 1)];

        List<(byte[] Word, int Id, long Count)> kept = [];
        List<Sum> keys = [];
        all.ForEach((id, count, word) =>
        {
            if (count < minCount) return;
            keys.Add(new Sum { Pair = FirstBytes(word), Count = kept.Count });
            kept.Add((word.ToArray(), id, count));
        });
        int[] order = InOrder(keys, kept);
        int[] survivors = new int[all.Words + 1];
        for (int i = 0; i < order.Length; i++) survivors[kept[order[i]].Id] = i + 1;
        foreach (int[] map in ids) Replace(map, survivors);
        return new([.. order.Select(i => Encoding.UTF8.GetString(kept[i].Word))], [.. order.Select(i => kept[i].Count)], ids);
    }

    /// <summary>The places of the words in the order of their bytes: by the first eight, and where those are equal by all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] InOrder(List<Sum> keys, List<(byte[] Word, int Id, long Count)> kept)
    {
        Sum[] sorted = RadixSort.ByPair([.. keys]);
        int[] order = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++) order[i] = (int)sorted[i].Count;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Pair == sorted[start].Pair; end++) { }
            if (end - start > 1) order.AsSpan(start, end - start).Sort((a, b) => kept[a].Word.AsSpan().SequenceCompareTo(kept[b].Word));
        }
        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Replace(int[] map, int[] by)
    {
        foreach (ref int id in map.AsSpan()) id = by[id];
    }

    /// <summary>The first eight bytes as a number that orders as they do; 0 is less than any byte of a word.</summary>
    private static ulong FirstBytes(ReadOnlySpan<byte> word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        word[..Math.Min(word.Length, sizeof(ulong))].CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
