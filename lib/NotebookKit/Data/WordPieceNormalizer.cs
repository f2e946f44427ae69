using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Data;

/// <summary><see cref="BasicTokenizer"/>'s clean-up of a text, in the form that the tokenizer library takes.</summary>
/// <remarks>
/// The library has one of its own, but that one deletes tabs and line ends, which glues the words around them together, and strips
/// accents only on hosts with the ICU libraries.
/// </remarks>
/// <param name="lowerCase">Lower-case every letter and strip its accents (an uncased model).</param>
public sealed class WordPieceNormalizer(bool lowerCase = true) : Normalizer
{
    private readonly BasicTokenizer _basic = new(lowerCase);

    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        var clean = new StringBuilder(original.Length);
        Span<char> utf16 = stackalloc char[2];
        Span<Rune> parts = stackalloc Rune[BasicTokenizer.MaxParts];
        foreach (Rune rune in _basic.Compose(original))
        {
            if (BasicTokenizer.IsSpace(rune)) clean.Append(' ');
            else
                foreach (Rune kept in parts[.._basic.Normalize(rune, parts)]) clean.Append(utf16[..kept.EncodeToUtf16(utf16)]);
        }
        return clean.ToString();
    }
}
