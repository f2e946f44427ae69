namespace NotebookKit.Play;

/// <summary>Prepares benches in the background, one at a time, on a thread of its own; the one at work can be stopped.</summary>
public sealed class Preparation : IDisposable
{
    private readonly IReadOnlyList<IStand> _stands;
    private readonly AnswerQueue _queue;
    private readonly Action? _begin;
    private readonly Lock _lock = new();
    private readonly List<(IStand Stand, string Preset)> _waiting = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly CancellationTokenSource _closing = new();
    private CancellationTokenSource? _stop;
    private (IStand Stand, ProgressReport Report)? _current;
    private Task _work = Task.CompletedTask;

    /// <summary>Nothing is prepared yet.</summary>
    /// <param name="stands">The places of all benches.</param>
    /// <param name="queue">Where they answer.</param>
    /// <param name="begin">Is run on the thread that prepares, before it does, for instance to bound torch's threads.</param>
    public Preparation(IReadOnlyList<IStand> stands, AnswerQueue queue, Action? begin = null) => (_stands, _queue, _begin) = (stands, queue, begin);

    /// <summary>Lets a bench be prepared when those before it are done; one that is waiting or at work already is not added again.</summary>
    /// <param name="name">The bench.</param>
    /// <param name="preset">How long its models are trained; "" for the longest training that is kept, or the shortest.</param>
    /// <exception cref="InputException">There is no such bench.</exception>
    public void Add(string name, string preset)
    {
        var stand = _stands.FirstOrDefault(s => s.Name == name) ?? throw new InputException("bench", $"There is no bench '{name}'.");
        lock (_lock)
        {
            if (_current?.Stand == stand || _waiting.Any(w => w.Stand == stand)) return;
            _problems.Remove(name);
            _waiting.Add((stand, preset));
            if (_work.IsCompleted) _work = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
        }
    }

    /// <summary>Stops the preparation of a bench, or takes it out of the row.</summary>
    /// <param name="name">The bench.</param>
    public void Cancel(string name)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(w => w.Stand.Name == name);
            if (_current?.Stand.Name == name) _stop?.Cancel();
        }
    }

    /// <summary>How every bench is.</summary>
    public IReadOnlyList<StandState> States()
    {
        lock (_lock)
        {
            return [.. _stands.Select(s => new StandState(
                s.Name, s.IsReady, s.Preset, s.About, s.Longer, _current is { } now && now.Stand == s ? StandProgress.Of(now.Report) : null,
                _waiting.Any(w => w.Stand == s), _problems.GetValueOrDefault(s.Name, "")))];
        }
    }

    private void Run()
    {
        _begin?.Invoke();
        while (Next() is var (stand, preset, stop))
        {
            string problem = "";
            try
            {
                stand.Prepare(preset, new Telling(this, stand), _queue, stop.Token);
            }
            catch (OperationCanceledException)
            {
                problem = "Stopped. What was trained so far is kept where it can be; prepare the bench again to go on.";
            }
            catch (Exception e)
            {
                problem = $"It could not be prepared: {e.Message}";
            }
            lock (_lock)
            {
                if (problem.Length > 0) _problems[stand.Name] = problem;
                _current = null;
                stop.Dispose();
                _stop = null;
            }
        }
    }

    private (IStand Stand, string Preset, CancellationTokenSource Stop)? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || _closing.IsCancellationRequested)
            {
                _work = Task.CompletedTask; // whoever comes next starts another thread
                return null;
            }
            (var stand, string preset) = _waiting[0];
            _waiting.RemoveAt(0);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            _current = (stand, new("waiting", 0, 0));
            return (stand, preset, _stop);
        }
    }

    /// <summary>Stops what is at work and waits for its end.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        Task work;
        lock (_lock) work = _work;
        work.Wait();
        _closing.Dispose();
    }

    private sealed class Telling(Preparation preparation, IStand stand) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
            lock (preparation._lock)
            {
                preparation._stop?.Token.ThrowIfCancellationRequested();
                if (preparation._current?.Stand == stand) preparation._current = (stand, value);
            }
        }
    }
}

/// <summary>How a bench is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReady">Whether one is at work.</param>
/// <param name="Preset">How long its models were trained.</param>
/// <param name="About">What they are.</param>
/// <param name="Longer">What a longer preparation costs; "" if there is none.</param>
/// <param name="Progress">How far its preparation is; null if none is going on.</param>
/// <param name="IsWaiting">Whether its preparation waits for another's end.</param>
/// <param name="Problem">Why the last preparation did not end; "" if it did.</param>
public sealed record StandState(string Name, bool IsReady, string Preset, string About, string Longer, StandProgress? Progress, bool IsWaiting, string Problem);

/// <summary>How far a preparation is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when that is not known.</param>
/// <param name="Note">A remark, such as a loss.</param>
public sealed record StandProgress(string Stage, long Done, long Total, string Note)
{
    internal static StandProgress Of(ProgressReport report) => new(report.Stage, report.Done, report.Total, report.Note);
}
