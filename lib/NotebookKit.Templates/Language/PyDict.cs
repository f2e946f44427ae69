namespace NotebookKit.Templates.Language;

/// <summary>
/// A dictionary in order of insertion, with Python's keys: any hashable value, and <c>1 == 1.0 == True</c> is one key. Up to
/// eight entries are searched in a row; beyond that an open hash table points at the entries.
/// </summary>
internal sealed class PyDict
{
    private const int Linear = 8;
    private static readonly object Deleted = new();

    private object?[] _keys;
    private object?[] _values;
    private int[]? _table; // entry number + 1, or 0
    private int _used;

    public PyDict(int capacity = 4)
    {
        _keys = new object?[capacity];
        _values = new object?[capacity];
    }

    public int Count { get; private set; }

    /// <summary>Whether this belongs to an example and must not change.</summary>
    public bool Frozen { get; init; }

    /// <summary>Number of entry slots in use, deleted ones included; walk them with <see cref="TryEntry"/>.</summary>
    public int Slots => _used;

    public bool TryEntry(int slot, out object? key, out object? value)
    {
        key = _keys[slot];
        value = _values[slot];
        return !ReferenceEquals(key, Deleted);
    }

    public IEnumerable<KeyValuePair<object?, object?>> Entries
    {
        get
        {
            for (int i = 0; i < _used; i++)
            {
                if (TryEntry(i, out object? key, out object? value)) yield return new(key, value);
            }
        }
    }

    public bool TryGet(RenderState state, object? key, out object? value)
    {
        int slot = Find(state, key);
        value = slot < 0 ? null : _values[slot];
        return slot >= 0;
    }

    /// <summary>Look-up by name without Python's equality: attributes, variables.</summary>
    public bool TryGet(string key, out object? value)
    {
        if (_table is null)
        {
            for (int i = 0; i < _used; i++)
            {
                if (_keys[i] is string text && text == key)
                {
                    value = _values[i];
                    return true;
                }
            }
        }
        else
        {
            for (int probe = Ops.HashText(key) & (_table.Length - 1); _table[probe] != 0; probe = (probe + 1) & (_table.Length - 1))
            {
                int slot = _table[probe] - 1;
                if (_keys[slot] is string text && text == key)
                {
                    value = _values[slot];
                    return true;
                }
            }
        }
        value = null;
        return false;
    }

    public void Set(RenderState state, object? key, object? value)
    {
        int slot = Find(state, key);
        if (slot >= 0)
        {
            _values[slot] = value;
            return;
        }
        state.Charge(1);
        if (_used == _keys.Length) MakeRoom(state);
        _keys[_used] = key;
        _values[_used] = value;
        _used++;
        Count++;
        if (_table is not null && _used * 2 <= _table.Length) Insert(_table, Ops.Hash(state, key), _used - 1);
        else if (_used > Linear) Rebuild(state);
    }

    public bool Remove(RenderState state, object? key, out object? value)
    {
        int slot = Find(state, key);
        value = slot < 0 ? null : _values[slot];
        if (slot < 0) return false;
        _keys[slot] = Deleted;
        _values[slot] = null;
        Count--;
        if (Count == 0) Clear();
        return true;
    }

    public void Clear()
    {
        _keys = new object?[4];
        _values = new object?[4];
        _table = null;
        _used = 0;
        Count = 0;
    }

    public PyDict Copy(RenderState state, bool frozen = false)
    {
        state.Charge(Count);
        var copy = new PyDict(Math.Max(4, Count + 1)) { Frozen = frozen };
        foreach (var (key, value) in Entries)
        {
            copy._keys[copy._used] = key;
            copy._values[copy._used++] = value;
        }
        copy.Count = copy._used;
        if (copy._used > Linear) copy.Rebuild(state);
        return copy;
    }

    private int Find(RenderState state, object? key)
    {
        if (_table is null)
        {
            if (key is string text)
            {
                for (int i = 0; i < _used; i++)
                {
                    if (_keys[i] is string candidate ? candidate == text : _keys[i] is PyMarkup markup && markup.Text == text) return i;
                }
                return -1;
            }
            Ops.Hash(state, key); // refuses keys that cannot be hashed
            for (int i = 0; i < _used; i++)
            {
                if (!ReferenceEquals(_keys[i], Deleted) && Ops.Same(state, _keys[i], key)) return i;
            }
            return -1;
        }
        for (int probe = Ops.Hash(state, key) & (_table.Length - 1); _table[probe] != 0; probe = (probe + 1) & (_table.Length - 1))
        {
            int slot = _table[probe] - 1;
            if (ReferenceEquals(_keys[slot], Deleted)) continue;
            state.Charge(1);
            if (Ops.Same(state, _keys[slot], key)) return slot;
        }
        return -1;
    }

    private void MakeRoom(RenderState state)
    {
        if (Count <= _used / 2)
        {
            int kept = 0;
            for (int i = 0; i < _used; i++)
            {
                if (ReferenceEquals(_keys[i], Deleted)) continue;
                _keys[kept] = _keys[i];
                _values[kept++] = _values[i];
            }
            Array.Clear(_keys, kept, _used - kept);
            Array.Clear(_values, kept, _used - kept);
            _used = kept;
            if (_table is not null) Rebuild(state);
            return;
        }
        Array.Resize(ref _keys, _used * 2);
        Array.Resize(ref _values, _used * 2);
    }

    private void Rebuild(RenderState state)
    {
        int[] table = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_used * 4)];
        state.Charge(_used);
        for (int i = 0; i < _used; i++)
        {
            if (!ReferenceEquals(_keys[i], Deleted)) Insert(table, Ops.Hash(state, _keys[i]), i);
        }
        _table = table;
    }

    private static void Insert(int[] table, int hash, int slot)
    {
        int probe = hash & (table.Length - 1);
        while (table[probe] != 0) probe = (probe + 1) & (table.Length - 1);
        table[probe] = slot + 1;
    }
}
