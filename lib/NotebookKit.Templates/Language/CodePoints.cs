using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>
/// Strings counted and cut by Unicode code point, as Python does. Text without surrogates, which is nearly all text, is
/// recognised by a vectorised scan and handled by UTF-16 index.
/// </summary>
internal static class CodePoints
{
    private static readonly string[] Single = [.. Enumerable.Range(0, 256).Select(c => ((char)c).ToString())];

    public static bool HasSurrogates(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    public static int Length(string text)
    {
        if (!HasSurrogates(text)) return text.Length;
        int count = 0;
        for (int i = 0; i < text.Length; i += Width(text, i)) count++;
        return count;
    }

    public static int Width(string text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;

    public static int At(string text, int index) =>
        Width(text, index) == 2 ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];

    public static IEnumerable<int> Of(string text)
    {
        for (int i = 0; i < text.Length; i += Width(text, i)) yield return At(text, i);
    }

    public static int[] ToArray(string text)
    {
        int[] points = new int[Length(text)];
        for (int i = 0, n = 0; n < points.Length; i += Width(text, i)) points[n++] = At(text, i);
        return points;
    }

    /// <summary>UTF-16 index of a code point index (which may be the length).</summary>
    public static int Utf16Index(string text, int codePointIndex)
    {
        int i = 0;
        for (; codePointIndex > 0; codePointIndex--) i += Width(text, i);
        return i;
    }

    /// <summary>Code point index of a UTF-16 index.</summary>
    public static int FromUtf16Index(string text, int utf16Index)
    {
        int n = 0;
        for (int i = 0; i < utf16Index; i += Width(text, i)) n++;
        return n;
    }

    public static string Character(string text, int utf16Index) =>
        Width(text, utf16Index) == 2 ? text.Substring(utf16Index, 2) : Character(text[utf16Index]);

    public static string Character(char c) => c < 256 ? Single[c] : c.ToString();

    /// <summary>The substring of <paramref name="count"/> code points from code point <paramref name="start"/>.</summary>
    public static string Substring(string text, int start, int count)
    {
        if (count <= 0) return "";
        if (!HasSurrogates(text)) return text.Substring(start, count);
        int from = Utf16Index(text, start);
        int to = from;
        for (; count > 0; count--) to += Width(text, to);
        return text[from..to];
    }

    public static void Append(StringBuilder builder, int codePoint)
    {
        if (codePoint < 0x10000) builder.Append((char)codePoint);
        else builder.Append(char.ConvertFromUtf32(codePoint));
    }

    public static string FromArray(ReadOnlySpan<int> points)
    {
        var builder = new StringBuilder(points.Length);
        foreach (int point in points) Append(builder, point);
        return builder.ToString();
    }

    /// <summary>Order by code point; UTF-16 order differs where surrogates meet the characters above them.</summary>
    public static int Compare(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length - right.Length;
        char a = left[common];
        char b = right[common];
        if (char.IsSurrogate(a) != char.IsSurrogate(b) && a >= 0xD800 && b >= 0xD800) return char.IsSurrogate(a) ? 1 : -1;
        return a - b;
    }
}
