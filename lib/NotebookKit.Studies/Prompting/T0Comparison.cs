using System.IO.Hashing;
using System.Text;
using NotebookKit.Models;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Trains the same small encoder-decoder on one choice of prompts and data sets after another, from one common start a seed and with as many training examples each, and
/// tests all of them on the same prompts. Of a trained data set's tested prompts only the first was ever trained, and that one by every variant but p = 0.
/// </summary>
public sealed class T0Comparison
{
    /// <summary>The mean accuracy on validation rows of the prompts that a variant trains: what a checkpoint is chosen by.</summary>
    public const string Validation = "validation";

    /// <summary>The same on each data set's first prompt, which all variants train: how far a variant has converged.</summary>
    public const string FirstPrompts = "validation, first prompts";

    /// <summary>The step of the checkpoint that was tested.</summary>
    public const string ChosenStep = "chosen step";

    /// <summary>In front of a metric that was measured at a check and not on the chosen checkpoint.</summary>
    internal const string AtCheck = "at a check: ";

    /// <summary>What calibration takes for an input that says nothing.</summary>
    private const string Premise = "The answer is:";

    /// <summary>Rendered texts of a data set that the vocabulary is trained on.</summary>
    private const int VocabularyTexts = 2_000;

    private static readonly LengthNormalisation[] Normalisations = Enum.GetValues<LengthNormalisation>();

    private readonly PromptTasks _tasks;
    private readonly Device _device;
    private readonly RunCache? _cache;
    private readonly List<DroppedRows> _dropped = [];
    private IReadOnlyList<PromptBaselines>? _baselines;

    /// <summary>Prepares what all runs share: the vocabulary, and the test examples as every prompt words them.</summary>
    /// <param name="tasks">Data sets with their prompts, and what is held out.</param>
    /// <param name="study">The sizes that the runs have in common, and the data sets whose trained prompts are tested beside what is held out.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="cache">Where the common start of each seed is kept; null to train it for every run.</param>
    public T0Comparison(PromptTasks tasks, T0Study study, Device device, RunCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(study);
        (_tasks, _device, _cache) = (tasks, device, cache);
        IReadOnlyList<string> texts = tasks.Entries.Count > 0 ? tasks.Entries : [.. tasks.Training.SelectMany(PromptedTexts)];
        Tokens = tasks.Tokens ?? TextTokens.Of(WordPieceTrainer.Train(texts, study.Pieces));
        Tests = [.. tasks.Where(task => task.IsHeldOut || IsTrained(task, study)).SelectMany(task => TestsOf(task, study))];
        Checksum = Hash([.. texts, .. Tests.SelectMany(t => t.Examples).SelectMany(e => e.Parts), .. tasks.SelectMany(t => t.Prompts.Prompts).Select(p => p.Jinja)]);
    }

    /// <summary>The tokens that all models share.</summary>
    public TextTokens Tokens { get; }

    /// <summary>What every model is tested on.</summary>
    public IReadOnlyList<ZeroShotTest> Tests { get; }

    /// <summary>Hash of prompts and data.</summary>
    public string Checksum { get; }

    /// <summary>Test rows that were passed over, because one of their set's prompts would have been cut with them.</summary>
    public IReadOnlyList<DroppedRows> Dropped => _dropped;

    /// <summary>What the lengths of a study cut from each test, prompt by prompt; for the table that says so.</summary>
    /// <param name="study">Its lengths.</param>
    public IReadOnlyList<PromptLengths> Lengths(T0Study study) =>
        [.. Tests.Select(t => PromptLengths.Of(t.Dataset, t.Prompt, t.Examples, Tokens, study.Training.InputLength, study.Training.TargetLength))];

    /// <summary>Chance, majority and lexical overlap of each test: the lines that belong beside every accuracy.</summary>
    public IReadOnlyList<PromptBaselines> Baselines() => _baselines ??= [.. Tests.Select(PromptBaselines.Of)];

    /// <summary>
    /// One run: trains a model and measures its accuracy on every test under every length normalisation, and calibrated on what is held out (see <see cref="PromptAccuracy"/>). At
    /// each check there are <see cref="Validation"/>, <see cref="FirstPrompts"/> and the accuracies on new wordings.
    /// </summary>
    public IEnumerable<Measurement> Measure(Run<T0Study> run)
    {
        var study = run.Settings;
        using var model = Start(study, run.Seed, run.Progress, run.Cancellation);
        IReadOnlyList<Measurement> checks = study.Prompts == PromptSubset.None ? [] : Tune(model, study, run.Seed, run.Progress, run.WorkFolder, run.Cancellation);
        run.Keep(model);
        run.Progress?.Report(new($"{run.Variant}, seed {run.Seed}: testing", 0, 0));
        return [.. checks, .. Baselines().SelectMany(line => line.Measurements()), .. Measure(Classifier(model, study), study.Training.Training.Steps)];
    }

    /// <summary>The accuracy of any model on every test.</summary>
    /// <param name="classifier">Reads answers off the model.</param>
    /// <param name="step">The training step to note.</param>
    public IEnumerable<Measurement> Measure(RankClassifier classifier, long step)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return Tests.SelectMany(test =>
        {
            // One pass gives every rule its answer.
            bool calibrated = test.Kind is ZeroShotKind.HeldOutDataset or ZeroShotKind.HeldOutTask;
            (string, IReadOnlyList<string>)[] questions = [.. test.Examples.Select(e => (e.Input, e.Choices!))];
            var scores = calibrated ? classifier.ScoreCalibrated(questions, Premise) : classifier.Score(questions);
            return Normalisations.Select(rule => new Measurement(step, PromptAccuracy.Metric(test, rule), Accuracy(s => s.Best(rule))))
                .Concat(calibrated ? [new(step, PromptAccuracy.CalibratedMetric(test), Accuracy(s => s.BestCalibrated()))] : []);

            double Accuracy(Func<ChoiceScores, int> answer) => scores.Zip(test.Examples).Average(p => answer(p.First) == p.Second.TargetChoice ? 1.0 : 0.0);
        });
    }

    /// <summary>A trained model, ready to answer; the caller owns it. What <see cref="T0Experiments.Prompts"/> has trained and kept is not trained again.</summary>
    /// <param name="study">Prompts, data sets, model and training.</param>
    /// <param name="seed">Root of everything random.</param>
    /// <param name="progress">Is told the step and the loss.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public T5ForConditionalGeneration Train(T0Study study, int seed, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        var model = Start(study, seed, progress, cancellation);
        if (study.Prompts != PromptSubset.None) CommonStart.Obtain(model, KeyOf(study, seed), _cache, work => Tune(model, study, seed, progress, work, cancellation));
        model.eval();
        return model;
    }

    /// <summary>Under which key the weights of a prompted training are kept.</summary>
    /// <param name="study">Prompts, data sets, model and training.</param>
    /// <param name="seed">The seed.</param>
    public RunKey KeyOf(T0Study study, int seed) => RunKey.Of(T0Experiments.PromptsName, study, seed, Checksum, _device.ToString());

    /// <summary>The common start of a seed: p = 0, and what every variant goes on from.</summary>
    private T5ForConditionalGeneration Start(T0Study study, int seed, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        Seed root = new((ulong)seed);
        var config = study.Model with { VocabSize = Tokens.Count + T0Start.Sentinels, PadTokenId = Tokens.PaddingId, EosTokenId = Tokens.EndId };
        var model = new T5ForConditionalGeneration(config, root.For("weights").ToInt64());
        study.Mimetic?.Apply(model);
        model.to(_device);
        // All that the start depends on, and nothing that a variant may change.
        T0Study settings = new()
        {
            Start = study.Start,
            Pieces = study.Pieces,
            Model = config,
            Mimetic = study.Mimetic,
        };
        if (study.Start.Steps > 0)
            CommonStart.Obtain(model, RunKey.Of("t0-start", settings, seed, Checksum, _device.ToString()), _cache, work =>
            {
                var options = study.Start.Options(study.Training);
                IReadOnlyList<string> texts = _tasks.Entries.Count > 0 ? _tasks.Entries : [.. _tasks.Training.SelectMany(task => task[Split.Train]).Select(BareText).Where(text => text.Contains(' '))];
                using var training = new TextToTextTraining(model, study.Start.Examples(texts, Tokens, root.For("start")), options, root.For("start"));
                Resumption resumption = new(training.Run, work);
                foreach (var step in training.Steps(cancellation))
                    resumption.Keep(progress, new($"common start, seed {seed}", step.Step, options.Training.Steps, $"loss {step.Loss:F2}"));
            });
        model.eval();
        return model;
    }

    /// <summary>Trains on prompts, and leaves the model as it was at its best check; gives what the checks measured.</summary>
    private IReadOnlyList<Measurement> Tune(T5ForConditionalGeneration model, T0Study study, int seed, IProgress<ProgressReport>? progress, string workFolder, CancellationToken cancellation)
    {
        var root = new Seed((ulong)seed).For("prompts");
        var options = study.Training;
        string folder = workFolder.Length > 0 ? workFolder : Directory.CreateTempSubdirectory("t0-").FullName, best = Path.Combine(folder, "best.weights");
        try
        {
            using var training = new TextToTextTraining(model, Prompted(study, root), options, root);
            Resumption resumption = new(training.Run, workFolder);
            var (own, first) = ValidationTests(study);
            long every = Math.Max(1, (options.Training.Steps + study.Checks - 1) / Math.Max(1, study.Checks));
            foreach (var step in training.Steps(cancellation))
            {
                if (step.Step % every == 0 || training.Run.IsDone)
                {
                    model.eval();
                    var classifier = Classifier(model, study);
                    double accuracy = Mean(own), before = resumption.Rows.Where(r => r.Metric == Validation && r.Step < step.Step).Select(r => r.Value).DefaultIfEmpty(-1).Max();
                    resumption.Add(new(step.Step, Validation, accuracy));
                    resumption.Add(new(step.Step, FirstPrompts, study.Prompts == PromptSubset.One ? accuracy : Mean(first)));
                    foreach (var test in Tests.Where(t => t.Kind == ZeroShotKind.NewWording))
                        resumption.Add(new(step.Step, AtCheck + PromptAccuracy.Metric(test, LengthNormalisation.None), classifier.Accuracy([.. test.Examples.Take(study.ValidationExamples)])));
                    // Of equals the later one, which has read more.
                    if (accuracy >= before) Checkpoint.SaveWeights(best, model);

                    double Mean(IReadOnlyList<IReadOnlyList<PromptedExample>> tests) => tests.Average(rows => classifier.Accuracy(rows));
                }
                resumption.Keep(progress, new($"prompts, seed {seed}", step.Step, options.Training.Steps, $"loss {step.Loss:F2}"));
            }
            Checkpoint.LoadWeights(best, model);
            model.eval();
            var chosen = resumption.Rows.Where(r => r.Metric == Validation).OrderBy(r => r.Step).Aggregate((a, b) => b.Value >= a.Value ? b : a);
            return [.. resumption.Rows, new(0, ChosenStep, chosen.Step)];
        }
        finally
        {
            if (workFolder.Length == 0) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Validation rows as the trained prompts word them, equally many of each data set; and as each data set's first prompt does.</summary>
    private (IReadOnlyList<IReadOnlyList<PromptedExample>> Own, IReadOnlyList<IReadOnlyList<PromptedExample>> First) ValidationTests(T0Study study)
    {
        var trained = Trained(study);
        return (
            [.. trained.SelectMany(set => set.Prompts.Where(p => p.AnswerChoices is not null).ToList() is var prompts
                ? prompts.Select(p => Rows(set.Task, p, Math.Max(1, study.ValidationExamples / prompts.Count))) : []).Where(rows => rows.Count > 0)],
            [.. trained.Select(set => Rows(set.Task, First(set.Task), study.ValidationExamples)).Where(rows => rows.Count > 0)]);

        IReadOnlyList<PromptedExample> Rows(PromptTask task, Prompt prompt, int count) =>
            [.. task.Apply(prompt, Split.Valid).Where(e => e.TargetChoice >= 0 && Fits(e, study)).Take(count)];
    }

    /// <summary>Rank classification with a model of these tokens.</summary>
    /// <param name="model">A model that <see cref="Train"/> made.</param>
    /// <param name="study">Its study.</param>
    public RankClassifier Classifier(T5ForConditionalGeneration model, T0Study study) =>
        new(model, Tokens, _device) { InputLength = study.Training.InputLength, TargetLength = study.Training.TargetLength };

    /// <summary>The data sets that a study trains, each with its prompts: what the mixture is made of.</summary>
    /// <param name="study">The study.</param>
    public IReadOnlyList<(PromptTask Task, IReadOnlyList<Prompt> Prompts)> Trained(T0Study study) =>
        [.. _tasks.Training.Where(task => IsTrained(task, study)).Select(task => (task, study.Prompts switch
        {
            PromptSubset.None => (IReadOnlyList<Prompt>)[],
            PromptSubset.One => [First(task)],
            PromptSubset.OriginalTask => [.. task.TrainingPrompts.Where(IsOriginal)],
            _ => task.TrainingPrompts,
        }))];

    /// <summary>
    /// The examples of a run: data sets alike or by T0's rule, their prompts alike, and every text of a data set once before any comes again. A row that its prompt
    /// does not apply to, or that would be cut, gives way to the next.
    /// </summary>
    internal Func<long, TokenPair> Prompted(T0Study study, Seed seed)
    {
        var sources = Trained(study).SelectMany(set =>
        {
            IReadOnlyList<PromptExample> rows = [.. set.Task[Split.Train].Take(study.Examples)];
            // Some prompts are for a part of the examples only, and a small sample may hold none of that part.
            return set.Prompts.Where(prompt => rows.Any(row => Usable(Word(prompt, row, seed)))).Select(prompt => (Dataset: set.Task.Name, Prompt: prompt, Rows: rows));
        }).ToList();
        var mixture = new Mixture(
            sources.GroupBy(s => s.Dataset).Select(set => new MixtureSource(set.Key, set.First().Rows.Count, [.. set.Select(s => s.Prompt.Name)])),
            study.MixtureCap > 0 ? new MixtureRule.T0(study.MixtureCap) : new MixtureRule.EqualDatasets());
        long pool = study.Training.SortedBatches, pools = (study.Training.Training.Steps + pool - 1) / pool;
        var draws = mixture.SampleExactly(checked((int)(pools * pool * study.Training.BatchSize)), seed.For("mixture").Value);
        // The place of each draw among all that its data set gives, whichever prompt words it.
        var given = new Dictionary<string, int>();
        int[] places = [.. draws.Select(draw => given[sources[draw].Dataset] = given.GetValueOrDefault(sources[draw].Dataset, -1) + 1)];
        var orders = new Dictionary<(string, int), int[]>();
        return n =>
        {
            var (dataset, prompt, rows) = sources[draws[(int)n]];
            PromptedExample worded;
            int place = places[n];
            do
            {
                int epoch = place / rows.Count;
                if (!orders.TryGetValue((dataset, epoch), out int[]? order)) orders[(dataset, epoch)] = order = seed.For(dataset).At(epoch).Permutation(rows.Count);
                worded = Word(prompt, rows[order[place++ % rows.Count]], seed.At(n));
            }
            while (!Usable(worded));
            return new(Tokens.Input(worded.Input, study.Training.InputLength), Tokens.Target(worded.Target!, study.Training.TargetLength));
        };

        bool Usable(PromptedExample worded) => worded.IsUsable && Fits(worded, study);
    }

    /// <summary>Whether nothing of an example would be cut.</summary>
    private bool Fits(PromptedExample worded, T0Study study) =>
        Tokens.Input(worded.Input, int.MaxValue).Length <= study.Training.InputLength
        && (worded.Choices ?? []).Append(worded.Target!).All(text => Tokens.Target(text, int.MaxValue).Length <= study.Training.TargetLength);

    private static string BareText(PromptExample example) => example.Select(field => field.Value).OfType<string>().MaxBy(text => text.Length) ?? "";

    private static PromptedExample Word(Prompt prompt, PromptExample row, Seed seed) => prompt.Apply(row, ChoiceSource.Seeded(seed.Value));

    private static Prompt First(PromptTask task) => task.TrainingPrompts.FirstOrDefault(IsOriginal) ?? task.TrainingPrompts[0];

    private static bool IsTrained(PromptTask task, T0Study study) => study.Datasets.Count == 0 || study.Datasets.Contains(task.Name);

    private static bool IsOriginal(Prompt prompt) => prompt.Metadata.OriginalTask ?? false;

    /// <summary>
    /// The prompts that a data set is tested by: of a held-out one those that pose its own task, as t-zero's evaluation has it; of a trained one the first, which every variant
    /// trains, and the held-out ones.
    /// </summary>
    private static IEnumerable<Prompt> TestPrompts(PromptTask task) => task.IsHeldOut ? task.HeldOutPrompts.Where(IsOriginal) : [First(task), .. task.HeldOutPrompts];

    /// <summary>
    /// The tests of a data set. A row counts only if no prompt's input or choice is cut with it, so that all prompts are asked about the same rows. Left out is a prompt that rank
    /// classification cannot score: one without choices, or for too few of the rows.
    /// </summary>
    private IEnumerable<ZeroShotTest> TestsOf(PromptTask task, T0Study study)
    {
        Prompt[] prompts = [.. TestPrompts(task).Where(p => p.AnswerChoices is not null)];
        var kept = prompts.ToDictionary(p => p, _ => new List<PromptedExample>());
        int rows = 0, dropped = 0;
        foreach (var (at, row) in task[Split.Test].Index())
        {
            if (rows == study.TestExamples) break;
            var worded = prompts.Select(p => (Prompt: p, Example: p.Apply(row, ChoiceSource.Seeded(0, $"{task.Name}/{p.Name}/{at}"))))
                .Where(w => w.Example.IsUsable && w.Example.TargetChoice >= 0).ToList();
            if (worded.Count == 0) continue;
            if (worded.Any(w => !Fits(w.Example, study)))
            {
                dropped++;
                continue;
            }
            rows++;
            foreach (var (prompt, example) in worded) kept[prompt].Add(example);
        }
        _dropped.Add(new(task.Name, dropped, rows));
        return prompts.Where(p => kept[p].Count > 0 && kept[p].Count * 2 >= rows).Select(p => new ZeroShotTest(KindOf(task, p), task.Name, p.Name, kept[p]));
    }

    private ZeroShotKind KindOf(PromptTask task, Prompt prompt) => task switch
    {
        { IsHeldOut: true } when task.Name == MatchingExamples.AnyLength(task.Name.Split(',')[0]) => ZeroShotKind.AnyLength,
        { IsHeldOut: true } => _tasks.HeldOutTasks.Contains(task) ? ZeroShotKind.HeldOutTask : ZeroShotKind.HeldOutDataset,
        _ when prompt == First(task) => ZeroShotKind.TrainedPrompt,
        _ when prompt.AnswerChoices == First(task).AnswerChoices => ZeroShotKind.NewWording,
        _ when task.TrainingPrompts.Any(trained => trained.AnswerChoices == prompt.AnswerChoices) => ZeroShotKind.OtherAnswerWords,
        _ => ZeroShotKind.NewAnswerWords,
    };

    /// <summary>Input and target of some training examples, the training prompts taking turns.</summary>
    private static IEnumerable<string> PromptedTexts(PromptTask task) => task[Split.Train].Take(VocabularyTexts)
        .Select((example, row) => task.TrainingPrompts[row % task.TrainingPrompts.Count].Apply(example, ChoiceSource.Seeded((ulong)row)))
        .Where(worded => worded.IsUsable)
        .SelectMany(worded => worded.Parts);

    private static string Hash(IReadOnlyList<string> texts)
    {
        var hash = new XxHash128();
        foreach (string text in texts) hash.Append(Encoding.UTF8.GetBytes(text + "\n"));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}

/// <summary>What of a data set's test part was passed over.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Dropped">Rows that one of its prompts would have been cut with.</param>
/// <param name="Kept">Rows that the tests ask about.</param>
public sealed record DroppedRows(string Dataset, int Dropped, int Kept);
