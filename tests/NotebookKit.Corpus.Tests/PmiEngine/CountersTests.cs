using System.Text;
using NotebookKit.Corpus;

namespace NotebookKit.Tests.PmiEngine;

public class CountersTests
{
    private const long Boundary = 1L << 32;

    [Fact]
    public void Word_counts_pass_the_32_bit_boundary()
    {
        using WordTable words = new();
        int id = words.Count("of"u8, Boundary - 1);
        words.Count("of"u8);
        words.Count("a long word of more than sixteen bytes"u8, Boundary);
        words.Count("a long word of more than sixteen bytes"u8, Boundary);
        Dictionary<string, long> counts = [];
        words.ForEach((_, count, word) => counts.Add(Encoding.UTF8.GetString(word), count));
        Assert.Equal(1, id);
        Assert.Equal(Boundary, counts["of"]);
        Assert.Equal(2 * Boundary, counts["a long word of more than sixteen bytes"]);
    }

    [Fact]
    public void Pair_counts_pass_the_32_bit_boundary()
    {
        using SumTable sums = new(0);
        sums.Add(PairCounter.Pair(1, 2), Boundary - 1);
        sums.Add(PairCounter.Pair(1, 2), 1);
        sums.Add(PairCounter.Pair(2, 1), 1);
        Assert.Equal(Boundary, sums.Slots.ToArray().Single(sum => sum.Pair == PairCounter.Pair(1, 2)).Count);
    }

    [Fact]
    public void Word_ids_survive_the_growth_of_the_table()
    {
        using WordTable words = new(2);
        string[] texts = [.. Enumerable.Range(0, 5000).Select(i => new string((char)('a' + (i % 26)), 1 + (i % 40)) + i)];
        int[] ids = [.. texts.Select(text => words.Count(Encoding.UTF8.GetBytes(text)))];
        Assert.Equal(Enumerable.Range(1, texts.Length), ids);
        Assert.Equal(ids, texts.Select(text => words.Count(Encoding.UTF8.GetBytes(text))));
    }
}
