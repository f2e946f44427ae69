using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.PmiEngine;

public class ResumeTests
{
    [Fact]
    public void A_count_stopped_at_any_stage_goes_on_and_ends_as_one_that_was_never_stopped()
    {
        using TempPath folder = new();
        string[] paths = [Path.Combine(folder.Folder, "first.txt"), Path.Combine(folder.Folder, "second.txt")];
        for (int file = 0; file < paths.Length; file++)
            File.WriteAllLines(paths[file], Enumerable.Range(0, 400).Select(i => $"w{i * (file + 3) % 31} w{i % 5}, x y w{i % 3} café z{i % 11}"));
        IReadOnlyList<CorpusFile> files = CorpusFile.Find(paths);
        NgramCountOptions options = new() { MinCount = 2 };
        EngineOptions engine = new() { Threads = 2, Stripe = 500, WordsPerCheckpoint = 300, TempFolder = folder.Folder };
        string expected = EngineText.Describe(EngineText.Count(files, options, engine));

        int stops = 0;
        long reports = 0;
        foreach (int patience in new[] { 4, 9, 14, 18, 20, 22, 24, 26 })
        {
            string state = Path.Combine(folder.Folder, $"state{patience}");
            using CancellationTokenSource stop = new();
            reports = 0;
            try
            {
                Count(engine, state, new(_ =>
                {
                    if (Interlocked.Increment(ref reports) == patience) stop.Cancel();
                }), stop.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
            // Another number of threads goes on.
            Assert.Equal(expected, EngineText.Describe(Count(engine with { Threads = 1 }, state, null, TestContext.Current.CancellationToken)));
            // And once more, when every level is there already.
            Assert.Equal(expected, EngineText.Describe(Count(engine with { Threads = 3 }, state, null, TestContext.Current.CancellationToken)));
        }
        Assert.True(stops >= 4, $"{stops} of the runs were stopped.");

        NgramCounts Count(EngineOptions engine, string state, Progress? progress, CancellationToken stop) =>
            new CorpusCounter(engine).CountResumably(files, options, state, out _, progress, stop);
    }

    [Fact]
    public void State_of_another_corpus_is_not_used()
    {
        using TempPath folder = new();
        string text = Path.Combine(folder.Folder, "text.txt"), state = Path.Combine(folder.Folder, "state");
        File.WriteAllText(text, "a b a b");
        Assert.Equal(2, Count().Count("a b"));
        File.WriteAllText(text, "a b a b a b");
        Assert.Equal(3, Count().Count("a b"));

        NgramCounts Count() => new CorpusCounter().CountResumably(CorpusFile.Find([text]), new() { MinCount = 1 }, state, out _, cancellation: TestContext.Current.CancellationToken);
    }
}
