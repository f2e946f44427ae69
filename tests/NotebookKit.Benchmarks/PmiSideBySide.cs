using System.Diagnostics;
using System.Globalization;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Benchmarks;

/// <summary>
/// The engine beside DuckDB, each side in a process of its own, in turns: words a second, peak memory, and the ratios (median of pairs).
/// </summary>
internal static class PmiSideBySide
{
    private const string Usage = """
        pmi --input TEXT [--alone] [--pairs 3] [--threads 2] [--min-count 11] [--size 800000] [--memory BYTES] [--work FOLDER] [--trace]
          TEXT     any UTF-8 text; it is tokenised once into a file with a run of words in each line, which both sides read.
          --alone  the engine against itself instead: the corpus against a tenth of it, and against a limit of 512 MiB.
        """;

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = new() { ["pairs"] = "3", ["threads"] = "2", ["min-count"] = "11", ["size"] = "800000", ["memory"] = $"{4L << 30}", ["work"] = Path.GetTempPath(), ["side"] = "", ["alone"] = "", ["trace"] = "" };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].TrimStart('-');
            options[name] = name is "trace" or "alone" ? "yes" : args[++i];
        }
        if (!options.TryGetValue("input", out string? input))
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }
        if (options["side"] != "") return Side(input, options);
        string runs = Path.Combine(options["work"], $"{Path.GetFileNameWithoutExtension(input)}.runs");
        if (!File.Exists(runs) || File.GetLastWriteTimeUtc(runs) < File.GetLastWriteTimeUtc(input)) Tokenize(input, runs);
        return options["alone"] == "" ? Compare(runs, options) : CompareAlone(runs, options);
    }

    /// <summary>How time grows with the corpus (from every tenth run of words to all), and what a tight memory limit costs.</summary>
    private static int CompareAlone(string runs, Dictionary<string, string> options)
    {
        string tenth = Path.ChangeExtension(runs, ".tenth.runs");
        if (!File.Exists(tenth) || File.GetLastWriteTimeUtc(tenth) < File.GetLastWriteTimeUtc(runs)) File.WriteAllLines(tenth, File.ReadLines(runs).Where((_, i) => i % 10 == 0));
        Dictionary<string, string> limited = new(options) { ["memory"] = $"{512L << 20}" };
        List<(Measure Tenth, Measure Whole, Measure Limited)> rounds = [];
        for (int round = 0; round < int.Parse(options["pairs"], CultureInfo.InvariantCulture); round++)
        {
            Measure small = Start("engine", tenth, options), whole = Start("engine", runs, options);
            byte[] expected = File.ReadAllBytes(Output(runs, "engine", options));
            rounds.Add((small, whole, Start("engine", runs, limited)));
            bool same = expected.AsSpan().SequenceEqual(File.ReadAllBytes(Output(runs, "engine", options)));
            Console.WriteLine($"round {round + 1}: a tenth {small}; whole {whole}; within 512 MiB {rounds[^1].Limited}, {(same ? "the same bytes" : "DIFFERENT BYTES")}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"median of rounds: {Median(rounds.Select(r => r.Whole.Words / (double)r.Tenth.Words)):0.00} times the words take {Median(rounds.Select(r => r.Whole.Seconds / r.Tenth.Seconds)):0.00} times the time; within 512 MiB {Median(rounds.Select(r => r.Whole.Seconds / r.Limited.Seconds)):0.00} of the speed"));
        return 0;
    }

    private static string Output(string runs, string side, Dictionary<string, string> options) =>
        Path.Combine(options["work"], $"{Path.GetFileNameWithoutExtension(runs)}.{side}.tsv");

    private static int Compare(string runs, Dictionary<string, string> options)
    {
        List<(Measure Engine, Measure DuckDb)> pairs = [];
        for (int pair = 0; pair < int.Parse(options["pairs"], CultureInfo.InvariantCulture); pair++)
        {
            pairs.Add((Start("engine", runs, options), Start("duckdb", runs, options)));
            Console.WriteLine($"pair {pair + 1}: engine {pairs[^1].Engine}; DuckDB {pairs[^1].DuckDb}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"median of pairs: speed {Median(pairs.Select(p => p.DuckDb.Seconds / p.Engine.Seconds)):0.0} times DuckDB, CPU time {Median(pairs.Select(p => p.DuckDb.Cpu / p.Engine.Cpu)):0.0} times less, peak memory {100 * Median(pairs.Select(p => p.Engine.Peak / (double)p.DuckDb.Peak)):0} %"));
        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static Measure Start(string side, string runs, Dictionary<string, string> options)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] prefix = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(PmiSideBySide).Assembly.Location] : [];
        foreach (string argument in prefix.Concat(["pmi", "--input", runs, "--side", side])) start.ArgumentList.Add(argument);
        foreach (string name in new[] { "threads", "min-count", "size", "memory", "work" })
        {
            start.ArgumentList.Add($"--{name}");
            start.ArgumentList.Add(options[name]);
        }
        if (options["trace"] != "") start.ArgumentList.Add("--trace");
        using Process process = Process.Start(start)!;
        string[] figures = process.StandardOutput.ReadToEnd().Trim().Split(' ');
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The side '{side}' failed with exit code {process.ExitCode}.");
        return new(long.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture), double.Parse(figures[2], CultureInfo.InvariantCulture), long.Parse(figures[3], CultureInfo.InvariantCulture));
    }

    /// <summary>One side, in its own process; prints words, seconds, processor seconds and peak memory.</summary>
    private static int Side(string runs, Dictionary<string, string> options)
    {
        int threads = int.Parse(options["threads"], CultureInfo.InvariantCulture), size = int.Parse(options["size"], CultureInfo.InvariantCulture);
        long minCount = long.Parse(options["min-count"], CultureInfo.InvariantCulture);
        string output = Output(runs, options["side"], options);
        bool trace = options["trace"] != "";
        long started = Stopwatch.GetTimestamp();
        long words;
        if (options["side"] == "duckdb")
        {
            words = DuckDbPipeline.Run(runs, output, threads, minCount, size, trace ? Console.Error.WriteLine : null);
        }
        else
        {
            Stages? stages = trace ? new() : null;
            EngineOptions engine = new() { Threads = threads, MemoryLimit = long.Parse(options["memory"], CultureInfo.InvariantCulture) };
            NgramCounts counts = new CorpusCounter(engine).Count(CorpusFile.Find([runs]), new() { MinCount = minCount }, out CountSummary summary, stages);
            stages?.Report(new("ranking", 0, 0));
            RankedNgrams ranked = RankedNgrams.Rank(counts, NgramScore.Pmi, new() { Size = size });
            stages?.Report(new("writing", 0, 0));
            ranked.Write(output);
            stages?.Report(new("end", 0, 0));
            words = summary.Words;
        }
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words} {seconds} {self.TotalProcessorTime.TotalSeconds} {self.PeakWorkingSet64}"));
        return 0;
    }

    private static void Tokenize(string input, string runs)
    {
        BasicTokenizer tokenizer = new();
        using StreamWriter writer = new(runs) { NewLine = "\n" };
        foreach (string line in File.ReadLines(input))
        {
            bool first = true;
            foreach (string token in tokenizer.Tokenize(line))
            {
                if (BasicTokenizer.IsPunctuation(token))
                {
                    if (!first) writer.WriteLine();
                    first = true;
                    continue;
                }
                if (!first) writer.Write(' ');
                writer.Write(token);
                first = false;
            }
            if (!first) writer.WriteLine();
        }
    }

    private sealed record Measure(long Words, double Seconds, double Cpu, long Peak)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Words / Seconds / 1e6:0.00} M words/s ({Seconds:0.00} s, processor {Cpu:0.00} s, peak {Peak >> 20} MiB)");
    }

    /// <summary>Prints how long each stage took.</summary>
    private sealed class Stages : IProgress<ProgressReport>
    {
        private string stage = "start";
        private long started = Stopwatch.GetTimestamp();
        private TimeSpan cpu;

        public void Report(ProgressReport report)
        {
            lock (this)
            {
                if (report.Stage == stage) return;
                using Process self = Process.GetCurrentProcess();
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.00} s, processor {(self.TotalProcessorTime - cpu).TotalSeconds:0.00} s, peak so far {self.PeakWorkingSet64 >> 20} MiB  {stage}"));
                (stage, started, cpu) = (report.Stage, Stopwatch.GetTimestamp(), self.TotalProcessorTime);
            }
        }
    }
}
