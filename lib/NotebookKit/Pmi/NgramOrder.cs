namespace NotebookKit.Pmi;

/// <summary>
/// The total order of n-grams of one length, best first: the higher score, then the higher count, then the n-gram itself in the order
/// of its code points (which is the order of its UTF-8 bytes). Two correct programs therefore agree on every rank.
/// </summary>
public static class NgramOrder
{
    /// <summary>Compares two texts code point by code point. UTF-16's ordinal order differs: it puts surrogates before U+E000 to U+FFFF.</summary>
    public static int CompareCodePoints(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length.CompareTo(b.Length);
        char x = a[same], y = b[same];
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }
}
