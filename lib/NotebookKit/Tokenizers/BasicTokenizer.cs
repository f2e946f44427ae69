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
/// <item>Uncased: simple invariant lower-casing, then Unicode's canonical decomposition without the code points of the category Mn: é becomes e,
/// a Hangul syllable its letters. Cased: the canonical composition (NFC). So a text has the same tokens however its accents and syllables were written.</item>
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
        Span<Rune> parts = stackalloc Rune[MaxParts];
        foreach (var rune in Compose(text))
        {
            if (IsSpace(rune))
            {
                Close(word, tokens);
                continue;
            }
            foreach (var kept in parts[..Normalize(rune, parts)])
            {
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
        }
        Close(word, tokens);
        return tokens;
    }

    /// <summary>The most code points that <see cref="Normalize"/> gives.</summary>
    public const int MaxParts = 4;

    /// <summary>The code points of a text, composed (NFC) when the tokenizer is cased, so that <see cref="Normalize"/> can take them one by one.</summary>
    public IReadOnlyList<Rune> Compose(ReadOnlySpan<char> text)
    {
        List<Rune> runes = new(text.Length);
        foreach (var rune in text.EnumerateRunes()) runes.Add(rune);
        Compose(runes);
        return runes;
    }

    /// <summary>Composes the code points of a text in place when the tokenizer is cased.</summary>
    public void Compose(List<Rune> text)
    {
        if (!Lowercase) CanonicalForm.Compose(text);
    }

    /// <summary>Whether a token, as <see cref="Tokenize"/> makes them, is a punctuation mark.</summary>
    public static bool IsPunctuation(string token) =>
        Rune.TryGetRuneAt(token, 0, out var first) && IsPunctuation(first);

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

    /// <summary>What a code point that is no separator becomes inside a token.</summary>
    /// <param name="rune">A code point of a composed text.</param>
    /// <param name="kept">Room for <see cref="MaxParts"/>.</param>
    /// <returns>How many code points it becomes; 0 when it is dropped.</returns>
    public int Normalize(Rune rune, Span<Rune> kept)
    {
        kept[0] = rune;
        if (rune.IsAscii)
        {
            if (rune.Value is < ' ' or 0x7F) return 0;
            if (Lowercase && rune.Value is >= 'A' and <= 'Z') kept[0] = new Rune(rune.Value | 0x20);
            return 1;
        }
        if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format) return 0;
        if (!Lowercase) return 1;
        int parts = CanonicalForm.Decompose(Rune.ToLowerInvariant(rune), kept), letters = 0;
        // Lower-cased again: İ has no lower case of its own that is one code point.
        for (int i = 0; i < parts; i++)
            if (Rune.GetUnicodeCategory(kept[i]) is not UnicodeCategory.NonSpacingMark) kept[letters++] = Rune.ToLowerInvariant(kept[i]);
        return letters;
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
