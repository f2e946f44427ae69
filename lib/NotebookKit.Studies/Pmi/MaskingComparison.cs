using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// Pre-trains the same small BERT under one masking scheme after another and measures all of them with the same instruments: the
/// loss under two common masks that no scheme was trained with alone, and probes of what the model knows: a task that single words
/// decide, and one that only their order does.
/// </summary>
public sealed class MaskingComparison
{
    private readonly NgramCounts counts;
    private readonly WordPieceVocabulary pieces;
    private readonly PackedSequences train;
    private readonly (string Name, MaskedSequences Sequences)[] common;
    private readonly (LabelledSequences Train, LabelledSequences Test)? subject;
    private readonly (LabelledSequences Train, LabelledSequences Test) order;
    private readonly Device device;

    /// <summary>Prepares what all runs share.</summary>
    /// <param name="text">The corpus: its training part is read, its validation part is masked once for everybody.</param>
    /// <param name="pieces">The word pieces of the model.</param>
    /// <param name="counts">What the masking vocabularies are built from.</param>
    /// <param name="study">The sizes that the runs have in common.</param>
    /// <param name="subject">A task that the corpus has labels for, for example the namespace of a sentence; null for one without labels.</param>
    /// <param name="device">Where to train.</param>
    public MaskingComparison(TextCorpus text, WordPieceVocabulary pieces, NgramCounts counts, MaskingStudy study, LabelledTexts? subject, Device device)
    {
        (this.pieces, this.counts, this.device) = (pieces, counts, device);
        train = Pack(text[Split.Train]);
        this.subject = subject is null ? null : (Label(subject.Train), Label(subject.Test));
        // Of sentences that no model was pre-trained on.
        order = (Label(WordOrder.Of(text[Split.Valid])), Label(WordOrder.Of(text[Split.Test])));
        PackedSequences valid = Pack(text[Split.Valid].Take(study.HeldOut));
        // Whatever a scheme trains with, it is examined with [MASK] alone: a loss on visible words would measure copying.
        MaskingStudy examined = study with { Masking = study.Masking with { MaskShare = 1, RandomShare = 0 } };
        common = [.. new[] { "random token", "PMI" }.Select(scheme =>
            (scheme, MaskedSequences.Mask(valid, AsSequenceMasker(Masker(examined with { Scheme = scheme })), new Seed(0))))];

        PackedSequences Pack(IEnumerable<string> sentences) => PackedSequences.Pack(pieces.Encode(sentences), study.Pretraining.SequenceLength, pieces);

        LabelledSequences Label(IEnumerable<LabelledText> texts)
        {
            List<LabelledText> some = [.. texts.Take(study.ProbeTexts)];
            return LabelledSequences.Of(
                some.Zip(pieces.Encode(some.Select(t => t.Text)), (t, ids) => ((IReadOnlyList<int>)ids, t.Label)), study.Pretraining.SequenceLength, pieces);
        }
    }

    /// <summary>The masker of a study's scheme.</summary>
    /// <exception cref="ArgumentException">There is no such scheme.</exception>
    public Masker Masker(MaskingStudy study)
    {
        PieceAlphabet alphabet = new(pieces.Pieces);
        return study.Scheme switch
        {
            "random token" => new RandomTokenMasker(alphabet, study.Masking),
            "whole word" => new WholeWordMasker(alphabet, study.Masking),
            "random span" => new RandomSpanMasker(alphabet, study.Masking),
            "frequency" => Ngrams(NgramScore.Frequency),
            "naive PMI" => Ngrams(NgramScore.Naive),
            "PMI" => Ngrams(NgramScore.Pmi),
            _ => throw new ArgumentException($"There is no masking scheme '{study.Scheme}'. Use {string.Join(", ", MaskingStudy.Schemes)} or frequency.", nameof(study)),
        };

        NgramMasker Ngrams(NgramScore score) => new(
            study.Scheme, new CompiledVocabulary(MaskingVocabulary.Build(counts, score, new() { Size = study.Entries }), alphabet), study.Masking);
    }

    /// <summary>
    /// One run. At each evaluation: <c>loss, M mask</c> and <c>accuracy, M mask</c> on held-out text for both common masks M. At the end
    /// three accuracies: <c>probe, subject</c> (linear, on frozen features), <c>probe, word order</c> (the same for
    /// <see cref="WordOrder"/>) and <c>probe, word order, fine-tuned</c>. At a learning rate of 0 no step would change the model, so none
    /// is made.
    /// </summary>
    public IEnumerable<Measurement> Pretrain(Run<MaskingStudy> run)
    {
        MaskingStudy study = run.Settings;
        TrainingOptions training = study.Pretraining.Training;
        Seed seed = new((ulong)run.Seed);
        using var model = new BertForMaskedLM(study.Model with { VocabSize = pieces.Count }, seed.For("weights").ToInt64());
        model.to(device);
        using var pretraining = new Pretraining(model, train, AsSequenceMasker(Masker(study)), study.Pretraining, seed);
        Resumption resumption = new(pretraining.Run, run.WorkFolder);
        foreach (TrainingStep step in training.LearningRate == 0 ? [] : pretraining.Steps(run.Cancellation))
        {
            if (step.Step % study.EvaluateEvery == 0 && step.Step < training.Steps) Evaluate(step.Step);
            resumption.Keep(run.Progress, new($"{run.Variant}, seed {run.Seed}", step.Step, training.Steps, $"loss {step.Loss:F2}"));
        }
        Evaluate(training.Steps);
        if (subject is var (texts, examination)) Probe("subject", LinearProbe.Score(model.Bert, texts, examination, study.Probing));
        Probe("word order", LinearProbe.Score(model.Bert, order.Train, order.Test, study.Probing));
        Probe("word order, fine-tuned", FineTuning.Score(model.Bert, order.Train, order.Test, study.FineTuning, seed, run.Cancellation));
        return resumption.Rows;

        void Evaluate(long step)
        {
            foreach (var (mask, sequences) in common)
            {
                MaskedLanguageScore score = sequences.Evaluate(model);
                resumption.Add(new(step, $"loss, {mask} mask", score.Loss));
                resumption.Add(new(step, $"accuracy, {mask} mask", score.Accuracy));
            }
        }

        void Probe(string task, ProbeScore score) => resumption.Add(new(training.Steps, $"probe, {task}", score.Accuracy));
    }

    private static SequenceMasker AsSequenceMasker(IMasker masker) => (tokens, inputs, labels, seed) =>
    {
        MaskingRandom random = new(seed);
        masker.Mask(tokens, inputs, labels, ref random);
    };
}
