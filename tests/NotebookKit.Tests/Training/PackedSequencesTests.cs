using CsCheck;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

public class PackedSequencesTests
{
    private static readonly int Cls = SmallBert.Vocabulary.ClassificationId, Sep = SmallBert.Vocabulary.SeparatorId;

    [Fact]
    public void Packing_keeps_every_sentence_whole_and_loses_none() =>
        Gen.Int[5, 44].Array[1, 14].Array[1, 60].Sample(sentences =>
        {
            var packed = PackedSequences.Pack(sentences, 16, SmallBert.Vocabulary);

            var unpacked = Enumerable.Range(0, packed.Count).SelectMany(i => Sentences(packed[i])).ToList();
            Assert.Equal(sentences.Select(s => string.Join(' ', s)).Order(), unpacked.Order());
            for (int i = 0; i < packed.Count; i++)
            {
                Assert.InRange(packed[i].Length, 3, 16);
                Assert.Equal(Cls, packed[i][0]);
                Assert.Equal(Sep, packed[i][^1]);
            }
        }, iter: 200);

    [Fact]
    public void A_sentence_longer_than_a_sequence_is_cut_and_nothing_of_it_is_lost()
    {
        int[] sentence = [.. Enumerable.Range(5, 40)];

        var packed = PackedSequences.Pack([sentence], 16, SmallBert.Vocabulary);

        Assert.Equal(3, packed.Count);
        Assert.Equal(sentence, Enumerable.Range(0, 3).SelectMany(i => packed[i][1..^1].ToArray()));
    }

    [Fact]
    public void Short_sentences_fill_the_gaps_of_long_ones()
    {
        var sentences = Enumerable.Range(0, 200).Select(i => Enumerable.Repeat(6, i % 2 == 0 ? 10 : 2).ToArray());

        var packed = PackedSequences.Pack(sentences, 16, SmallBert.Vocabulary);

        Assert.Equal(100, packed.Count); // [CLS] 10 [SEP] 2 [SEP]: one long and one short each
    }

    [Fact]
    public void An_empty_corpus_is_refused() =>
        Assert.Contains("no sentence", Assert.Throws<ArgumentException>(() => PackedSequences.Pack([], 16, SmallBert.Vocabulary)).Message);

    private static List<string> Sentences(ReadOnlySpan<int> sequence) =>
        [.. string.Join(' ', sequence[1..].ToArray()).Split($" {Sep} ").Select(s => s.EndsWith($" {Sep}") ? s[..^2] : s)];
}
