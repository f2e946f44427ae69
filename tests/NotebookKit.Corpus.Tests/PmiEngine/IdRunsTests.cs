using CsCheck;
using NotebookKit.Corpus;

namespace NotebookKit.Tests.PmiEngine;

/// <summary>What is done with 64 ids at a time, beside the same one by one.</summary>
public class IdRunsTests
{
    /// <summary>Streams of several chunks, from nearly all gaps to nearly all words.</summary>
    private static readonly Gen<int[]> Stream = Gen.Int[1, 12].SelectMany(gaps => Gen.Int[-gaps, 6].Select(id => Math.Max(id, 0)).Array[0, 400]);

    [Fact]
    public void Compacting_drops_lone_words_and_the_gaps_that_part_nothing() =>
        Stream.Sample(stream =>
        {
            List<int> expected = [];
            for (int i = 0; i < stream.Length; i++)
            {
                if (InPair(stream, i)) expected.Add(stream[i]);
                else if (stream[i] == 0 && i > 0 && InPair(stream, i - 1)) expected.Add(0);
            }
            int[] compacted = [.. stream];
            Assert.Equal(expected, compacted[..IdRuns.Compact(compacted)]);
        }, iter: 2000);

    [Fact]
    public void Ngrams_are_counted_where_they_end_wherever_the_stream_is_cut() =>
        Gen.Select(Stream, Gen.Int[1, 7], Gen.Int[1, 200]).Sample((stream, maxLength, piece) =>
        {
            long[] expected = new long[maxLength + 1], totals = new long[maxLength + 1];
            int run = 0;
            foreach (int id in stream)
            {
                run = id == 0 ? 0 : run + 1;
                for (int n = 1; n <= Math.Min(run, maxLength); n++) expected[n]++;
            }
            ulong[] open = new ulong[maxLength + 1];
            for (int start = 0; start < stream.Length; start += piece)
                IdRuns.CountEnds(stream.AsSpan(start, Math.Min(piece, stream.Length - start)), totals, open);
            Assert.Equal(expected, totals);
        }, iter: 1000);

    [Fact]
    public void Raising_gives_each_pair_its_place_and_all_else_nothing() =>
        Gen.Select(Stream, Gen.Int[0, 36]).Sample((stream, survivors) =>
        {
            ulong[] pairs = [.. Enumerable.Range(1, 6).SelectMany(a => Enumerable.Range(1, 6).Select(b => PairCounter.Pair(a, b))).Where(pair => pair % 37 < (ulong)survivors)];
            using PairIndex index = new(pairs);
            int[] expected = [.. stream.Select((id, i) => i + 1 < stream.Length ? Array.IndexOf(pairs, PairCounter.Pair(id, stream[i + 1])) + 1 : 0)];
            index.Raise(stream);
            Assert.Equal(expected, stream);
        }, iter: 1000);

    private static bool InPair(int[] stream, int i) => stream[i] != 0 && ((i > 0 && stream[i - 1] != 0) || (i + 1 < stream.Length && stream[i + 1] != 0));
}
