using BenchmarkDotNet.Attributes;
using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Benchmarks;

/// <summary>The stages of the engine on a text of one's own: the file that the environment variable NBK_BENCHMARK_TEXT names.</summary>
[MemoryDiagnoser]
public class PmiEngineBenchmarks
{
    private IReadOnlyList<CorpusFile> files = [];
    private NgramCounts counts = null!;

    /// <summary>The text that the benchmarks of PMI-Masking work on.</summary>
    internal static string Text => Environment.GetEnvironmentVariable("NBK_BENCHMARK_TEXT")
        ?? throw new InvalidOperationException("Set NBK_BENCHMARK_TEXT to a UTF-8 text file of a hundred megabytes or so.");

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Open()
    {
        files = CorpusFile.Find([Text]);
        counts = Count(5);
    }

    [Benchmark(Description = "read, tokenise, count words")]
    public NgramCounts Words() => Count(1);

    [Benchmark(Description = "all levels to 5")]
    public NgramCounts Levels() => Count(5);

    [Benchmark(Description = "score and rank")]
    public RankedNgrams Rank() => RankedNgrams.Rank(counts, NgramScore.Pmi, new());

    private NgramCounts Count(int maxLength) => new CorpusCounter(new() { Threads = Threads }).Count(files, new() { MaxLength = maxLength }, out _);
}
