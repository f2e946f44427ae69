using Microsoft.Data.Analysis;
using NotebookKit.Pmi;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// The leak test of all schemes, with the control that it needs. A long unit leaves few visible neighbours, so a count model guesses less
/// of it whatever the unit is. What belonging together adds is the difference to <see cref="LengthMatchedMasker"/>.
/// </summary>
public static class LeakComparison
{
    /// <summary>
    /// Masks held-out sequences under every scheme, several times, and lets a count model of the training part guess. A variant is a scheme and
    /// a seed is a draw of the masks; the metrics, each with the length in its name (<see cref="Name"/>), are <c>guessed</c>, <c>dose</c> (the
    /// share of masked words in units of several), <c>pieces in a unit</c> and <c>pieces masked</c>.
    /// </summary>
    /// <param name="comparison">Makes the maskers.</param>
    /// <param name="text">The corpus.</param>
    /// <param name="study">Entries, budget and word pieces.</param>
    /// <param name="lengths">Lengths of the sequences, in pieces.</param>
    /// <param name="draws">How often each scheme masks the sequences.</param>
    public static ResultRows Measure(MaskingComparison comparison, TextCorpus text, MaskingStudy study, IReadOnlyList<int> lengths, int draws)
    {
        var pieces = comparison.PiecesOf(study);
        List<int[]> train = [.. pieces.Encode(text[Split.Train])], held = [.. pieces.Encode(text[Split.Valid])];
        List<ResultRow> rows = [];
        foreach (int length in lengths)
        {
            NeighbourPredictor neighbours = NeighbourPredictor.Train(Sequences(train, length, pieces), new PieceAlphabet(pieces.Pieces));
            List<int[]> sequences = [.. Sequences(held, length, pieces)];
            foreach (string scheme in MaskingStudy.Schemes)
            {
                var masker = comparison.Masker(study with { Scheme = scheme }, pieces);
                for (int draw = 1; draw <= draws; draw++)
                {
                    MaskingRandom random = new((ulong)draw), again = new((ulong)draw);
                    MaskingStatistics masked = MaskingStatistics.Measure(masker, sequences, ref random);
                    var leak = LeakTest.Measure(neighbours, masker, sequences, ref again);
                    void Add(string metric, double value) => rows.Add(new(scheme, draw, 0, Name(metric, length), value));
                    Add("guessed", leak.Accuracy);
                    Add("dose", masked.ShareInUnits);
                    Add("pieces in a unit", (double)masked.Predicted / masked.UnitsByPieces.Values.Sum());
                    Add("pieces masked", masked.Rate);
                }
            }
        }
        return new(rows);
    }

    /// <summary>The dose of one study at the length that it trains: the share of masked words in units of several, in held-out sequences.</summary>
    /// <param name="comparison">Makes the masker.</param>
    /// <param name="text">The corpus.</param>
    /// <param name="study">Scheme, entries, budget, length and word pieces.</param>
    public static double Dose(MaskingComparison comparison, TextCorpus text, MaskingStudy study)
    {
        var pieces = comparison.PiecesOf(study);
        MaskingRandom random = new(1);
        return MaskingStatistics.Measure(comparison.Masker(study, pieces), Sequences(pieces.Encode(text[Split.Valid]), study.Pretraining.SequenceLength, pieces), ref random).ShareInUnits;
    }

    private static IEnumerable<int[]> Sequences(IEnumerable<int[]> sentences, int length, WordPieceVocabulary pieces)
    {
        PackedSequences packed = PackedSequences.Pack(sentences, length, pieces);
        return Enumerable.Range(0, packed.Count).Select(i => packed[i].ToArray());
    }

    /// <summary>The means over the draws at one length, a line a scheme: guessed, dose and masked in per cent.</summary>
    /// <param name="rows">The rows of <see cref="Measure"/>.</param>
    /// <param name="length">The length of the sequences.</param>
    public static DataFrame Summary(ResultRows rows, int length)
    {
        IEnumerable<double> Means(string metric, double unit) => rows.Variants.Select(scheme => unit * rows.Mean(scheme, Name(metric, length)));
        return new(
            new StringDataFrameColumn("scheme", rows.Variants),
            new DoubleDataFrameColumn("guessed, %", Means("guessed", 100)),
            new DoubleDataFrameColumn("dose, %", Means("dose", 100)),
            new DoubleDataFrameColumn("pieces in a unit", Means("pieces in a unit", 1)),
            new DoubleDataFrameColumn("pieces masked, %", Means("pieces masked", 100)));
    }

    /// <summary>The name of a metric at a length.</summary>
    /// <param name="metric">guessed, dose, pieces in a unit or pieces masked.</param>
    /// <param name="length">The length of the sequences.</param>
    public static string Name(string metric, int length) => $"{metric}, {length} pieces";
}
