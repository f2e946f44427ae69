using BenchmarkDotNet.Attributes;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Benchmarks;

/// <summary>
/// The five maskers on ready ids of a text of one's own (NBK_BENCHMARK_TEXT), on one thread, into buffers that are used again. Time and
/// allocated bytes are of one sequence of 512 tokens: 25.6 µs are 20 million tokens a second.
/// </summary>
[InProcess]
[MemoryDiagnoser]
public class MaskingBenchmarks
{
    private const int Length = 512, Sequences = 4096, Tokens = Length * Sequences, Pieces = 30_000, ShareOfLines = 8;

    private static Corpus? corpus;

    private readonly int[] inputs = new int[Length], labels = new int[Length];
    private IMasker masker = null!;

    [Params("PMI, 25,000 entries", "PMI, 800,000 entries", "naive PMI, 800,000 entries", "random token", "whole word", "random span")]
    public string Scheme { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        Corpus text = corpus ??= Corpus.Read(PmiEngineBenchmarks.Text);
        masker = Scheme switch
        {
            "random token" => new RandomTokenMasker(text.Alphabet),
            "whole word" => new WholeWordMasker(text.Alphabet),
            "random span" => new RandomSpanMasker(text.Alphabet),
            "PMI, 25,000 entries" => Ngrams(NgramScore.Pmi, 25_000),
            "PMI, 800,000 entries" => Ngrams(NgramScore.Pmi, 800_000),
            _ => Ngrams(NgramScore.Naive, 800_000),
        };

        NgramMasker Ngrams(NgramScore score, int size)
        {
            MaskingVocabulary vocabulary = MaskingVocabulary.Build(text.Counts, score, new() { Size = size });
            Console.WriteLine($"// {Scheme}: the corpus fills {vocabulary.Count:N0} entries");
            return new(Scheme, new CompiledVocabulary(vocabulary, text.Alphabet));
        }
    }

    [Benchmark(OperationsPerInvoke = Sequences)]
    public void Mask()
    {
        for (int i = 0; i < Sequences; i++)
        {
            MaskingRandom random = new(seed: 1, stream: (ulong)i);
            masker.Mask(corpus!.Ids.AsSpan(i * Length, Length), inputs, labels, ref random);
        }
    }

    /// <summary>Read once for all schemes: a WordPiece vocabulary trained on an eighth of the lines, the ids of another eighth, the n-grams of all.</summary>
    private sealed record Corpus(PieceAlphabet Alphabet, int[] Ids, NgramCounts Counts)
    {
        public static Corpus Read(string path)
        {
            WordPieceVocabulary pieces = WordPieceTrainer.Train([.. Lines(0)], new() { VocabularySize = Pieces });
            int[] ids = [.. Lines(1).Chunk(1024).SelectMany(lines => pieces.Encode(lines)).SelectMany(line => line.Append(pieces.SeparatorId)).Take(Tokens)];
            if (ids.Length < Tokens) throw new InvalidOperationException($"'{path}' has too little text: {Tokens:N0} word pieces are masked, from an eighth of its lines.");
            return new(new(pieces.Pieces), ids, new CorpusCounter().Count(CorpusFile.Find([path]), new(), out _));

            IEnumerable<string> Lines(int share) => File.ReadLines(path).Where((_, i) => i % ShareOfLines == share);
        }
    }
}
