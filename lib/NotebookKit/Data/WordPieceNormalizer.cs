using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Data;

/// <summary>
/// BERT's clean-up of a text before it is split into words: control characters go, every white space becomes a space,
/// CJK ideographs stand alone, and letters are lower-cased and lose their accents if so wished.
/// </summary>
/// <remarks>
/// The tokenizer library has one of its own, but that one deletes tabs and line ends, which glues the words around them together.
/// Source: BERT (Devlin et al. 2019), the basic tokenization of its released code.
/// </remarks>
/// <param name="lowerCase">Lower-case every letter (an uncased model).</param>
/// <param name="stripAccents">
/// Remove combining marks, and the accents of Latin, Greek and Cyrillic letters; BERT does both or neither. (BERT decomposes the
/// other scripts too, Hangul for instance, which is left whole here.)
/// </param>
public sealed class WordPieceNormalizer(bool lowerCase = true, bool stripAccents = true) : Normalizer
{
    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        var clean = new StringBuilder(original.Length + 8);
        foreach (Rune rune in original.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            else if (rune == Rune.ReplacementChar || IsControl(rune)) continue;
            else if (IsCjkIdeograph(rune.Value)) clean.Append(' ').Append(rune.ToString()).Append(' ');
            else if (!stripAccents || Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                Rune letter = stripAccents ? new(WordPieceAccents.BaseOf(rune.Value)) : rune;
                clean.Append((lowerCase ? Rune.ToLowerInvariant(letter) : letter).ToString());
            }
        }
        return clean.ToString();
    }

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    // The blocks of Chinese ideographs; Hangul, Hiragana and Katakana are written in words and are not among them.
    private static bool IsCjkIdeograph(int c) =>
        c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF)
          or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
