using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace NotebookKit.Templates.Language;

/// <summary>
/// Python's view of characters where .NET's differs: which are spaces, which are printable, and case mapping by Unicode's full
/// tables (<c>ß</c> becomes <c>SS</c>) instead of one character for one.
/// </summary>
internal static class UnicodeText
{
    // Unicode's SpecialCasing: characters whose upper case is several characters.
    private const string LongUpperCase =
        "00DF=0053+0053 0149=02BC+004E 01F0=004A+030C 0390=0399+0308+0301 03B0=03A5+0308+0301 0587=0535+0552 1E96=0048+0331 1E97=0054+0308 " +
        "1E98=0057+030A 1E99=0059+030A 1E9A=0041+02BE 1F50=03A5+0313 1F52=03A5+0313+0300 1F54=03A5+0313+0301 1F56=03A5+0313+0342 " +
        "1F80=1F08+0399 1F81=1F09+0399 1F82=1F0A+0399 1F83=1F0B+0399 1F84=1F0C+0399 1F85=1F0D+0399 1F86=1F0E+0399 1F87=1F0F+0399 " +
        "1F88=1F08+0399 1F89=1F09+0399 1F8A=1F0A+0399 1F8B=1F0B+0399 1F8C=1F0C+0399 1F8D=1F0D+0399 1F8E=1F0E+0399 1F8F=1F0F+0399 " +
        "1F90=1F28+0399 1F91=1F29+0399 1F92=1F2A+0399 1F93=1F2B+0399 1F94=1F2C+0399 1F95=1F2D+0399 1F96=1F2E+0399 1F97=1F2F+0399 " +
        "1F98=1F28+0399 1F99=1F29+0399 1F9A=1F2A+0399 1F9B=1F2B+0399 1F9C=1F2C+0399 1F9D=1F2D+0399 1F9E=1F2E+0399 1F9F=1F2F+0399 " +
        "1FA0=1F68+0399 1FA1=1F69+0399 1FA2=1F6A+0399 1FA3=1F6B+0399 1FA4=1F6C+0399 1FA5=1F6D+0399 1FA6=1F6E+0399 1FA7=1F6F+0399 " +
        "1FA8=1F68+0399 1FA9=1F69+0399 1FAA=1F6A+0399 1FAB=1F6B+0399 1FAC=1F6C+0399 1FAD=1F6D+0399 1FAE=1F6E+0399 1FAF=1F6F+0399 " +
        "1FB2=1FBA+0399 1FB3=0391+0399 1FB4=0386+0399 1FB6=0391+0342 1FB7=0391+0342+0399 1FBC=0391+0399 1FC2=1FCA+0399 1FC3=0397+0399 " +
        "1FC4=0389+0399 1FC6=0397+0342 1FC7=0397+0342+0399 1FCC=0397+0399 1FD2=0399+0308+0300 1FD3=0399+0308+0301 1FD6=0399+0342 " +
        "1FD7=0399+0308+0342 1FE2=03A5+0308+0300 1FE3=03A5+0308+0301 1FE4=03A1+0313 1FE6=03A5+0342 1FE7=03A5+0308+0342 1FF2=1FFA+0399 " +
        "1FF3=03A9+0399 1FF4=038F+0399 1FF6=03A9+0342 1FF7=03A9+0342+0399 1FFC=03A9+0399 FB00=0046+0046 FB01=0046+0049 FB02=0046+004C " +
        "FB03=0046+0046+0049 FB04=0046+0046+004C FB05=0053+0054 FB06=0053+0054 FB13=0544+0546 FB14=0544+0535 FB15=0544+053B FB16=054E+0546 " +
        "FB17=0544+053D";

    // Unihan's numerals, which .NET's tables of numeric values leave out.
    private const string Ideographs =
        "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍" +
        "弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零參拾兩零六陸什";

    private static readonly FrozenDictionary<int, string> LongUpper = LongUpperCase.Split(' ').ToFrozenDictionary(
        entry => int.Parse(entry.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        entry => string.Concat(entry[5..].Split('+').Select(code => (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    public static bool IsSpace(char c) => c < 128 ? c is ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f') : char.IsWhiteSpace(c);

    public static bool IsLineEnd(char c) =>
        c is (>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';

    public static bool IsPrintable(int codePoint)
    {
        if (codePoint < 127) return codePoint >= 32;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
    }

    public static string Upper(string text)
    {
        if (Ascii.IsValid(text)) return text.ToUpperInvariant();
        var result = new StringBuilder(text.Length + 8);
        foreach (int c in CodePoints.Of(text)) AppendUpper(result, c);
        return result.ToString();
    }

    public static string Lower(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var result = new StringBuilder(text.Length + 8);
        int[] points = CodePoints.ToArray(text);
        for (int i = 0; i < points.Length; i++) AppendLower(result, points, i);
        return result.ToString();
    }

    /// <summary>First character in title case, the rest in lower case.</summary>
    public static string Capitalize(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        int[] points = CodePoints.ToArray(text);
        for (int i = 0; i < points.Length; i++)
        {
            if (i == 0) AppendTitle(result, points[0]);
            else AppendLower(result, points, i);
        }
        return result.ToString();
    }

    /// <summary>Python's <c>str.title</c>: title case after every character that has no case.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        int[] points = CodePoints.ToArray(text);
        bool afterCased = false;
        for (int i = 0; i < points.Length; i++)
        {
            if (afterCased) AppendLower(result, points, i);
            else AppendTitle(result, points[i]);
            afterCased = IsCased(points[i]);
        }
        return result.ToString();
    }

    public static string SwapCase(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        int[] points = CodePoints.ToArray(text);
        for (int i = 0; i < points.Length; i++)
        {
            if (IsUpper(points[i])) AppendLower(result, points, i);
            else if (IsLower(points[i])) AppendUpper(result, points[i]);
            else CodePoints.Append(result, points[i]);
        }
        return result.ToString();
    }

    /// <summary>For comparison without case: the lower case of the upper case, but for the characters that Unicode folds otherwise.</summary>
    public static string CaseFold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var result = new StringBuilder(text.Length + 8);
        foreach (int c in CodePoints.Of(text))
        {
            switch (c)
            {
                case 0x131 or (>= 0x13A0 and <= 0x13F5): CodePoints.Append(result, c); break;
                case >= 0x13F8 and <= 0x13FD: CodePoints.Append(result, c - 8); break;
                case >= 0xAB70 and <= 0xABBF: CodePoints.Append(result, c - 0xAB70 + 0x13A0); break; // Cherokee folds to capitals
                case 0x1E9E: result.Append("ss"); break;
                default: result.Append(Lower(Upper(CodePoints.FromArray([c]))).Replace('\u03c2', '\u03c3')); break;
            }
        }
        return result.ToString();
    }

    public static bool IsUpper(int c) => c < 128
        ? c is >= 'A' and <= 'Z'
        : CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter || IsOtherUpper(c);

    public static bool IsLower(int c) => c < 128
        ? c is >= 'a' and <= 'z'
        : CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter || IsOtherLower(c);

    public static bool IsTitle(int c) => c >= 128 && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    public static bool IsCased(int c) => IsUpper(c) || IsLower(c) || IsTitle(c);

    public static bool IsAlpha(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDecimal(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(int c) => c < 128 ? c is >= '0' and <= '9' : CodePointDigit(c) >= 0;

    public static bool IsNumeric(int c) => c < 128 ? c is >= '0' and <= '9'
        : CodePointNumber(c) != -1 || IsDigit(c) || (c is >= 0x3400 and < 0x10000 && Ideographs.Contains((char)c));

    private static double CodePointNumber(int c) => CharUnicodeInfo.GetNumericValue(char.IsSurrogate((char)c) && c < 0x10000 ? "x" : char.ConvertFromUtf32(c), 0);

    private static int CodePointDigit(int c) => c is >= 0xD800 and < 0xE000 ? -1 : CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(c), 0);

    // The derived properties Other_Uppercase and Other_Lowercase of Unicode.
    private static bool IsOtherUpper(int c) => c is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF) or (>= 0x1F130 and <= 0x1F149)
        or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    private static bool IsOtherLower(int c) => c is 0xAA or 0xBA or (>= 0x2B0 and <= 0x2B8) or 0x2C0 or 0x2C1 or (>= 0x2E0 and <= 0x2E4) or 0x345
        or 0x37A or (>= 0x1D2C and <= 0x1D6A) or 0x1D78 or (>= 0x1D9B and <= 0x1DBF) or 0x2071 or 0x207F or (>= 0x2090 and <= 0x209C)
        or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9) or 0x2C7C or 0x2C7D or 0xA69C or 0xA69D or 0xA770 or 0xA7F8 or 0xA7F9
        or (>= 0xAB5C and <= 0xAB5F) or 0x10780 or (>= 0x10783 and <= 0x10785) or (>= 0x10787 and <= 0x107B0) or (>= 0x107B2 and <= 0x107BA);

    private static void AppendUpper(StringBuilder result, int c)
    {
        if (c >= 128 && LongUpper.TryGetValue(c, out string? several)) result.Append(several);
        else CodePoints.Append(result, SimpleUpper(c));
    }

    private static int SimpleUpper(int c) => c switch
    {
        0x131 => 'I',
        0x17F => 'S',
        0x1C5 or 0x1C8 or 0x1CB or 0x1F2 => c - 1,
        >= 0xD800 and < 0xE000 => c,
        _ => Rune.ToUpperInvariant(new Rune(c)).Value,
    };

    private static void AppendTitle(StringBuilder result, int c)
    {
        switch (c)
        {
            case >= 0x1C4 and <= 0x1CC: CodePoints.Append(result, c <= 0x1C6 ? 0x1C5 : c <= 0x1C9 ? 0x1C8 : 0x1CB); break;
            case >= 0x1F1 and <= 0x1F3: CodePoints.Append(result, 0x1F2); break;
            case >= 0x10D0 and <= 0x10FF: CodePoints.Append(result, c); break; // Georgian has no title case
            case >= 0x1F80 and <= 0x1FAF: CodePoints.Append(result, c | 8); break; // iota subscript stays a subscript
            case 0x1FB3 or 0x1FBC: result.Append('\u1FBC'); break;
            case 0x1FC3 or 0x1FCC: result.Append('\u1FCC'); break;
            case 0x1FF3 or 0x1FFC: result.Append('\u1FFC'); break;
            case 0x1FB7 or 0x1FC7 or 0x1FF7: result.Append(LongUpper[c][0]).Append("\u0342\u0345"); break;
            case 0x1FB2 or 0x1FC2 or 0x1FF2 or 0x1FB4 or 0x1FC4 or 0x1FF4: result.Append(LongUpper[c][0]).Append('\u0345'); break;
            case 0xDF or 0x587 or (>= 0xFB00 and <= 0xFB17) when LongUpper.TryGetValue(c, out string? several):
                result.Append(several[0]).Append(Lower(several[1..]));
                break;
            default: AppendUpper(result, c); break;
        }
    }

    private static void AppendLower(StringBuilder result, int[] points, int index)
    {
        int c = points[index];
        switch (c)
        {
            case 0x130: result.Append("i\u0307"); break;
            case 0x3A3: result.Append(IsFinalSigma(points, index) ? '\u03C2' : '\u03C3'); break;
            case 0x1C5 or 0x1C8 or 0x1CB or 0x1F2: CodePoints.Append(result, c + 1); break;
            case 0x1E9E: result.Append('\u00DF'); break;
            case 0x2126: result.Append('\u03C9'); break;
            case 0x212A: result.Append('k'); break;
            case 0x212B: result.Append('\u00E5'); break;
            case >= 0xD800 and < 0xE000: result.Append((char)c); break;
            default: CodePoints.Append(result, Rune.ToLowerInvariant(new Rune(c)).Value); break;
        }
    }

    /// <summary>A sigma after a cased letter and before none, looking past marks such as apostrophes.</summary>
    private static bool IsFinalSigma(int[] points, int index)
    {
        int before = index - 1;
        while (before >= 0 && IsCaseIgnorable(points[before])) before--;
        if (before < 0 || !IsCased(points[before])) return false;
        int after = index + 1;
        while (after < points.Length && IsCaseIgnorable(points[after])) after++;
        return after == points.Length || !IsCased(points[after]);
    }

    private static bool IsCaseIgnorable(int c) => c is '\'' or '.' or ':' or '^' or '`' or 0xA8 or 0xAD or 0xAF or 0xB4 or 0xB7 or 0xB8 or 0x2018 or 0x2019 or 0x2024 or 0x2027
        || (c >= 128 && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol);
}
