using System.Text;
using NotebookKit.Tokenizers;

namespace NotebookKit.Play.Mask;

/// <summary>Word pieces as words: how they are written, and where a word begins and ends.</summary>
internal static class WordsOfPieces
{
    /// <summary>Pieces as one writes them: what continues a word is joined to it.</summary>
    public static string Written(this WordPieceVocabulary pieces, ReadOnlySpan<int> ids)
    {
        StringBuilder text = new();
        foreach (int id in ids)
        {
            bool inside = pieces.IsContinuation(id);
            if (!inside && text.Length > 0) text.Append(' ');
            text.Append(inside ? pieces.Pieces[id].AsSpan(WordPieceVocabulary.ContinuationPrefix.Length) : pieces.Pieces[id]);
        }
        return text.ToString();
    }

    /// <summary>The place of the first piece of the word that a place belongs to.</summary>
    public static int WordStart(this WordPieceVocabulary pieces, ReadOnlySpan<int> ids, int at)
    {
        while (at > 0 && pieces.IsContinuation(ids[at])) at--;
        return at;
    }

    /// <summary>The place behind the last piece of that word.</summary>
    public static int WordEnd(this WordPieceVocabulary pieces, ReadOnlySpan<int> ids, int at)
    {
        for (at++; at < ids.Length && pieces.IsContinuation(ids[at]); at++) { }
        return at;
    }
}
