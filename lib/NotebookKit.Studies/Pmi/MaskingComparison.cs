using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Pretrained;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// Pre-trains BERTs under one masking scheme after another and measures all of them with the same instruments: what they fill in under
/// common masks, a probe that only the order of words decides, and public tasks.
/// </summary>
public sealed class MaskingComparison
{
    private readonly TextCorpus _text;
    private readonly NgramCounts _counts;
    private readonly Device _device;
    private readonly Dictionary<WordPieceTraining, WordPieceVocabulary> _trained = [];
    private (object Key, Bench Bench)? _bench;

    /// <summary>Takes what all runs share.</summary>
    /// <param name="text">The corpus: its training part is read, its validation part is masked once for everybody.</param>
    /// <param name="counts">What the masking vocabularies are built from.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="tasks">The public tasks that are on this machine.</param>
    public MaskingComparison(TextCorpus text, NgramCounts counts, Device device, params IReadOnlyList<TaskRows> tasks) =>
        (_text, _counts, _device, Tasks) = (text, counts, device, tasks);

    /// <summary>The public tasks that are on this machine.</summary>
    public IReadOnlyList<TaskRows> Tasks { get; }

    /// <summary>The questions on passages that are on this machine, or null.</summary>
    public PassageQuestions? Questions { get; init; }

    /// <summary>The word pieces of a study: trained on the corpus, once, or those of its real trunk.</summary>
    public WordPieceVocabulary PiecesOf(MaskingStudy study)
    {
        if (Trunk(study) is { } trunk) return trunk.ReadPieces();
        if (!_trained.TryGetValue(study.Pieces, out var pieces))
            _trained.Add(study.Pieces, pieces = WordPieceTrainer.Train(_text[Split.Train], study.Pieces));
        return pieces;
    }

    /// <summary>The masker of a study's scheme over some pieces.</summary>
    /// <exception cref="ArgumentException">There is no such scheme.</exception>
    public Masker Masker(MaskingStudy study, WordPieceVocabulary pieces)
    {
        PieceAlphabet alphabet = new(pieces.Pieces);
        return study.Scheme switch
        {
            "random token" => new RandomTokenMasker(alphabet, study.Masking),
            "whole word" => new WholeWordMasker(alphabet, study.Masking),
            "random span" => new RandomSpanMasker(alphabet, study.Masking),
            "frequency" => new NgramMasker(study.Scheme, Units(NgramScore.Frequency), study.Masking),
            "naive PMI" => new NgramMasker(study.Scheme, Units(NgramScore.Naive), study.Masking),
            "PMI" => new NgramMasker(study.Scheme, Units(NgramScore.Pmi), study.Masking),
            "p² PMI" => new NgramMasker(study.Scheme, Units(NgramScore.PmiSquared), study.Masking),
            MaskingStudy.MatchedSpans => new LengthMatchedMasker(study.Scheme, Units(NgramScore.Pmi), study.Masking),
            _ => throw new ArgumentException($"There is no masking scheme '{study.Scheme}'. Use {string.Join(", ", MaskingStudy.Schemes)}, p² PMI or frequency.", nameof(study)),
        };

        CompiledVocabulary Units(NgramScore score) => new(MaskingVocabulary.Build(_counts, score, new() { Size = study.Entries }), alphabet);
    }

    /// <summary>
    /// One run. At each evaluation, on held-out types: <c>loss, M mask</c> and <c>accuracy, M mask</c> for the common masks M,
    /// <c>whole words filled in</c> (all pieces right, under the mask of whole words) and <c>word order</c> (a linear probe on frozen
    /// features). At the end <c>word order, fine-tuned</c> and the accuracy on each public task. At a learning rate of 0 no step would
    /// change the model, so none is made.
    /// </summary>
    public IEnumerable<Measurement> Pretrain(Run<MaskingStudy> run)
    {
        var study = run.Settings;
        var training = study.Pretraining.Training;
        var bench = BenchOf(study);
        Seed seed = new((ulong)run.Seed);
        var trunk = Trunk(study);
        using var model = new BertForMaskedLM((trunk?.Config ?? study.Model) with { VocabSize = bench.Pieces.Count }, seed.For("weights").ToInt64());
        study.Start?.Apply(model);
        if (!study.RandomWeights) trunk?.LoadInto(model.Bert);
        model.to(_device);
        using var pretraining = new Pretraining(model, bench.Train, AsSequenceMasker(Masker(study, bench.Pieces)), study.Pretraining, seed);
        Resumption resumption = new(pretraining.Run, run.WorkFolder);
        foreach (var step in training.LearningRate == 0 ? [] : pretraining.Steps(run.Cancellation))
        {
            if (step.Step % study.EvaluateEvery == 0 && step.Step < training.Steps) Evaluate(step.Step);
            resumption.Keep(run.Progress, new($"{run.Variant}, seed {run.Seed}", step.Step, training.Steps, $"loss {step.Loss:F2}"));
        }
        Evaluate(training.Steps);
        if (training.LearningRate > 0) run.Keep(model);
        Add(training.Steps, "word order, fine-tuned", FineTuning.Score(model.Bert, bench.OrderTrain, bench.OrderTest, study.FineTuning, seed, run.Cancellation).Accuracy);
        foreach ((string name, var train, var test) in bench.Tasks)
            Add(training.Steps, name, FineTuning.Score(model.Bert, train, test, study.TaskTuning, seed, run.Cancellation).Accuracy);
        if (bench.Reading is var (questions, asked))
        {
            var score = AnswerReading.Score(model.Bert, questions, asked, bench.Pieces, study.Reading, seed, run.Cancellation);
            Add(training.Steps, PassageQuestions.Name, score.F1);
            Add(training.Steps, $"{PassageQuestions.Name}, exact match", score.ExactMatch);
        }
        return resumption.Rows;

        void Evaluate(long step)
        {
            foreach ((string mask, var sequences) in bench.Common)
            {
                var score = sequences.Evaluate(model);
                Add(step, $"loss, {mask} mask", score.Loss);
                Add(step, $"accuracy, {mask} mask", score.Accuracy);
                if (mask == "whole word") Add(step, "whole words filled in", score.WordAccuracy);
            }
            Add(step, "word order", LinearProbe.Score(model.Bert, bench.OrderTrain, bench.OrderTest, study.Probing).Accuracy);
        }

        void Add(long step, string metric, double value) => resumption.Add(new(step, metric, value));
    }

    /// <summary>What the runs of one comparison share; only the last one is kept, since an experiment runs its studies one after another.</summary>
    private Bench BenchOf(MaskingStudy study)
    {
        var key = (study.Pieces, study.Trunk, study.Pretraining.SequenceLength, study.ExaminedEntries, study.HeldOut, study.ProbeTexts, study.TaskLength, study.TaskTexts, study.ReadingLength, string.Join(", ", study.Tasks));
        if (_bench is var (last, bench) && last.Equals(key)) return bench;
        bench = Prepare(study);
        _bench = (key, bench);
        return bench;
    }

    private Bench Prepare(MaskingStudy study)
    {
        var pieces = PiecesOf(study);
        var valid = Pack(_text[Split.Valid].Take(study.HeldOut));
        // Whatever a scheme trains with, it is examined with [MASK] alone: a loss on visible words would measure copying.
        var examined = study with { Entries = study.ExaminedEntries, Masking = new() { MaskShare = 1, RandomShare = 0 } };
        return new(
            pieces,
            Pack(_text[Split.Train]),
            [.. new[] { "random token", "whole word", "PMI" }.Select(scheme =>
                (scheme, MaskedSequences.Mask(valid, AsSequenceMasker(Masker(examined with { Scheme = scheme }, pieces)), new Seed(0))))],
            // Of types that no model was pre-trained on.
            Order(Split.Valid),
            Order(Split.Test),
            [.. Tasks.Where(t => study.Tasks.Contains(t.Task.Name)).Select(t => (t.Task.Name, Label(t.Train.Take(study.TaskTexts)), Label(t.Test)))],
            Questions is not null && study.Tasks.Contains(PassageQuestions.Name) ? (Ask(Questions.Train, study, pieces), Ask(Questions.Test, study, pieces)) : null);

        PackedSequences Pack(IEnumerable<string> sentences) => PackedSequences.Pack(pieces.Encode(sentences), study.Pretraining.SequenceLength, pieces);

        LabelledSequences Order(Split part) => LabelledSequences.Of(
            WordOrder.Of(_text[part]).Take(study.ProbeTexts).Select(t => ((IReadOnlyList<int>)pieces.Encode(t.Text), t.Label)), study.Pretraining.SequenceLength, pieces);

        LabelledSequences Label(IEnumerable<TaskRow> rows)
        {
            int length = Math.Min(study.TaskLength, Trunk(study)?.Config.MaxPositionEmbeddings ?? study.Model.MaxPositionEmbeddings);
            return rows.First().Second.Length == 0
                ? LabelledSequences.Of(rows.Select(r => ((IReadOnlyList<int>)pieces.Encode(r.First), r.Label)), length, pieces)
                : LabelledSequences.OfPairs(rows.Select(r => ((IReadOnlyList<int>)pieces.Encode(r.First), (IReadOnlyList<int>)pieces.Encode(r.Second), r.Label)), length, pieces);
        }
    }

    /// <summary>Questions and passages in a study's word pieces.</summary>
    /// <param name="questions">Questions.</param>
    /// <param name="study">The longest that may be.</param>
    /// <param name="pieces">The pieces.</param>
    public static AnswerSpans Ask(IReadOnlyList<PassageQuestion> questions, MaskingStudy study, WordPieceVocabulary pieces) =>
        AnswerSpans.Of(questions.Select(q => (q.Question, q.Passage, q.Answer)), study.ReadingLength, pieces);

    private static PretrainedBert? Trunk(MaskingStudy study) => study.Trunk switch
    {
        "" => null,
        "MiniLM" => PretrainedBert.MiniLM,
        "ArcticXs" => PretrainedBert.ArcticXs,
        _ => throw new ArgumentException($"There is no pretrained trunk '{study.Trunk}'. Use MiniLM or ArcticXs, or leave it empty.", nameof(study)),
    };

    private static SequenceMasker AsSequenceMasker(IMasker masker) => (tokens, inputs, labels, seed) =>
    {
        MaskingRandom random = new(seed);
        masker.Mask(tokens, inputs, labels, ref random);
    };

    private sealed record Bench(
        WordPieceVocabulary Pieces,
        PackedSequences Train,
        IReadOnlyList<(string Mask, MaskedSequences Sequences)> Common,
        LabelledSequences OrderTrain,
        LabelledSequences OrderTest,
        IReadOnlyList<(string Name, LabelledSequences Train, LabelledSequences Test)> Tasks,
        (AnswerSpans Train, AnswerSpans Test)? Reading);
}
