using NotebookKit.Pmi;
using NotebookKit.Studies.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Play.Mask;

/// <summary>The bench of PMI-Masking: a text of the reader's under five schemes, and what models that were trained under each fill into its gaps.</summary>
public sealed class MaskBench : IBench
{
    /// <summary>Characters of a text that are read.</summary>
    public const int LongestText = 1000;

    /// <summary>The schemes, in the order of the paper's story.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["random token", "whole word", "random span", "naive PMI", "PMI"];

    private readonly NgramCounts _counts;
    private readonly WordPieceVocabulary _pieces;
    private readonly PieceAlphabet _alphabet;
    private readonly Dictionary<string, CompiledVocabulary> _units;
    private readonly Lazy<NgramScores> _pmi, _naive;
    private readonly IReadOnlyList<IGapReader> _readers;

    /// <summary>A bench over the counts of a corpus.</summary>
    /// <param name="counts">The counts of the corpus.</param>
    /// <param name="pieces">The word pieces.</param>
    /// <param name="study">The size of the masking vocabularies.</param>
    /// <param name="readers">The models that fill gaps; they become the bench's.</param>
    /// <param name="about">What the models are.</param>
    public MaskBench(NgramCounts counts, WordPieceVocabulary pieces, MaskingStudy study, IReadOnlyList<IGapReader> readers, string about)
    {
        (_counts, _pieces, _readers, About) = (counts, pieces, readers, about);
        _alphabet = new(pieces.Pieces);
        _units = new()
        {
            ["naive PMI"] = new(MaskingVocabulary.Build(counts, NgramScore.Naive, new() { Size = study.Entries }), _alphabet),
            ["PMI"] = new(MaskingVocabulary.Build(counts, NgramScore.Pmi, new() { Size = study.Entries }), _alphabet),
        };
        _pmi = new(() => NgramScores.Of(counts, NgramScore.Pmi));
        _naive = new(() => NgramScores.Of(counts, NgramScore.Naive));
    }

    /// <inheritdoc/>
    public string About { get; }

    /// <summary>Masks a text under every scheme.</summary>
    /// <exception cref="InputException">There is no text, or the rate is none that the page offers.</exception>
    public MaskAnswer Mask(MaskQuestion question)
    {
        int[] tokens = Read(question, out bool wasCut);
        return new(tokens.Length, wasCut, [.. Schemes.Select(scheme =>
        {
            var masked = Draw(scheme, tokens, question);
            return new MaskedRow(scheme, masked.Labels.Count(label => label != IMasker.NotPredicted), [.. masked.Units.Select(unit => Show(masked, unit))]);
        })]);
    }

    /// <summary>Lets every model fill a gap: all pieces of the unit are hidden, whatever the draw had put in their place.</summary>
    /// <exception cref="InputException">The text has no such unit in this draw.</exception>
    public GapAnswer Fill(GapQuestion question)
    {
        MaskQuestion draw = new(question.Text, question.Rate, question.Seed);
        int[] tokens = Read(draw, out _);
        if (!Schemes.Contains(question.Scheme)) throw new InputException("scheme", $"There is no scheme '{question.Scheme}'. Use {string.Join(", ", Schemes)}.");
        var masked = Draw(question.Scheme!, tokens, draw);
        var unit = masked.Units.FirstOrDefault(u => u.Start == question.Start && u.Length > 0);
        if (unit.Length == 0) throw new InputException("start", "This draw has no such unit. Choose one of those that are shown.");

        int[] shown = [.. masked.Inputs];
        shown.AsSpan(unit.Start, unit.Length).Fill(_pieces.MaskId);
        int[] truth = tokens[unit.Start..(unit.Start + unit.Length)];
        int left = unit.Start, right = unit.Start + unit.Length;
        // One whole word on either side, as it stood in the text.
        int from = left == 0 ? 0 : _pieces.WordStart(tokens, left - 1), to = right == tokens.Length ? right : _pieces.WordEnd(tokens, right);
        int[] near = [.. tokens[from..left], .. shown[left..right], .. tokens[right..to]];
        var sentence = Window(shown, left, unit.Length);
        var twoWords = Window(near, left - from, unit.Length);
        return new([.. truth.Select(id => _pieces.Pieces[id])], _pieces.Written(sentence.Ids), _pieces.Written(twoWords.Ids),
            [.. _readers.Select(reader => new ReaderGuesses(
                reader.Name, reader.Guess(sentence.Ids, sentence.Gap, truth), reader.Guess(twoWords.Ids, twoWords.Gap, truth)))]);
    }

    /// <summary>Frees the models.</summary>
    public void Dispose()
    {
        foreach (var reader in _readers) reader.Dispose();
    }

    private int[] Read(MaskQuestion question, out bool wasCut)
    {
        if (!(question.Rate is >= 0.05 and <= 0.6)) throw new InputException("rate", "The mask rate lies between 5 and 60 %.");
        string text = TypedText.Cut(question.Text, LongestText, out wasCut);
        int[] tokens = _pieces.Encode(text);
        return tokens.Length > 0 ? tokens : throw new InputException("text", "There is no word in this text. Type a sentence.");
    }

    private MaskedSequence Draw(string scheme, int[] tokens, MaskQuestion question)
    {
        MaskingOptions options = new() { Rate = question.Rate };
        Masker masker = scheme switch
        {
            "random token" => new RandomTokenMasker(_alphabet, options),
            "whole word" => new WholeWordMasker(_alphabet, options),
            "random span" => new RandomSpanMasker(_alphabet, options),
            _ => new NgramMasker(scheme, _units[scheme], options),
        };
        MaskingRandom random = new((ulong)question.Seed);
        return masker.Explain(tokens, ref random);
    }

    private ShownUnit Show(MaskedSequence masked, MaskingUnit unit)
    {
        int end = unit.Start + unit.Length;
        string text = _pieces.Written(masked.Tokens.AsSpan(unit.Start, unit.Length));
        return new(
            unit.Start, unit.Length,
            unit.Action switch { UnitAction.Masked => "masked", UnitAction.Randomized => "random", UnitAction.Kept => "kept", _ => "visible" },
            text, [.. masked.Inputs[unit.Start..end].Select(id => _pieces.Pieces[id])], _pieces.IsContinuation(masked.Tokens[unit.Start]), unit.Words,
            unit.Words < 2 ? null : Scores(text.Split(' ')));
    }

    private UnitScores? Scores(string[] words)
    {
        if (words.Length < 2 || !_counts.TryFind(words, out int id)) return null;
        int n = words.Length;
        return new(_counts.Level(n).Counts[id], _pmi.Value.Level(n)[id], _naive.Value.Level(n)[id], WeakestLink.BestSegmentation(_counts, words));
    }

    /// <summary>What fits into the models' sequences of a text, with the gap in the middle as far as the ends allow.</summary>
    private (int[] Ids, int Gap) Window(int[] ids, int gap, int length)
    {
        int room = _readers.Select(reader => reader.Room).DefaultIfEmpty(ids.Length).Min();
        int start = Math.Clamp(gap - Math.Max(0, room - length) / 2, 0, Math.Max(0, ids.Length - room));
        return (ids[start..Math.Min(ids.Length, start + room)], gap - start);
    }
}
