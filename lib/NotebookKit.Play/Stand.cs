using NotebookKit.Studies.Experiments;

namespace NotebookKit.Play;

/// <summary>
/// The place of one bench: what is at work there, and how it is prepared at a preset. A bench that is prepared anew takes the old one's place
/// when it is ready, so that readers can go on meanwhile.
/// </summary>
/// <typeparam name="T">The bench.</typeparam>
/// <param name="name">Its name on the page.</param>
/// <param name="prepare">Makes the bench at a preset; loads what is kept and trains what is missing.</param>
/// <param name="longer">What a longer preparation costs, in words; "" if there is none.</param>
/// <param name="isKept">Whether all models of a preset are kept, so that nothing has to be trained; null where nothing is kept.</param>
public sealed class Stand<T>(
    string name, Func<string, IProgress<ProgressReport>, CancellationToken, T> prepare, string longer = "", Func<string, IProgress<ProgressReport>, bool>? isKept = null) : IStand
    where T : class, IBench
{
    private volatile T? _bench;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Preset { get; private set; } = "";

    /// <inheritdoc/>
    public string Longer => longer;

    /// <inheritdoc/>
    public string About => _bench?.About ?? "";

    /// <inheritdoc/>
    public bool IsReady => _bench is not null;

    /// <summary>The bench.</summary>
    /// <exception cref="InputException">It is not ready.</exception>
    public T Bench => _bench ?? throw new InputException("bench", "This bench is not ready yet: its models are being prepared, or wait for their turn.");

    /// <inheritdoc/>
    public void Prepare(string preset, IProgress<ProgressReport> progress, AnswerQueue queue, CancellationToken cancellation)
    {
        if (preset.Length == 0) preset = Presets.OnTwoCores.Reverse().FirstOrDefault(longest => isKept?.Invoke(longest, progress) ?? false, Presets.OnTwoCores[0]);
        var fresh = prepare(preset, progress, cancellation);
        // On the thread of the answers, so that nobody is asking the old one while it ends.
        queue.Ask(() =>
        {
            var old = _bench;
            _bench = fresh;
            old?.Dispose();
            Preset = preset; // last: who sees the new preset finds the old bench freed
            return true;
        }).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _bench?.Dispose();
}

/// <summary>A bench: what a reader works at.</summary>
public interface IBench : IDisposable
{
    /// <summary>What its models are, in a sentence or two, for the page.</summary>
    string About { get; }
}

/// <summary>The place of a bench, whichever it is.</summary>
public interface IStand : IDisposable
{
    /// <summary>The bench's name on the page.</summary>
    string Name { get; }

    /// <summary>The preset (<see cref="Presets"/>) of the bench at work; "" before the first.</summary>
    string Preset { get; }

    /// <summary>What a longer preparation costs, in words; "" if there is none.</summary>
    string Longer { get; }

    /// <summary>What the models of the bench at work are.</summary>
    string About { get; }

    /// <summary>Whether a bench is at work.</summary>
    bool IsReady { get; }

    /// <summary>Prepares the bench and puts it to work.</summary>
    /// <param name="preset">How long its models are trained (<see cref="Presets"/>); "" for the longest that is kept, or the shortest.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="queue">Where the old bench may be at work.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    void Prepare(string preset, IProgress<ProgressReport> progress, AnswerQueue queue, CancellationToken cancellation);
}
