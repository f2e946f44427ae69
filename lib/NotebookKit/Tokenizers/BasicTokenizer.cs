using System.Globalization;
using System.Text;

namespace NotebookKit.Tokenizers;

/// <summary>
/// BERT's basic tokenisation: text into words and punctuation marks, before any word is cut into pieces (Devlin et al. 2019).
/// </summary>
/// <remarks>
/// Exactly, code point by code point:
/// <list type="number">
/// <item>U+0000, U+FFFD and the categories Cc and Cf are dropped, except tab, line feed and carriage return. A lone surrogate counts as U+FFFD.</item>
/// <item>Tab, line feed, carriage return and the categories Zs, Zl and Zp separate tokens.</item>
/// <item>Each CJK ideograph (the eight blocks that BERT lists) is a token of its own.</item>
/// <item>Uncased only: simple invariant lower-casing, then the accent goes (é becomes e) and code points of the category Mn are dropped.
/// <see cref="BaseLetters"/> says where this departs from Unicode's canonical decomposition.</item>
/// <item>Each punctuation mark (<see cref="IsPunctuation(Rune)"/>) is a token of its own: <c>don't</c> gives <c>don ' t</c>.</item>
/// </list>
/// The result does not depend on the host's culture or its globalization mode.
/// </remarks>
public sealed class BasicTokenizer
{
    /// <summary>A tokenizer.</summary>
    /// <param name="lowercase">True for an uncased model (the paper's): lower-case and without accents.</param>
    public BasicTokenizer(bool lowercase = true) => Lowercase = lowercase;

    /// <summary>Whether text is lower-cased and its accents are stripped.</summary>
    public bool Lowercase { get; }

    /// <summary>The tokens of a text, in order.</summary>
    public List<string> Tokenize(ReadOnlySpan<char> text)
    {
        List<string> tokens = [];
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                Close(word, tokens);
                continue;
            }
            if (Normalize(rune) is not { } kept) continue;
            if (StandsAlone(kept))
            {
                Close(word, tokens);
                tokens.Add(kept.ToString());
            }
            else
            {
                word.Append(kept);
            }
        }
        Close(word, tokens);
        return tokens;
    }

    /// <summary>Whether a token, as <see cref="Tokenize"/> makes them, is a punctuation mark.</summary>
    public static bool IsPunctuation(string token) =>
        Rune.TryGetRuneAt(token, 0, out Rune first) && IsPunctuation(first);

    /// <summary>
    /// Whether a code point is punctuation: every printable ASCII character that is no letter, digit or space (so also <c>$ + &lt; = &gt; ^ ` | ~</c>),
    /// and the Unicode categories P*.
    /// </summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    /// <summary>Whether a code point separates tokens.</summary>
    public static bool IsSpace(Rune rune) => rune.IsAscii
        ? rune.Value is ' ' or '\t' or '\n' or '\r'
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Whether a code point, already normalised, is a token of its own: a punctuation mark or a CJK ideograph.</summary>
    public static bool StandsAlone(Rune rune) => IsPunctuation(rune) || IsIdeograph(rune.Value);

    /// <summary>What a code point that is no separator becomes inside a token, or null when it is dropped.</summary>
    public Rune? Normalize(Rune rune)
    {
        if (rune.IsAscii)
        {
            if (rune.Value is < ' ' or 0x7F) return null;
            return Lowercase && rune.Value is >= 'A' and <= 'Z' ? new Rune(rune.Value | 0x20) : rune;
        }
        if (rune == Rune.ReplacementChar) return null;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format) return null;
        if (!Lowercase) return rune;
        Rune letter = new(BaseLetters.Of(Rune.ToLowerInvariant(rune).Value));
        return Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark ? null : letter;
    }

    private static bool IsIdeograph(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or
        (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static void Close(StringBuilder word, List<string> tokens)
    {
        if (word.Length == 0) return;
        tokens.Add(word.ToString());
        word.Clear();
    }
}
