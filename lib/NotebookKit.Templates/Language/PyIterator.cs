namespace NotebookKit.Templates.Language;

/// <summary>
/// One pass over a value. Lists are followed by position, so that items appended inside a loop are seen, as in Python; lazy filters
/// (<c>map</c>, <c>select</c>, ...) and <c>zip</c> are values of this type themselves.
/// </summary>
internal abstract class PyIterator(RenderState state, string typeName)
{
    public string TypeName { get; } = typeName;

    public bool Next(out object? item)
    {
        state.Charge(1);
        return Advance(out item);
    }

    protected abstract bool Advance(out object? item);

    public static PyIterator Of(RenderState state, PyList list) => new ListIterator(state, list);

    public static PyIterator Of(RenderState state, object?[] items) => new ArrayIterator(state, items);

    public static PyIterator Of(RenderState state, string text) => new TextIterator(state, text);

    public static PyIterator Of(RenderState state, PyRange range) => new RangeIterator(state, range);

    public static PyIterator Of(RenderState state, PyDict dict, DictView? view = null) => new DictIterator(state, dict, view);

    public static PyIterator Lazy(RenderState state, IEnumerable<object?> items, string typeName = "generator") =>
        new LazyIterator(state, items.GetEnumerator(), typeName);

    private sealed class ListIterator(RenderState state, PyList list) : PyIterator(state, "list_iterator")
    {
        private int _next;

        protected override bool Advance(out object? item)
        {
            if (_next < list.Items.Count)
            {
                item = list.Items[_next++];
                return true;
            }
            _next = int.MaxValue; // once exhausted, always exhausted
            item = null;
            return false;
        }
    }

    private sealed class ArrayIterator(RenderState state, object?[] items) : PyIterator(state, "tuple_iterator")
    {
        private int _next;

        protected override bool Advance(out object? item)
        {
            bool more = _next < items.Length;
            item = more ? items[_next++] : null;
            return more;
        }
    }

    private sealed class TextIterator(RenderState state, string text) : PyIterator(state, "str_iterator")
    {
        private int _next;

        protected override bool Advance(out object? item)
        {
            if (_next >= text.Length)
            {
                item = null;
                return false;
            }
            string character = CodePoints.Character(text, _next);
            _next += character.Length;
            item = character;
            return true;
        }
    }

    private sealed class RangeIterator(RenderState state, PyRange range) : PyIterator(state, "range_iterator")
    {
        private System.Numerics.BigInteger _next;

        protected override bool Advance(out object? item)
        {
            bool more = _next < range.Count;
            item = more ? range.At(_next) : null;
            if (more) _next++;
            return more;
        }
    }

    private sealed class DictIterator(RenderState state, PyDict dict, DictView? view) : PyIterator(state, "dict_keyiterator")
    {
        private readonly int _count = dict.Count;
        private int _slot;

        protected override bool Advance(out object? item)
        {
            if (dict.Count != _count) throw PythonError.Runtime("dictionary changed size during iteration");
            while (_slot < dict.Slots)
            {
                if (!dict.TryEntry(_slot++, out object? key, out object? value)) continue;
                item = view is null ? key : view.Select(key, value);
                return true;
            }
            item = null;
            return false;
        }
    }

    private sealed class LazyIterator(RenderState state, IEnumerator<object?> items, string typeName) : PyIterator(state, typeName)
    {
        protected override bool Advance(out object? item)
        {
            bool more = items.MoveNext();
            item = more ? items.Current : null;
            return more;
        }
    }
}
