using NotebookKit.Tokenizers;

namespace NotebookKit.Play.Mask;

/// <summary>
/// A reader with word pieces of its own among readers that share the bench's: the text is written out and cut anew. A gap inside a word is widened to the
/// word, since the two vocabularies cut words at different places.
/// </summary>
/// <param name="reader">The reader; it becomes this one's.</param>
/// <param name="own">Its word pieces.</param>
/// <param name="bench">The bench's.</param>
/// <param name="room">Pieces of the bench's that are read at once.</param>
public sealed class OtherPiecesReader(IGapReader reader, WordPieceVocabulary own, WordPieceVocabulary bench, int room) : IGapReader
{
    /// <inheritdoc/>
    public string Name => reader.Name;

    /// <inheritdoc/>
    public int Room => room;

    /// <inheritdoc/>
    public IReadOnlyList<PlaceGuesses> Guess(IReadOnlyList<int> ids, int gap, IReadOnlyList<int> truth)
    {
        int[] text = [.. ids];
        for (int i = 0; i < truth.Count && gap + i < text.Length; i++) text[gap + i] = truth[i];
        int from = bench.WordStart(text, gap), to = bench.WordEnd(text, Math.Min(gap + truth.Count, text.Length) - 1);
        int[] hidden = own.Encode(bench.Written(text.AsSpan(from, to - from)));
        int[] left = Own(text.AsSpan(0, from)), right = Own(text.AsSpan(to));
        return reader.Guess([.. left, .. Enumerable.Repeat(own.MaskId, hidden.Length), .. right], left.Length, hidden);
    }

    /// <summary>Words cut into the reader's pieces; a [MASK] stays one.</summary>
    private int[] Own(ReadOnlySpan<int> ids)
    {
        List<int> pieces = [];
        for (int at = 0; at < ids.Length;)
        {
            int length = ids[at..].IndexOf(bench.MaskId);
            if (length < 0) length = ids.Length - at;
            if (length > 0) pieces.AddRange(own.Encode(bench.Written(ids.Slice(at, length))));
            at += length;
            if (at >= ids.Length) break;
            pieces.Add(own.MaskId);
            at++;
        }
        return [.. pieces];
    }

    /// <summary>Frees the reader.</summary>
    public void Dispose() => reader.Dispose();
}
