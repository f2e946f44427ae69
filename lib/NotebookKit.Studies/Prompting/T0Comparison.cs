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
/// Trains the same small encoder-decoder on one choice of prompts and data sets after another, with as many training examples each, and
/// tests all of them on the same prompts. Of a data set's tested prompts only the first was ever trained, and that one by every variant.
/// </summary>
public sealed class T0Comparison
{
    /// <summary>Rendered texts of a data set that the vocabulary is trained on.</summary>
    private const int VocabularyTexts = 2_000;

    private static readonly LengthNormalisation[] Normalisations = Enum.GetValues<LengthNormalisation>();

    private readonly PromptTasks _tasks;
    private readonly Device _device;

    /// <summary>Prepares what all runs share: the test examples as every prompt words them, and the vocabulary.</summary>
    /// <param name="tasks">Data sets with their prompts, and what is held out.</param>
    /// <param name="study">The sizes that the runs have in common.</param>
    /// <param name="device">Where to train.</param>
    public T0Comparison(PromptTasks tasks, T0Study study, Device device)
    {
        (_tasks, _device) = (tasks, device);
        Tests = [.. tasks.SelectMany(task => TestPrompts(task).Select(prompt => Test(task, prompt, study.TestExamples)).OfType<ZeroShotTest>())];
        List<string> texts = [.. tasks.Training.SelectMany(PromptedTexts)];
        Tokens = TextTokens.Of(WordPieceTrainer.Train(texts, study.Pieces));
        Checksum = Hash([.. texts, .. Tests.SelectMany(t => t.Examples).SelectMany(e => e.Parts), .. tasks.SelectMany(t => t.Prompts.Prompts).Select(p => p.Jinja)]);
    }

    /// <summary>The tokens that all models share.</summary>
    public TextTokens Tokens { get; }

    /// <summary>What every model is tested on.</summary>
    public IReadOnlyList<ZeroShotTest> Tests { get; }

    /// <summary>Hash of prompts and data.</summary>
    public string Checksum { get; }

    /// <summary>What the lengths of a study cut from each test, prompt by prompt; for the table that says so.</summary>
    /// <param name="study">Its lengths.</param>
    public IReadOnlyList<PromptLengths> Lengths(T0Study study) =>
        [.. Tests.Select(t => PromptLengths.Of(t.Dataset, t.Prompt, t.Examples, Tokens, study.Training.InputLength, study.Training.TargetLength))];

    /// <summary>Chance, majority and lexical overlap of each test: the lines that belong beside every accuracy.</summary>
    public IReadOnlyList<PromptBaselines> Baselines() => [.. Tests.Select(PromptBaselines.Of)];

    /// <summary>One run: trains a model and measures its accuracy on every test under every length normalisation; see <see cref="PromptAccuracy"/>.</summary>
    public IEnumerable<Measurement> Measure(Run<T0Study> run)
    {
        using var model = Train(run.Settings, run.Seed, run.Progress, run.WorkFolder, run.Cancellation);
        return [.. Measure(Classifier(model, run.Settings), run.Settings.Training.Training.Steps)];
    }

    /// <summary>The accuracy of any model on every test.</summary>
    /// <param name="classifier">Reads answers off the model.</param>
    /// <param name="step">The training step to note.</param>
    public IEnumerable<Measurement> Measure(RankClassifier classifier, long step) => Tests.SelectMany(test => Normalisations.Zip(
        classifier.Accuracies(test.Examples, Normalisations), (rule, accuracy) => new Measurement(step, PromptAccuracy.Metric(test, rule), accuracy)));

    /// <summary>A trained model, ready to answer; the caller owns it.</summary>
    /// <param name="study">Prompts, data sets, model and training.</param>
    /// <param name="seed">Root of everything random.</param>
    /// <param name="progress">Is told the step and the loss.</param>
    /// <param name="workFolder">Where an interrupted training is kept, to go on from there; "" to keep nothing.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public T5ForConditionalGeneration Train(
        T0Study study, int seed, IProgress<ProgressReport>? progress = null, string workFolder = "", CancellationToken cancellation = default)
    {
        Seed root = new((ulong)seed);
        var config = study.Model with { VocabSize = Tokens.Count, PadTokenId = Tokens.PaddingId, EosTokenId = Tokens.EndId };
        var model = new T5ForConditionalGeneration(config, root.For("weights").ToInt64());
        model.to(_device);
        if (study.LanguageModelSteps > 0)
            Advance("language model", study.Training with { Training = study.Training.Training with { Steps = study.LanguageModelSteps } }, Continuations);
        if (study.Prompts != PromptSubset.None) Advance("prompts", study.Training, Prompted);
        model.eval();
        return model;

        void Advance(string stage, TextToTextOptions options, Func<T0Study, Seed, Func<long, TokenPair>> examples)
        {
            using var training = new TextToTextTraining(model, examples(study, root.For(stage)), options, root.For(stage));
            Resumption resumption = new(training.Run, workFolder.Length == 0 ? "" : Path.Combine(workFolder, stage));
            foreach (var step in training.Steps(cancellation))
                resumption.Keep(progress, new(stage, step.Step, options.Training.Steps, $"loss {step.Loss:F2}"));
        }
    }

    /// <summary>Rank classification with a model of these tokens.</summary>
    /// <param name="model">A model that <see cref="Train"/> made.</param>
    /// <param name="study">Its study.</param>
    public RankClassifier Classifier(T5ForConditionalGeneration model, T0Study study) =>
        new(model, Tokens, _device) { InputLength = study.Training.InputLength, TargetLength = study.Training.TargetLength };

    /// <summary>The data sets that a study trains, each with its prompts: what the mixture is made of.</summary>
    /// <param name="study">The study.</param>
    public IReadOnlyList<(PromptTask Task, IReadOnlyList<Prompt> Prompts)> Trained(T0Study study) =>
        [.. _tasks.Training.Where(task => study.Datasets.Count == 0 || study.Datasets.Contains(task.Name)).Select(task => (task, study.Prompts switch
        {
            PromptSubset.None => (IReadOnlyList<Prompt>)[],
            PromptSubset.One => [First(task)],
            PromptSubset.OriginalTask => [.. task.TrainingPrompts.Where(IsOriginal)],
            _ => task.TrainingPrompts,
        }))];

    /// <summary>The examples of a run: data sets alike, their prompts alike, and every text of a data set once before any comes again.</summary>
    internal Func<long, TokenPair> Prompted(T0Study study, Seed seed)
    {
        var sources = Trained(study).SelectMany(set =>
        {
            IReadOnlyList<PromptExample> rows = [.. set.Task[Split.Train].Take(study.Examples)];
            // Some prompts are for a part of the examples only, and a small sample may hold none of that part.
            return set.Prompts.Where(prompt => rows.Any(row => Word(prompt, row, seed).IsUsable)).Select(prompt => (Dataset: set.Task.Name, Prompt: prompt, Rows: rows));
        }).ToList();
        var mixture = new Mixture(
            sources.GroupBy(s => s.Dataset).Select(set => new MixtureSource(set.Key, set.First().Rows.Count, [.. set.Select(s => s.Prompt.Name)])), new MixtureRule.EqualDatasets());
        var draws = mixture.SampleExactly(checked((int)study.Training.Training.Steps * study.Training.BatchSize), seed.For("mixture").Value);
        // The place of each draw among all that its data set gives, whichever prompt words it.
        var given = new Dictionary<string, int>();
        int[] places = [.. draws.Select(draw => given[sources[draw].Dataset] = given.GetValueOrDefault(sources[draw].Dataset, -1) + 1)];
        var orders = new Dictionary<(string, int), int[]>();
        return n =>
        {
            var (dataset, prompt, rows) = sources[draws[(int)n]];
            // A prompt that does not apply to the example takes the next one to which it does.
            PromptedExample worded;
            int place = places[n];
            do
            {
                int epoch = place / rows.Count;
                if (!orders.TryGetValue((dataset, epoch), out int[]? order)) orders[(dataset, epoch)] = order = seed.For(dataset).At(epoch).Permutation(rows.Count);
                worded = Word(prompt, rows[order[place++ % rows.Count]], seed.At(n));
            }
            while (!worded.IsUsable);
            return new(Tokens.Input(worded.Input, study.Training.InputLength), Tokens.Target(worded.Target!, study.Training.TargetLength));
        };
    }

    /// <summary>The bare texts of the training data sets, cut into prefix and continuation: no prompt, no question.</summary>
    private Func<long, TokenPair> Continuations(T0Study study, Seed seed)
    {
        List<string> texts = [.. _tasks.Training.SelectMany(task => task[Split.Train].Take(study.Examples)).Select(BareText).Where(text => text.Contains(' '))];
        return n => PrefixLanguageModel.Cut(
            Tokens.Input(texts[seed.At(n).ToRandom().Next(texts.Count)], study.Training.InputLength), Tokens.EndId, seed.At(n).For("cut"));
    }

    private static string BareText(PromptExample example) => example.Select(field => field.Value).OfType<string>().MaxBy(text => text.Length) ?? "";

    private static PromptedExample Word(Prompt prompt, PromptExample row, Seed seed) => prompt.Apply(row, ChoiceSource.Seeded(seed.Value));

    private static Prompt First(PromptTask task) => task.TrainingPrompts.FirstOrDefault(IsOriginal) ?? task.TrainingPrompts[0];

    private static bool IsOriginal(Prompt prompt) => prompt.Metadata.OriginalTask ?? false;

    /// <summary>All held-out prompts of a data set, and the first one that every variant trains.</summary>
    private static IEnumerable<Prompt> TestPrompts(PromptTask task) => task.IsHeldOut ? task.HeldOutPrompts : [First(task), .. task.HeldOutPrompts];

    /// <summary>The test examples as a prompt words them; null for a prompt that rank classification cannot score: one without choices, or with a target that is none of them.</summary>
    private ZeroShotTest? Test(PromptTask task, Prompt prompt, int count)
    {
        if (prompt.AnswerChoices is null) return null;
        IReadOnlyList<PromptedExample> examples = [.. task.Apply(prompt, Split.Test).Take(count)];
        return examples.Count == 0 || examples.Any(e => e.TargetChoice < 0) ? null : new(KindOf(task, prompt), task.Name, prompt.Name, examples);
    }

    private ZeroShotKind KindOf(PromptTask task, Prompt prompt) => task switch
    {
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
