using System.CommandLine;
using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary><c>nbk pmi merge</c>: from parts to a masking vocabulary.</summary>
internal static class PmiMergeCommand
{
    public static Command Create()
    {
        Command command = new("merge", "Sum parts and write the vocabulary that one run over the whole corpus would have written.");
        Argument<string[]> parts = new("parts") { Description = "Parts of 'nbk pmi count', or Parquet with the columns n, ngram, count.", Arity = ArgumentArity.OneOrMore };
        PmiResourceOptions resources = new();
        PmiListOptions list = new();
        command.Add(parts);
        list.AddTo(command);
        resources.AddTo(command);
        command.SetAction((parsed, cancellation) => PmiRun.Guarded(() =>
        {
            list.Check(parsed);
            using PmiProgress progress = new();
            string[] files = [.. CorpusFile.Find(parsed.GetValue(parts)!).Select(file => file.Name)];
            var counts = CountPart.Merge(files, list.MinCount(parsed), resources.Engine(parsed), out var summary, progress, cancellation);
            list.Write(parsed, counts, summary, progress, cancellation);
        }));
        return command;
    }
}
