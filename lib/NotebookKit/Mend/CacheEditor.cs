using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// The baseline of the paper's App. G: no weight changes; the mean of the last hidden states of an edited question is kept with its answer, and
/// a question whose own mean lies within a distance of it gets that answer. It needs no training, but a threshold, and grows with every edit.
/// </summary>
public sealed class CacheEditor : IEditor, IDisposable
{
    private const float Sure = 1; // the score of a cached answer's token; every other token has 0 (App. G)

    private readonly List<(Tensor Key, int[] Answer)> _entries = [];

    /// <summary>An empty cache.</summary>
    /// <param name="model">The model in front of which it stands.</param>
    /// <param name="threshold">The largest distance (L2) at which a question counts as a cached one; the paper's are 6.5 for FEVER, 3 for zsRE, 2.5 for Wikitext.</param>
    /// <param name="name">The name in tables.</param>
    public CacheEditor(EditableModel model, double threshold = 3, string name = "cache")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        (Model, Threshold, Name) = (model, threshold, name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>The largest distance at which a question counts as a cached one.</summary>
    public double Threshold { get; }

    /// <summary>Number of answers in the cache.</summary>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        EditableModel.CheckAsks(batch);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        EditableModel.CheckIsNews(Logits(batch), batch.Targets);
        Tensor keys = Model.Represent(batch);
        if (!keys.isfinite().all().item<bool>()) throw new ArithmeticException("A hidden state of the edit is not finite, so nothing was cached. Look at the model's weights.");
        var entries = Answers(batch.Targets).Select((answer, row) => (keys[row].clone().DetachFromDisposeScope(), answer)).ToArray();
        return new CachedEdit(this, entries);
    }

    /// <summary>The distance of each row to the nearest cached question, [batch]: what a threshold is chosen by.</summary>
    public float[] Distances(EditBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Nearest(batch) is { } nearest ? nearest.Distance.cpu().data<float>().ToArray() : [.. Enumerable.Repeat(float.PositiveInfinity, (int)batch.Rows)];
    }

    /// <summary>The model's scores, and in rows that hit the cache the cached answer's.</summary>
    internal Tensor Logits(EditBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor logits = Model.Logits(batch);
        using var noGradient = no_grad();
        if (Nearest(batch) is not { } nearest) return logits.MoveToOuterDisposeScope();
        float[] distance = nearest.Distance.cpu().data<float>().ToArray();
        long[] entry = nearest.Entry.cpu().data<long>().ToArray();
        logits = logits.clone();
        for (int row = 0; row < distance.Length; row++)
            if (distance[row] <= Threshold) Say(logits[row], batch.Targets[row], _entries[(int)entry[row]].Answer);
        return logits.MoveToOuterDisposeScope();
    }

    internal IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        int[][] answers = [.. Model.Answer(inputs, maxNewTokens)];
        // The target is only there to show where the question ends.
        if (Nearest(Model.Batch([.. inputs.Select(input => new EditExample(input, [0]))])) is not { } nearest) return answers;
        float[] distance = nearest.Distance.cpu().data<float>().ToArray();
        long[] entry = nearest.Entry.cpu().data<long>().ToArray();
        for (int row = 0; row < answers.Length; row++)
            if (distance[row] <= Threshold) answers[row] = [.. _entries[(int)entry[row]].Answer.TakeWhile(token => token != Model.EndToken)];
        return answers;
    }

    internal void Add(IEnumerable<(Tensor Key, int[] Answer)> entries) => _entries.AddRange(entries);

    internal void Remove(IEnumerable<(Tensor Key, int[] Answer)> entries)
    {
        foreach (var entry in entries) _entries.Remove(entry);
    }

    /// <summary>min over the cache of ‖h̄ - h̄ₑ‖₂.</summary>
    private (Tensor Distance, Tensor Entry)? Nearest(EditBatch batch)
    {
        if (_entries.Count == 0) return null;
        Tensor distances = cdist(Model.Represent(batch), stack(_entries.Select(entry => entry.Key).ToList()));
        (Tensor distance, Tensor entry) = distances.min(1);
        return (distance, entry);
    }

    /// <summary>Gives the places where something is asked the tokens of an answer, one after the other, while it lasts.</summary>
    private static void Say(Tensor logits, Tensor targets, int[] answer)
    {
        if (targets.dim() == 0 || (targets.shape[0] == 1 && logits.dim() == 1))
        {
            // a classifier: one score for each class, or one for yes
            if (logits.shape[0] == 1) logits.fill_(answer[0] == 1 ? Sure : -Sure);
            else logits.zero_()[answer[0]] = Sure;
            return;
        }
        long[] asked = targets.cpu().data<long>().ToArray();
        for (int place = 0, next = 0; place < asked.Length && next < answer.Length; place++)
            if (asked[place] != TokenLabel.Ignored) logits[place].zero_()[answer[next++]] = Sure;
    }

    private static IEnumerable<int[]> Answers(Tensor targets)
    {
        long[] tokens = targets.cpu().data<long>().ToArray();
        return tokens.Chunk(tokens.Length / (int)targets.shape[0]).Select(row => row.Where(token => token != TokenLabel.Ignored).Select(token => (int)token).ToArray());
    }

    /// <summary>Empties the cache.</summary>
    public void Dispose()
    {
        foreach ((Tensor key, _) in _entries) key.Dispose();
        _entries.Clear();
    }
}

/// <summary>Answers in front of a model.</summary>
internal sealed class CachedEdit : EditedModel
{
    private readonly CacheEditor _cache;
    private readonly (Tensor Key, int[] Answer)[] _entries;

    internal CachedEdit(CacheEditor cache, (Tensor Key, int[] Answer)[] entries) : base(cache.Model)
    {
        (_cache, _entries) = (cache, entries);
        cache.Add(entries);
    }

    public override Tensor Logits(EditBatch batch) => _cache.Logits(batch);

    public override IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8) => _cache.Answer(inputs, maxNewTokens);

    internal override bool IsInWeights => false;

    protected override void Write(bool revertible) { }

    protected override void Undo()
    {
        _cache.Remove(_entries);
        foreach ((Tensor key, _) in _entries) key.Dispose();
    }

    protected override void Free() { } // an applied answer stays in the cache
}
