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
    /// <summary>Sums the words of all workers' tables.</summary>
    public static SurvivingWords Of(IReadOnlyList<WordTable> tables, long minCount, CancellationToken cancellation)
    {
        var parts = new List<Word>[tables.Count];
        Workers.Run(tables.Count, cancellation, (part, _) => parts[part] = InPart(tables, part, minCount));
        Word[] kept = [.. parts.SelectMany(words => words)];
        int[][] ids = [.. tables.Select(table => new int[table.Words + 1])];
        int[] order = InOrder(kept);
        for (int i = 0; i < order.Length; i++)
            for (int table = 0; table < ids.Length; table++) ids[table][kept[order[i]].Ids[table]] = i + 1;
        // Where a table has no such word, that went to the place of no word.
        foreach (int[] map in ids) map[0] = 0;
        return new([.. order.Select(i => kept[i].Text)], [.. order.Select(i => kept[i].Count)], ids);
    }

    /// <summary>A word with the sum of its counts and its ids in all tables, 0 where it is not.</summary>
    private readonly record struct Word(byte[] Bytes, string Text, long Count, int[] Ids);

    /// <summary>The words that reach the threshold in one part of each table. A word belongs to the first table that has it.</summary>
    private static List<Word> InPart(IReadOnlyList<WordTable> tables, int part, long minCount)
    {
        List<Word> kept = [];
        int[] ids = new int[tables.Count];
        for (int first = 0; first < tables.Count; first++)
        {
            tables[first].ForEach([MethodImpl(MethodImplOptions.AggressiveOptimization)] (id, count, word) =>
            {
                Array.Clear(ids);
                ids[first] = id;
                for (int table = 0; table < ids.Length; table++)
                {
                    if (table == first) continue;
                    (ids[table], long more) = tables[table].Find(word);
                    if (ids[table] != 0 && table < first) return;
                    count += more;
                }
                if (count >= minCount) kept.Add(new(word.ToArray(), Encoding.UTF8.GetString(word), count, [.. ids]));
            }, part, tables.Count);
        }
        return kept;
    }

    /// <summary>The places of the words in the order of their bytes: by the first eight, and where those are equal by all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] InOrder(Word[] kept)
    {
        Sum[] sorted = RadixSort.ByPair([.. kept.Select((word, i) => new Sum { Pair = FirstBytes(word.Bytes), Count = i })]);
        int[] order = Array.ConvertAll(sorted, item => (int)item.Count);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Pair == sorted[start].Pair; end++) { }
            if (end - start > 1) order.AsSpan(start, end - start).Sort((a, b) => kept[a].Bytes.AsSpan().SequenceCompareTo(kept[b].Bytes));
        }
        return order;
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
