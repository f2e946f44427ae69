namespace NotebookKit.Studies.Data;

/// <summary>
/// Splits running text into sentences. A line is never joined with the next. Within a line a sentence ends at a full stop,
/// question mark or exclamation mark, with the closing quotes and brackets that follow it, when white space and then a
/// capital letter, a digit, or an opening quote or bracket come next. A full stop after an abbreviation
/// (such as "e.g.", "i.e.", "vs.", "Dr.") or after a single capital letter ends nothing.
/// </summary>
public static class Sentences
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "e.g", "i.e", "eg", "ie", "vs", "cf", "etc", "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "vol", "fig", "eq", "sec", "approx", "resp", "jr", "sr", "inc", "ltd", "co", "al",
    };

    /// <summary>The sentences of a text in order, trimmed; empty ones are left out.</summary>
    public static IEnumerable<string> Of(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var start = 0;
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] is not ('.' or '!' or '?')) continue;
                var end = i + 1;
                while (end < line.Length && line[end] is '.' or '!' or '?' or ')' or ']' or '"' or '\'' or '”' or '’' or '»') end++;
                if (end < line.Length && !(char.IsWhiteSpace(line[end]) && StartsSentence(line, end))) continue;
                if (end < line.Length && line[i] == '.' && end == i + 1 && IsAbbreviation(line.AsSpan(start, i - start))) continue;
                if (line[start..end].Trim() is { Length: > 0 } sentence) yield return sentence;
                start = end;
                i = end - 1;
            }
            if (start < line.Length && line[start..].Trim() is { Length: > 0 } rest) yield return rest;
        }
    }

    private static bool StartsSentence(string line, int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at])) at++;
        return at < line.Length && (char.IsUpper(line[at]) || char.IsDigit(line[at]) || line[at] is '"' or '\'' or '“' or '‘' or '«' or '(' or '[');
    }

    /// <summary>Whether the word that ends here is an abbreviation or an initial.</summary>
    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var begin = before.Length;
        while (begin > 0 && (char.IsLetter(before[begin - 1]) || before[begin - 1] == '.')) begin--;
        var word = before[begin..].TrimStart('.');
        if (word.Length == 1 && char.IsUpper(word[0])) return true;
        return Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }
}
