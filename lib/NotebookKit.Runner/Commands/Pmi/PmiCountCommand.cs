using System.CommandLine;
using NotebookKit.Corpus;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary><c>nbk pmi count</c>: one machine's share of the counts.</summary>
internal static class PmiCountCommand
{
    public static Command Create()
    {
        Command command = new("count", """
            Count the n-grams of a corpus, or of a share of it, into a part that 'nbk pmi merge' sums. A part is plain Parquet; in SQL:
            SELECT n, ngram, CAST(sum(count) AS BIGINT) AS count FROM read_parquet('part*.parquet') GROUP BY n, ngram
            """);
        PmiCorpusOptions corpus = new();
        Option<string> output = new("--out", "-o") { Description = "The part, a .parquet file.", Required = true };
        corpus.AddTo(command);
        command.Add(output);
        command.SetAction((parsed, cancellation) => PmiRun.Guarded(() =>
        {
            using PmiProgress progress = new();
            var summary = CountPart.Write(corpus.Files(parsed), parsed.GetValue(output)!, corpus.Counting(parsed, 1), corpus.Engine(parsed), progress, cancellation);
            progress.Finish();
            PmiRun.PrintSummary(summary);
            Console.WriteLine($"written to {parsed.GetValue(output)}");
        }));
        return command;
    }
}
