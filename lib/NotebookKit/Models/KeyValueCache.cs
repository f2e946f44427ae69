using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>The attention keys and values of earlier tokens, one pair a layer, each [batch, heads, time, width].</summary>
internal sealed class KeyValueCache(int layers) : IDisposable
{
    private readonly (Tensor Key, Tensor Value)?[] _layers = new (Tensor, Tensor)?[layers];

    /// <summary>How many tokens are held.</summary>
    internal long Length => _layers[0]?.Key.shape[2] ?? 0;

    internal (Tensor Key, Tensor Value)? this[int layer] => _layers[layer];

    /// <summary>Adds the keys and values of new tokens and returns those of all.</summary>
    internal (Tensor Key, Tensor Value) Extend(int layer, Tensor key, Tensor value)
    {
        if (_layers[layer] is { } held)
        {
            (key, value) = (cat([held.Key, key], 2), cat([held.Value, value], 2));
            Dispose(layer);
        }
        _layers[layer] = (key.DetachFromDisposeScope(), value.DetachFromDisposeScope());
        return (key, value);
    }

    /// <summary>Keeps, for each index in <paramref name="rows"/>, that row of the batch; a row may be wanted several times.</summary>
    internal void SelectRows(Tensor rows)
    {
        for (int layer = 0; layer < _layers.Length; layer++)
            if (_layers[layer] is { } held)
            {
                var chosen = (held.Key.index_select(0, rows).DetachFromDisposeScope(), held.Value.index_select(0, rows).DetachFromDisposeScope());
                Dispose(layer);
                _layers[layer] = chosen;
            }
    }

    private void Dispose(int layer)
    {
        _layers[layer]?.Key.Dispose();
        _layers[layer]?.Value.Dispose();
        _layers[layer] = null;
    }

    public void Dispose()
    {
        for (int layer = 0; layer < _layers.Length; layer++) Dispose(layer);
    }
}
