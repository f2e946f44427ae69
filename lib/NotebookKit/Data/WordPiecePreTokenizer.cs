using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Data;

/// <summary>BERT's split of a normalized text into words: at white space, with every punctuation character a word of its own.</summary>
/// <remarks>
/// As in BERT, every ASCII character that is neither letter nor digit counts as punctuation, symbols such as <c>$ &lt; = _</c> included.
/// The tokenizer library's own splitter drops the symbols and keeps <c>a_b</c> whole.
/// A special token such as <c>[MASK]</c> that stands in the text stays whole, whatever its case.
/// </remarks>
/// <param name="specialTokens">The tokens to keep whole, such as <c>[MASK]</c>.</param>
public sealed class WordPiecePreTokenizer(IEnumerable<string> specialTokens) : PreTokenizer
{
    private readonly string[] _specialTokens = [.. specialTokens];

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Split(text);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text.ToString());

    private IEnumerable<(int Offset, int Length)> Split(string text)
    {
        int start = 0;
        for (int at = 0; at < text.Length;)
        {
            int special = SpecialTokenAt(text, at);
            int length = 1;
            bool standsAlone = special > 0;
            if (standsAlone) length = special;
            else if (Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                length = rune.Utf16SequenceLength;
                standsAlone = IsPunctuation(rune);
            }
            bool space = char.IsWhiteSpace(text[at]);
            if (space || standsAlone)
            {
                if (at > start) yield return (start, at - start);
                if (standsAlone) yield return (at, length);
                start = at + length;
            }
            at += length;
        }
        if (text.Length > start) yield return (start, text.Length - start);
    }

    private int SpecialTokenAt(string text, int at)
    {
        if (text[at] != '[') return 0;
        foreach (string token in _specialTokens)
            if (string.Compare(text, at, token, 0, token.Length, StringComparison.OrdinalIgnoreCase) == 0) return token.Length;
        return 0;
    }

    /// <summary>Whether BERT treats the character as punctuation, which is a word by itself.</summary>
    internal static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value > ' ' && rune.Value < 0x7f && !Rune.IsLetterOrDigit(rune)
        : Rune.IsPunctuation(rune);
}
