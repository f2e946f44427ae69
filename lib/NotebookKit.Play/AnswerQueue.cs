using System.Collections.Concurrent;

namespace NotebookKit.Play;

/// <summary>
/// Answers one question after the other on one thread: a model serves one reader at a time, and torch counts its threads for the thread that
/// asks. Whoever comes while another is served waits for their turn.
/// </summary>
public sealed class AnswerQueue : IDisposable
{
    private readonly BlockingCollection<Action> _waiting;
    private readonly Thread _thread;

    /// <summary>Opens the queue.</summary>
    /// <param name="begin">Is run on the thread before the first answer, for instance to bound torch's threads; null for nothing.</param>
    /// <param name="longest">Questions that may wait; the next one is refused.</param>
    public AnswerQueue(Action? begin = null, int longest = 256)
    {
        _waiting = new(longest);
        _thread = new Thread(() =>
        {
            begin?.Invoke();
            foreach (var next in _waiting.GetConsumingEnumerable()) next();
        })
        { IsBackground = true, Name = "answers" };
        _thread.Start();
    }

    /// <summary>Answers a question when its turn comes.</summary>
    /// <param name="answer">Makes the answer.</param>
    /// <param name="cancellation">The reader has gone: a question that is still waiting is dropped.</param>
    /// <exception cref="QueueFullException">Too many are waiting.</exception>
    public Task<T> Ask<T>(Func<T> answer, CancellationToken cancellation = default)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool waits = _waiting.TryAdd(() =>
        {
            if (cancellation.IsCancellationRequested)
            {
                done.SetCanceled(cancellation);
                return;
            }
            try
            {
                done.SetResult(answer());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return waits ? done.Task : Task.FromException<T>(new QueueFullException());
    }

    /// <summary>Answers what is waiting, and ends the thread.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }
}

/// <summary>So many readers are waiting that one more would wait too long.</summary>
public sealed class QueueFullException() : Exception("Too many questions are waiting. Ask again in a moment.");
