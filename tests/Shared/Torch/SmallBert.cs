using NotebookKit.Models;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

/// <summary>A BERT, a language and a masker that train in a second. The words come in pairs, so that there is something to learn.</summary>
internal static class SmallBert
{
    public static WordPieceVocabulary Vocabulary { get; } = new([.. WordPieceVocabulary.SpecialTokens, .. Enumerable.Range(0, 40).Select(i => $"w{i}")]);

    public static BertConfig Config { get; } = new()
    {
        VocabSize = 45,
        HiddenSize = 32,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        IntermediateSize = 64,
        MaxPositionEmbeddings = 16,
    };

    /// <summary>Sentences of word pairs: an even word is always followed by the next odd one.</summary>
    public static PackedSequences Sequences(int count = 64)
    {
        var random = new Random(1);
        var sentences = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 1 + random.Next(7)).Select(_ => 5 + 2 * random.Next(20)).SelectMany(even => new[] { even, even + 1 }).ToArray());
        return PackedSequences.Pack(sentences, 16, Vocabulary);
    }

    /// <summary>Hides one token of the sequence.</summary>
    public static void MaskOne(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ulong seed)
    {
        int place = 1 + (int)(seed % (ulong)(tokenIds.Length - 2));
        tokenIds.CopyTo(inputIds);
        labels.Fill(-100);
        labels[place] = tokenIds[place];
        inputIds[place] = Vocabulary.MaskId;
    }

    public static PretrainingOptions Options { get; } = new()
    {
        BatchSize = 8,
        SequenceLength = 16,
        Training = new() { Steps = 12, WarmUpSteps = 3, LearningRate = 3e-3 },
    };

    public static Pretraining Begin(BertForMaskedLM model, ulong seed = 0, PretrainingOptions? options = null) =>
        new(model, Sequences(), MaskOne, options ?? Options, new Seed(seed));

    /// <summary>Every weight of a model, to compare bit for bit.</summary>
    public static float[] Weights(this BertForMaskedLM model) => [.. model.parameters().SelectMany(p => p.data<float>().ToArray())];
}
