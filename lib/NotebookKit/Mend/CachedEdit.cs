using static TorchSharp.torch;

namespace NotebookKit.Mend;

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
