using System.Buffers.Binary;
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

        List<(ulong Key, byte[] Word, int Id, long Count)> kept = [];
        all.ForEach((id, count, word) =>
        {
            if (count >= minCount) kept.Add((FirstBytes(word), word.ToArray(), id, count));
        });
        kept.Sort((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Word.AsSpan().SequenceCompareTo(b.Word));
        int[] survivors = new int[all.Words + 1];
        for (int i = 0; i < kept.Count; i++) survivors[kept[i].Id] = i + 1;
        foreach (int[] map in ids)
            for (int id = 0; id < map.Length; id++) map[id] = survivors[map[id]];
        return new([.. kept.Select(word => Encoding.UTF8.GetString(word.Word))], [.. kept.Select(word => word.Count)], ids);
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
