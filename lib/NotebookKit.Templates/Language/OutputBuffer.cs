using System.Buffers;

namespace NotebookKit.Templates.Language;

/// <summary>Growing text with an upper limit, in rented memory.</summary>
internal sealed class OutputBuffer(int limit)
{
    private char[] _chars = []; // rented with the first character
    private int _length;

    public int Length => _length;

    public void Append(char c)
    {
        if (_length == _chars.Length) Grow(1);
        _chars[_length++] = c;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - _length) Grow(text.Length);
        text.CopyTo(_chars.AsSpan(_length));
        _length += text.Length;
    }

    public void Append(long number)
    {
        int written;
        while (!number.TryFormat(_chars.AsSpan(_length), out written, provider: System.Globalization.CultureInfo.InvariantCulture)) Grow(20);
        _length += written;
    }

    /// <summary>The text; the memory goes back, and the buffer must not be used again.</summary>
    public string TakeText()
    {
        string text = _length == 0 ? "" : new string(_chars, 0, _length);
        Discard();
        return text;
    }

    public void Discard()
    {
        if (_chars.Length > 0) ArrayPool<char>.Shared.Return(_chars);
        _chars = [];
        _length = 0;
    }

    private void Grow(int extra)
    {
        if ((long)_length + extra > limit) throw PythonError.Limit($"the output would have more than {limit:N0} characters");
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + extra, Math.Max(512, Math.Min(limit, _length * 2))));
        _chars.AsSpan(0, _length).CopyTo(larger);
        if (_chars.Length > 0) ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }
}
