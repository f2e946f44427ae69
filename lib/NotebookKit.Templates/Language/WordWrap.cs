namespace NotebookKit.Templates.Language;

/// <summary>The filter <c>wordwrap</c>, by the rules of Python's <c>textwrap</c>: break at spaces, after hyphens, around dashes.</summary>
internal static class WordWrap
{
    public static string Apply(RenderState state, object? value, object?[] a)
    {
        if (value is Undefined undefined) throw undefined.Failure();
        string text = Ops.TextOf(value) ?? throw PythonError.Type($"'{Ops.TypeName(value)}' object has no attribute 'splitlines'");
        int width = Arithmetic.ToIndex(Routine.Or(a[0], 79L));
        bool breakLong = !Routine.Given(a[1]) || Ops.Truth(a[1]);
        string separator = Routine.Or(a[2], null) is { } given ? Ops.TextOf(given) ?? Printing.Str(state, given) : "\n";
        bool onHyphens = !Routine.Given(a[3]) || Ops.Truth(a[3]);
        state.Charge(text.Length);
        var lines = StringMethods.SplitLines(state, text, keepEnds: false)
            .Select(line => string.Join(separator, Wrap(Chunks(line, onHyphens), width, breakLong, onHyphens)));
        string result = string.Join(separator, lines);
        state.ChargeText(result.Length);
        return result;
    }

    private static List<string> Wrap(List<string> chunks, int width, bool breakLong, bool onHyphens)
    {
        if (width <= 0) throw PythonError.Value($"invalid width {width} (must be > 0)");
        var lines = new List<string>();
        for (int i = 0; i < chunks.Count;)
        {
            var line = new List<string>();
            int length = 0;
            if (lines.Count > 0 && IsBlank(chunks[i])) i++;
            for (; i < chunks.Count && length + CodePoints.Length(chunks[i]) <= width; i++)
            {
                line.Add(chunks[i]);
                length += CodePoints.Length(chunks[i]);
            }
            if (i < chunks.Count && CodePoints.Length(chunks[i]) > width)
            {
                if (breakLong)
                {
                    int end = width - length;
                    if (onHyphens && end > 0)
                    {
                        string head = CodePoints.Substring(chunks[i], 0, end);
                        int hyphen = head.LastIndexOf('-');
                        if (hyphen > 0 && head.AsSpan(0, hyphen).ContainsAnyExcept('-')) end = CodePoints.FromUtf16Index(head, hyphen + 1);
                    }
                    line.Add(CodePoints.Substring(chunks[i], 0, end));
                    chunks[i] = CodePoints.Substring(chunks[i], end, CodePoints.Length(chunks[i]) - end);
                }
                else if (line.Count == 0) line.Add(chunks[i++]);
            }
            if (line.Count > 0 && IsBlank(line[^1])) line.RemoveAt(line.Count - 1);
            if (line.Count > 0) lines.Add(string.Concat(line));
        }
        return lines;
    }

    private static bool IsBlank(string chunk) => chunk.All(UnicodeText.IsSpace);

    /// <summary>The pieces between which a line may end.</summary>
    private static List<string> Chunks(string text, bool onHyphens)
    {
        var chunks = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            if (IsWrapSpace(text[start]))
            {
                while (end < text.Length && IsWrapSpace(text[end])) end++;
            }
            else if (!onHyphens)
            {
                while (end < text.Length && !IsWrapSpace(text[end])) end++;
            }
            else if (start > 0 && IsWordOrPunctuation(text[start - 1]) && DashEnd(text, start) is var dash and > 0) end = dash;
            else
            {
                for (; end < text.Length && !IsWrapSpace(text[end]); end++)
                {
                    if (IsHyphenation(text, end))
                    {
                        end++;
                        break;
                    }
                    if (IsWordOrPunctuation(text[end - 1]) && DashEnd(text, end) > 0) break;
                }
            }
            chunks.Add(text[start..end]);
            start = end;
        }
        return chunks;
    }

    /// <summary>A hyphen between letters, as in <c>well-known</c> or <c>e-mail-like</c>, after which a line may end.</summary>
    private static bool IsHyphenation(string text, int at)
    {
        bool Letter(int i) => i >= 0 && i < text.Length && (char.IsLetter(text[i]) || text[i] == '_');
        bool Hyphen(int i) => i >= 0 && i < text.Length && text[i] == '-';
        return Hyphen(at)
            && ((Letter(at - 1) && Letter(at - 2)) || (Letter(at - 1) && Hyphen(at - 2) && Letter(at - 3)))
            && Letter(at + 1) && (Letter(at + 2) || (Hyphen(at + 2) && Letter(at + 3)));
    }

    /// <summary>End of a dash of two or more hyphens with a word after it, or 0.</summary>
    private static int DashEnd(string text, int at)
    {
        int end = at;
        while (end < text.Length && text[end] == '-') end++;
        return end - at >= 2 && end < text.Length && IsWord(text[end]) ? end : 0;
    }

    private static bool IsWrapSpace(char c) => c is ' ' or (>= '\t' and <= '\r');

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsWordOrPunctuation(char c) => IsWord(c) || c is '!' or '"' or '\'' or '&' or '.' or ',' or '?';
}
