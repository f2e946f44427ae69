namespace NotebookKit.Templates.Language;

/// <summary>The variable <c>loop</c> inside a for block.</summary>
internal sealed class PyLoop(RenderState state, object? iterable, PyIterator items, ForStatement? recursive, Frame? frame, int depth0)
{
    private static readonly object Nothing = new();

    private PyIterator _items = items;
    private long? _length;
    private object? _after = Nothing;
    private object? _before = Nothing;
    private object? _current = Nothing;
    private object?[]? _lastChanged;

    public int Index0 { get; private set; } = -1;

    public long Length
    {
        get
        {
            if (_length is { } known) return known;
            if (iterable is not PyIterator && Ops.TryLength(iterable) is { } length) _length = length;
            else
            {
                var rest = new List<object?>();
                while (_items.Next(out object? item)) rest.Add(item);
                _items = PyIterator.Of(state, new PyList(rest));
                _length = rest.Count + Index0 + 1 + (ReferenceEquals(_after, Nothing) ? 0 : 1);
            }
            return _length.Value;
        }
    }

    public bool MoveNext(out object? item)
    {
        if (!ReferenceEquals(_after, Nothing))
        {
            item = _after;
            _after = Nothing;
        }
        else if (!_items.Next(out item)) return false;
        Index0++;
        _before = _current;
        _current = item;
        return true;
    }

    /// <summary>The loop as an iterable of the items still to come.</summary>
    public PyIterator Rest() => PyIterator.Lazy(state, Items(), "LoopContext");

    private IEnumerable<object?> Items()
    {
        while (MoveNext(out object? item)) yield return new PyTuple([item, this]);
    }

    private object? PeekNext()
    {
        if (ReferenceEquals(_after, Nothing) && _items.Next(out object? item)) _after = item;
        return _after;
    }

    public bool TryAttribute(RenderState _, string name, out object? value)
    {
        value = name switch
        {
            "index" => Boxed.Of((long)Index0 + 1),
            "index0" => Boxed.Of((long)Index0),
            "first" => Boxed.Of(Index0 == 0),
            "last" => Boxed.Of(ReferenceEquals(PeekNext(), Nothing)),
            "length" => Boxed.Of(Length),
            "revindex" => Boxed.Of(Length - Index0),
            "revindex0" => Boxed.Of(Length - Index0 - 1),
            "previtem" => Index0 == 0 ? Undefined.Because("there is no previous item") : _before,
            "nextitem" => PeekNext() is var next && ReferenceEquals(next, Nothing) ? Undefined.Because("there is no next item") : next,
            "depth" => Boxed.Of((long)depth0 + 1),
            "depth0" => Boxed.Of((long)depth0),
            "cycle" => new PyFunction(new Routine("cycle", (_, _, a) => a.Positional.Length > 0
                ? a.Positional[Index0 % a.Positional.Length]
                : throw PythonError.Type("no items for cycling given"))),
            "changed" => new PyFunction(new Routine("changed", (s, _, a) => Boxed.Of(Changed(s, a.Positional)))),
            _ => Routine.Absent,
        };
        return Routine.Given(value);
    }

    private bool Changed(RenderState s, object?[] values)
    {
        if (_lastChanged is not null && Ops.Equal(s, new PyTuple(_lastChanged), new PyTuple(values))) return false;
        _lastChanged = values;
        return true;
    }

    /// <summary><c>loop(items)</c> in a recursive loop: the loop's own output for other items.</summary>
    public object? Call(Arguments arguments)
    {
        if (recursive is null) throw PythonError.Type("The loop must have the 'recursive' marker to be called recursively.");
        if (arguments.Positional is not [var items]) throw PythonError.Type("loop() takes exactly one argument");
        return recursive.RunRecursively(frame!, items, depth0 + 1);
    }
}
