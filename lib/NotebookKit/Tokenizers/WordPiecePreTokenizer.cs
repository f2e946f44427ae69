using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Tokenizers;

/// <summary>
/// <see cref="BasicTokenizer"/>'s split of a normalized text into words and punctuation marks, in the form that the tokenizer library takes.
/// A special token such as <c>[MASK]</c> that stands in the text stays whole, whatever its case.
/// </summary>
/// <remarks>The library has one of its own, but that one drops the symbols (<c>$ &lt; = ></c>) and keeps <c>a_b</c> whole.</remarks>
/// <param name="specialTokens">The tokens to keep whole, such as <c>[MASK]</c>.</param>
public sealed class WordPiecePreTokenizer(IEnumerable<string> specialTokens) : PreTokenizer
{
    private readonly string[] _specialTokens = [.. specialTokens];

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        int start = 0;
        for (int at = 0, length; at < text.Length; at += length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
            int special = SpecialTokenAt(text, at);
            if (special > 0) length = special;
            bool standsAlone = special > 0 || BasicTokenizer.StandsAlone(rune);
            if (!standsAlone && !BasicTokenizer.IsSpace(rune)) continue;
            if (at > start) yield return (start, at - start);
            if (standsAlone) yield return (at, length);
            start = at + length;
        }
        if (text.Length > start) yield return (start, text.Length - start);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private int SpecialTokenAt(string text, int at)
    {
        if (text[at] != '[') return 0;
        foreach (string token in _specialTokens)
            if (string.Compare(text, at, token, 0, token.Length, StringComparison.OrdinalIgnoreCase) == 0) return token.Length;
        return 0;
    }
}
