using NotebookKit.Display;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Studies.Pmi;

/// <summary>Shows word pieces and masked units as coloured text.</summary>
public static class MaskedText
{
    /// <summary>A sentence in word pieces: each word that needs several pieces has a colour of its own.</summary>
    /// <param name="pieces">The vocabulary that cuts the words.</param>
    /// <param name="sentence">Any text.</param>
    public static ColoredText ShowPieces(this WordPieceVocabulary pieces, string sentence)
    {
        int[] tokens = pieces.Encode(sentence);
        List<ColoredSpan> spans = [];
        int color = -1;
        for (int i = 0; i < tokens.Length; i++)
        {
            bool inside = pieces.IsContinuation(tokens[i]);
            bool cut = inside || (i + 1 < tokens.Length && pieces.IsContinuation(tokens[i + 1]));
            if (cut && !inside) color++;
            spans.Add(new(pieces.Pieces[tokens[i]] + " ", cut ? color : null));
        }
        return new ColoredText(spans) with { Caption = $"{tokens.Length} pieces; a colour joins the pieces of one word" };
    }

    /// <summary>
    /// A sentence with one piece of a word hidden, as the model sees it. The other pieces of the word, which give the hidden one away, have one
    /// colour; the words from which one could tell it by understanding have another.
    /// </summary>
    /// <param name="pieces">The vocabulary that cuts the words.</param>
    /// <param name="sentence">Any text.</param>
    /// <param name="word">A word of it; its last occurrence is meant.</param>
    /// <param name="piece">Which piece of the word is hidden, from 0.</param>
    /// <param name="telling">The words that tell.</param>
    /// <exception cref="ArgumentException">The sentence does not have the word, or the word not that many pieces.</exception>
    public static ColoredText ShowGap(this WordPieceVocabulary pieces, string sentence, string word, int piece, params IReadOnlyList<string> telling)
    {
        int[] tokens = pieces.Encode(sentence), hidden = pieces.Encode(word);
        int start = tokens.AsSpan().LastIndexOf(hidden);
        if (start < 0 || piece < 0 || piece >= hidden.Length)
            throw new ArgumentException($"'{sentence}' has no piece {piece} of '{word}', which is spelled {string.Join(" ", hidden.Select(id => pieces.Pieces[id]))}.", nameof(piece));
        int?[] colors = new int?[tokens.Length];
        colors.AsSpan(start, hidden.Length).Fill(0);
        foreach (string other in telling)
        {
            int[] spelled = pieces.Encode(other);
            if (tokens.AsSpan().IndexOf(spelled) is var at and >= 0) colors.AsSpan(at, spelled.Length).Fill(1);
        }
        return new ColoredText(tokens.Select((id, i) => i == start + piece
            ? new ColoredSpan("[MASK] ", 0, SpanMark.Masked, Tooltip: pieces.Pieces[id])
            : new ColoredSpan(pieces.Pieces[id] + " ", colors[i])));
    }

    /// <summary>The same sentence under several maskers, one row each, as the model sees it: predicted units in colour, everything else plain.</summary>
    /// <param name="maskers">The schemes.</param>
    /// <param name="pieces">The vocabulary that cuts the words.</param>
    /// <param name="sentence">Any text.</param>
    /// <param name="seed">Each masker draws with this seed.</param>
    public static ColoredText ShowMasked(this IEnumerable<IMasker> maskers, WordPieceVocabulary pieces, string sentence, ulong seed)
    {
        int[] tokens = pieces.Encode(sentence);
        return new($"“{sentence}”", maskers.Select(masker =>
        {
            MaskingRandom random = new(seed);
            return (masker.Name, Spans(masker.Explain(tokens, ref random), pieces));
        }));
    }

    private static IEnumerable<ColoredSpan> Spans(MaskedSequence masked, WordPieceVocabulary pieces)
    {
        int color = -1;
        foreach (MaskingUnit unit in masked.Units)
        {
            string text = Written(masked.Tokens, pieces, unit);
            bool continued = unit.Start + unit.Length < masked.Tokens.Length && pieces.IsContinuation(masked.Tokens[unit.Start + unit.Length]);
            yield return unit.Action == UnitAction.Visible
                ? new(text)
                : new(unit.Action == UnitAction.Masked ? string.Join(' ', Enumerable.Repeat("[MASK]", unit.Length)) : Written(masked.Inputs, pieces, unit), ++color, SpanMark.Masked,
                    Tooltip: $"to predict: {text}");
            if (!continued) yield return " ";
        }
    }

    /// <summary>The pieces of a unit as one writes them.</summary>
    private static string Written(int[] ids, WordPieceVocabulary pieces, MaskingUnit unit) => string.Concat(ids.AsSpan(unit.Start, unit.Length).ToArray().Select((id, i) =>
        pieces.IsContinuation(id) ? pieces.Pieces[id][WordPieceVocabulary.ContinuationPrefix.Length..] : (i == 0 ? "" : " ") + pieces.Pieces[id]));
}
