using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Pretrained;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Pmi;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Play.Mask;

/// <summary>Makes the bench of PMI-Masking from a corpus: counts, word pieces, and a BERT for every scheme.</summary>
public static class MaskPreparation
{
    /// <summary>Model and steps at a preset: those of notebook 01, but for the shortest. After sixty steps a BERT fills every gap with the most frequent piece.</summary>
    /// <param name="preset">smoke, cpu or long.</param>
    public static MaskingStudy Study(string preset)
    {
        var study = MaskingExperiments.Of(preset == "smoke" ? "cpu" : preset);
        return preset != "smoke" ? study : study with { Pretraining = study.Pretraining with { Training = study.Pretraining.Training with { Steps = 500, WarmUpSteps = 50 } } };
    }

    /// <summary>Whether all BERTs of a study are kept, here or by notebook 01.</summary>
    /// <param name="text">The corpus.</param>
    /// <param name="study">Model, steps and masking vocabularies.</param>
    /// <param name="cache">Where weights are kept.</param>
    public static bool IsKept(TextCorpus text, MaskingStudy study, RunCache cache) => MaskBench.Schemes.All(scheme => cache.HasWeights(KeyOf(text, study with { Scheme = scheme })));

    /// <summary>Loads the BERTs that are kept, and trains those that are missing with the settings of notebook 01 at a preset.</summary>
    /// <param name="text">The corpus.</param>
    /// <param name="study">Model, steps and masking vocabularies.</param>
    /// <param name="cache">Where weights are kept; null to train now.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static MaskBench Prepare(TextCorpus text, MaskingStudy study, RunCache? cache, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var counts = new NgramCounter().Count(text[Split.Train], new NgramCountOptions { MinCount = study.MinCount }, progress, cancellation);
        progress?.Report(new("training the word pieces", 0, 0));
        MaskingComparison comparison = new(text, counts, torch.CPU);
        var pieces = comparison.PiecesOf(study);
        Lazy<PackedSequences> packed = new(() => PackedSequences.Pack(pieces.Encode(text[Split.Train]), study.Pretraining.SequenceLength, pieces));
        List<IGapReader> readers = [];
        try
        {
            progress?.Report(new("counting neighbours", 0, 0));
            PieceAlphabet alphabet = new(pieces.Pieces);
            readers.Add(new NeighbourReader(NeighbourPredictor.Train(Enumerable.Range(0, packed.Value.Count).Select(i => packed.Value[i].ToArray()), alphabet), alphabet, study.Pretraining.SequenceLength - 2));
            foreach (string scheme in MaskBench.Schemes)
            {
                var wanted = study with { Scheme = scheme };
                BertForMaskedLM model = new(study.Model with { VocabSize = pieces.Count }, new Seed(1).For("weights").ToInt64());
                study.Start?.Apply(model);
                readers.Add(new MaskReader(scheme, model, pieces, study.Pretraining.SequenceLength));
                CommonStart.Obtain(model, KeyOf(text, wanted), cache, work =>
                {
                    var masker = comparison.Masker(wanted, pieces);
                    using Pretraining pretraining = new(model, packed.Value, (tokens, inputs, labels, seed) =>
                    {
                        MaskingRandom random = new(seed);
                        masker.Mask(tokens, inputs, labels, ref random);
                    }, study.Pretraining, new Seed(1));
                    Resumption resumption = new(pretraining.Run, work);
                    foreach (var step in pretraining.Steps(cancellation))
                        resumption.Keep(progress, new($"training a BERT under {scheme}", step.Step, study.Pretraining.Training.Steps, $"loss {step.Loss:F2}"));
                });
                model.eval();
                cancellation.ThrowIfCancellationRequested();
            }
            var real = Real(text, pieces, study, cache);
            if (real is not null) readers.Add(real);
            return new(counts, pieces, study, readers, About(text, study, pieces.Count, real is not null));
        }
        catch
        {
            foreach (var reader in readers) reader.Dispose();
            throw;
        }
    }

    /// <summary>The run of notebook 01 that ends with these weights.</summary>
    private static RunKey KeyOf(TextCorpus text, MaskingStudy study) => RunKey.Of(MaskingExperiments.HalfTheTimeName, study, 1, text.Checksum, "cpu");

    /// <summary>The real pretrained BERT, where notebook 01 has trained it on under PMI-Masking and kept it.</summary>
    private static OtherPiecesReader? Real(TextCorpus text, WordPieceVocabulary pieces, MaskingStudy study, RunCache? cache)
    {
        var experiment = MaskingExperiments.RealWeights("long", text.Checksum);
        var key = experiment.KeyOf(experiment.Variants.First(v => v.Name == MaskingExperiments.MiniLMUnder("PMI")), 1);
        if (cache is null || !cache.HasWeights(key) || PretrainedBert.MiniLM.Missing is not null) return null;
        var own = PretrainedBert.MiniLM.ReadPieces();
        BertForMaskedLM model = new(PretrainedBert.MiniLM.Config with { VocabSize = own.Count }, seed: 0);
        try
        {
            Checkpoint.LoadWeights(cache.WeightsOf(key), model);
        }
        catch (InvalidDataException)
        {
            model.Dispose();
            return null; // damaged; the page says how to get it
        }
        return new(new MaskReader(MaskingExperiments.MiniLMUnder("PMI"), model, own, PretrainedBert.MiniLM.Config.MaxPositionEmbeddings), own, pieces, study.Pretraining.SequenceLength - 2);
    }

    private static string About(TextCorpus text, MaskingStudy study, int pieces, bool isReal)
    {
        long steps = study.Pretraining.Training.Steps;
        return $"Counts of {text.Name}: {text.Sentences.Count:N0} sentences. Five BERTs of {study.Model.NumHiddenLayers} layers and width {study.Model.HiddenSize}, {pieces:N0} word pieces, each trained for {steps:N0} steps under one scheme"
            + (steps < 100 ? ": so few that they know which pieces are frequent and little more." : ".")
            + " Beside them a table of counts of neighbouring pieces"
            + (isReal ? ", and a real pretrained BERT (MiniLM), trained on for some steps under PMI-Masking because it had lost the head that fills gaps; it cuts words into pieces of its own."
                : ". A real pretrained BERT joins them when 'nbk run 01-pmi-masking --preset long' has trained one on: the package's MiniLM has lost the head that fills gaps.");
    }
}
