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

    /// <summary>The same sentence under several maskers, one row each: predicted units in colour, everything else plain.</summary>
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
            string text = string.Concat(masked.Tokens.AsSpan(unit.Start, unit.Length).ToArray().Select((id, i) =>
                pieces.IsContinuation(id) ? pieces.Pieces[id][WordPieceVocabulary.ContinuationPrefix.Length..] : (i == 0 ? "" : " ") + pieces.Pieces[id]));
            bool continued = unit.Start + unit.Length < masked.Tokens.Length && pieces.IsContinuation(masked.Tokens[unit.Start + unit.Length]);
            yield return unit.Action == UnitAction.Visible
                ? new(text)
                : new(text, ++color, SpanMark.Masked, Tooltip: $"{unit.Action.ToString().ToLowerInvariant()}, {unit.Length} pieces");
            if (!continued) yield return " ";
        }
    }
}
