using System.CommandLine;
using System.Globalization;
using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary><c>nbk pmi vocab</c>: from text to a masking vocabulary.</summary>
internal static class PmiVocabCommand
{
    public static Command Create()
    {
        Command command = new("vocab", "Count the n-grams of a corpus, score them, and write the best as a masking vocabulary.");
        PmiCorpusOptions corpus = new();
        PmiListOptions list = new();
        corpus.AddTo(command);
        list.AddTo(command);
        Option<bool> resume = new("--resume") { Description = "Keep the state in the folder OUT.resume, and go on from it when it is there: after a kill, give the same command again." };
        command.Add(resume);
        command.SetAction((parsed, cancellation) =>
        {
            string state = list.Output(parsed) + ".resume";
            return parsed.GetValue(resume)
                ? PmiRun.Guarded(() => Run(parsed, state, cancellation), $"No output was written. The state is in '{state}'; the same command goes on from there.")
                : PmiRun.Guarded(() => Run(parsed, state, cancellation));
        });
        return command;

        void Run(ParseResult parsed, string state, CancellationToken cancellation)
        {
            var counting = corpus.Counting(parsed, list.MinCount(parsed));
            list.Check(parsed);
            using PmiProgress progress = new();
            CorpusCounter counter = new(corpus.Engine(parsed));
            var files = corpus.Files(parsed);
            var counts = parsed.GetValue(resume)
                ? counter.CountResumably(files, counting, state, out var summary, progress, cancellation)
                : counter.Count(files, counting, out summary, progress, cancellation);
            list.Write(parsed, counts, summary, progress, cancellation);
            if (parsed.GetValue(resume)) Directory.Delete(state, recursive: true);
        }
    }
}

/// <summary>The options of the commands that write a vocabulary.</summary>
internal sealed class PmiListOptions
{
    private static readonly Dictionary<string, NgramScore> Scores = new()
    {
        ["pmi"] = NgramScore.Pmi,
        ["pmi2"] = NgramScore.PmiSquared,
        ["naive"] = NgramScore.Naive,
        ["frequency"] = NgramScore.Frequency,
    };

    private readonly Option<string> _output = new("--out", "-o") { Description = "The vocabulary: .txt (n-grams, best first), .tsv or .parquet (rank, n, ngram, count, score).", Required = true };
    private readonly Option<int> _size = new Option<int>("--size") { Description = "How many entries.", DefaultValueFactory = _ => 800_000 }.AtLeast(0);
    private readonly Option<long> _minCount = new Option<long>("--min-count") { Description = "The least count that is kept; 11 is the paper's \"over 10\".", DefaultValueFactory = _ => 11 }.AtLeast(1);
    private readonly Option<string> _score = new("--score") { Description = "What is ranked by: pmi (the paper), pmi2 (the published lists), naive, frequency.", DefaultValueFactory = _ => "pmi" };
    private readonly Option<string> _quota = new("--quota") { Description = "The shares of the lengths 2, 3, 4, …", DefaultValueFactory = _ => "50/25/12.5/12.5" };

    public PmiListOptions() => _score.AcceptOnlyFromAmong([.. Scores.Keys]);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _output, _size, _minCount, _score, _quota }) command.Add(option);
    }

    public string Output(ParseResult parsed) => parsed.GetValue(_output)!;

    public long MinCount(ParseResult parsed) => parsed.GetValue(_minCount);

    /// <summary>Fails before the work, not after it.</summary>
    public void Check(ParseResult parsed)
    {
        try
        {
            Quota(parsed).Interleave([]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"--quota: {e.Message}", e);
        }
        CorpusRanking.CheckEnding(Output(parsed));
    }

    public void Write(ParseResult parsed, NgramCounts counts, CountSummary summary, PmiProgress progress, CancellationToken cancellation)
    {
        progress.Report(new("ranking", 0, 0));
        CorpusRanking ranked = CorpusRanking.Rank(counts, Scores[parsed.GetValue(_score)!], Quota(parsed));
        progress.Report(new("writing", 0, 0));
        ranked.Write(Output(parsed), cancellation);
        progress.Finish();
        PmiRun.PrintSummary(summary, counts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ranked.Count:N0} entries written to {Output(parsed)}"));
    }

    private VocabularyQuota Quota(ParseResult parsed) => new()
    {
        Size = parsed.GetValue(_size),
        Shares = [.. parsed.GetValue(_quota)!.Split('/').Select(share => double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new FormatException($"'{share}' is no share: write numbers separated by /, for example 50/25/12.5/12.5."))],
    };
}
