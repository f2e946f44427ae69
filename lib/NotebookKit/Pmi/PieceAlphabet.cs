using NotebookKit.Tokenizers;

namespace NotebookKit.Pmi;

/// <summary>
/// What a masker knows of a WordPiece vocabulary: where words begin, which tokens are never masked, what [MASK] is. A piece that starts
/// with <c>##</c> continues a word; every other piece begins one.
/// </summary>
/// <remarks>
/// Made of any list of pieces, a published one or the few of an example: <see cref="WordPieceVocabulary"/> asks for all special tokens of a BERT
/// and encodes texts. Here single words are spelled, once for each entry of a masking vocabulary, and an unknown word is told apart.
/// </remarks>
public sealed class PieceAlphabet
{
    // BERT's limit: a longer word is unknown.
    private const int LongestWord = 100;

    private readonly PieceRole[] _roles;
    private readonly int[] _replacements;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;

    /// <summary>The alphabet of a tokenizer.</summary>
    /// <param name="pieces">The pieces by id.</param>
    /// <param name="specialTokens">The tokens that are never masked; [PAD], [CLS], [SEP] and [MASK] when null. ([UNK] may be masked, as in BERT.)</param>
    /// <exception cref="ArgumentException">A piece occurs twice, or there is no [MASK].</exception>
    public PieceAlphabet(IReadOnlyList<string> pieces, IEnumerable<string>? specialTokens = null)
    {
        Pieces = [.. pieces];
        HashSet<string> special = [.. specialTokens ?? ["[PAD]", "[CLS]", "[SEP]", "[MASK]"]];
        Dictionary<string, int> idOf = new(pieces.Count, StringComparer.Ordinal);
        _roles = new PieceRole[pieces.Count];
        List<int> ordinary = [];
        for (int id = 0; id < pieces.Count; id++)
        {
            string piece = pieces[id];
            if (!idOf.TryAdd(piece, id))
                throw new ArgumentException($"The piece '{piece}' has two ids, {idOf[piece]} and {id}. Give a vocabulary without duplicates.", nameof(pieces));
            _roles[id] = special.Contains(piece) ? PieceRole.Special
                : piece.StartsWith(WordPieceVocabulary.ContinuationPrefix, StringComparison.Ordinal) ? PieceRole.Inside
                : PieceRole.WordStart;
            if (_roles[id] != PieceRole.Special && !IsBracketed(piece)) ordinary.Add(id);
        }
        if (!idOf.TryGetValue("[MASK]", out int mask))
            throw new ArgumentException("The vocabulary has no piece '[MASK]', so nothing can be masked. Add it to the tokenizer's special tokens.", nameof(pieces));
        MaskId = mask;
        _replacements = [.. ordinary];
        _ids = idOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>The id of [MASK].</summary>
    public int MaskId { get; }

    /// <summary>What random replacements are drawn from: every piece but those in square brackets ([UNK], [unused1], …) and the special tokens.</summary>
    public ReadOnlySpan<int> Replacements => _replacements;

    internal ReadOnlySpan<PieceRole> Roles => _roles;

    /// <summary>Cuts a word into pieces, longest match first, as WordPiece does.</summary>
    /// <returns>The ids, or null when the word is unknown ([UNK]).</returns>
    public int[]? Encode(string word)
    {
        if (word.Length is 0 or > LongestWord) return null;
        List<int> pieces = [];
        char[] buffer = [.. WordPieceVocabulary.ContinuationPrefix, .. word];
        int start = 0;
        while (start < word.Length)
        {
            int end = word.Length;
            int found = -1;
            for (; end > start; end--)
            {
                var candidate = word.AsSpan(start, end - start);
                if (start > 0)
                {
                    candidate.CopyTo(buffer.AsSpan(WordPieceVocabulary.ContinuationPrefix.Length));
                    candidate = buffer.AsSpan(0, WordPieceVocabulary.ContinuationPrefix.Length + candidate.Length);
                }
                if (!_ids.TryGetValue(candidate, out found)) found = -1;
                if (found >= 0) break;
            }
            if (found < 0) return null;
            pieces.Add(found);
            start = end;
        }
        return [.. pieces];
    }

    private static bool IsBracketed(string piece) => piece.Length > 2 && piece[0] == '[' && piece[^1] == ']';
}

/// <summary>What a word piece is to a masker.</summary>
internal enum PieceRole : byte
{
    /// <summary>The first piece of a word.</summary>
    WordStart,

    /// <summary>A later piece of a word.</summary>
    Inside,

    /// <summary>A token that is never masked and that no unit crosses.</summary>
    Special,
}
