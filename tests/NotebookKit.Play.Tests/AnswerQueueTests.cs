using NotebookKit.Play;

namespace NotebookKit.Tests.Play;

/// <summary>Questions are answered one after the other, and a preparation goes on beside them.</summary>
public sealed class AnswerQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_at_once_are_answered_in_their_order_never_two_together_on_one_thread()
    {
        using AnswerQueue queue = new();
        int inside = 0;
        List<int> order = [];
        HashSet<int> threads = [];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => queue.Ask(() =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Thread.Sleep(2);
            order.Add(i);
            threads.Add(Environment.CurrentManagedThreadId);
            return Interlocked.Decrement(ref inside);
        }, Stop)));
        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Single(threads);
    }

    [Fact]
    public async Task A_failure_is_the_asker_s_alone_and_a_reader_who_has_gone_is_passed_over()
    {
        using AnswerQueue queue = new();
        using ManualResetEventSlim gate = new();
        using CancellationTokenSource gone = new();
        var first = queue.Ask(() => { gate.Wait(); return 1; }, Stop);
        var failing = queue.Ask<int>(() => throw new InvalidDataException("mine"), Stop);
        bool wasAsked = false;
        var left = queue.Ask(() => wasAsked = true, gone.Token);
        var last = queue.Ask(() => 4, Stop);
        gone.Cancel();
        gate.Set();
        Assert.Equal(1, await first);
        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        Assert.Equal(4, await last);
        Assert.False(wasAsked);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_in_a_sentence()
    {
        using AnswerQueue queue = new(longest: 2);
        using ManualResetEventSlim gate = new(), begun = new();
        var working = queue.Ask(() => { begun.Set(); gate.Wait(); return 0; }, Stop);
        begun.Wait(TestContext.Current.CancellationToken);
        Task<int>[] waiting = [queue.Ask(() => 1, Stop), queue.Ask(() => 2, Stop)];
        await Assert.ThrowsAsync<QueueFullException>(() => queue.Ask(() => 3, Stop));
        gate.Set();
        Assert.Equal(0, await working);
        int[] later = await Task.WhenAll(waiting);
        Assert.Equal([1, 2], later);
    }

    private sealed class Bench(Action? end = null, string about = "a bench") : IBench
    {
        public string About => about;

        public void Dispose() => end?.Invoke();
    }

    [Fact]
    public async Task Preparations_run_one_at_a_time_tell_what_went_wrong_and_can_be_stopped()
    {
        using AnswerQueue queue = new();
        using ManualResetEventSlim gate = new();
        int inside = 0;
        bool oldEnded = false;
        Stand<Bench> one = new("one", (preset, progress, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            gate.Wait();
            progress.Report(new("training", 3, 4));
            Interlocked.Decrement(ref inside);
            return new(() => oldEnded = true);
        });
        Stand<Bench> two = new("two", (_, _, _) => throw new InvalidDataException("no such file"));
        Stand<Bench> three = new("three", (_, progress, _) =>
        {
            while (true) progress.Report(new("for ever", 1, 0));
        });
        using Preparation preparation = new([one, two, three], queue);
        foreach (string name in (string[])["one", "two", "three", "one"]) preparation.Add(name, "smoke");
        Assert.Contains(preparation.States(), s => s is { Name: "two", IsWaiting: true });
        Assert.Throws<InputException>(() => one.Bench);
        gate.Set();
        await Until(() => preparation.States()[2].Progress is not null);
        Assert.Equal((true, "smoke", ""), (preparation.States()[0].IsReady, preparation.States()[0].Preset, preparation.States()[0].Problem));
        Assert.Contains("no such file", preparation.States()[1].Problem, StringComparison.Ordinal);
        preparation.Cancel("three");
        await Until(() => preparation.States()[2].Problem.StartsWith("Stopped", StringComparison.Ordinal));
        Assert.False(oldEnded);
        preparation.Add("one", "cpu");
        await Until(() => preparation.States()[0].Preset == "cpu");
        Assert.True(oldEnded);
        Assert.Throws<InputException>(() => preparation.Add("four", "smoke"));
        one.Dispose();
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("cpu,long", "", "long")]
    [InlineData("cpu", "", "cpu")]
    [InlineData("", "", "smoke")]
    [InlineData("cpu,long", "cpu", "cpu")]
    [InlineData("", "cpu", "cpu")]
    public void A_bench_takes_the_longest_training_that_is_kept_unless_one_is_named(string kept, string named, string taken)
    {
        using AnswerQueue queue = new();
        using Stand<Bench> stand = new("one", (preset, _, _) => new(about: preset), isKept: (preset, _) => kept.Split(',').Contains(preset));
        stand.Prepare(named, new Ignored(), queue, TestContext.Current.CancellationToken);
        Assert.Equal((taken, taken), (stand.Preset, stand.About));
    }

    private sealed class Ignored : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
        }
    }
}
