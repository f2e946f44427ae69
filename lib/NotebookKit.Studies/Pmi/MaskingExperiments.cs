using NotebookKit.Display;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Training;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// The experiments of the notebook, and what was expected of each before its long run. All are read paired by seed: a seed fixes initial
/// weights, order of the sentences and draws of the masks for every variant.
/// </summary>
public static class MaskingExperiments
{
    /// <summary>
    /// P-1, the paper's Table 1: random-token against whole-word masking, as the vocabulary of word pieces shrinks. Rows hold equally many
    /// words.
    /// <para>Expected: whole-word minus random-token masking is larger at 1,000 pieces than at 8,000, on the fine-tuned probe of word order (an
    /// earlier try saw .114 in the mean of four seeds). Against it would count: a contrast of the two gaps whose interval lies below 0.</para>
    /// </summary>
    /// <param name="preset">smoke, cpu, long or gpu.</param>
    /// <param name="data">The checksum of the corpus.</param>
    /// <param name="device">The kind of device.</param>
    public static Ablation<MaskingStudy> SmallVocabulary(string preset, string data, string device = "cpu")
    {
        int steps = preset == "long" ? 900 : 450;
        (int Size, int Length)[] vocabularies = preset is "long" or "gpu" ? [(1_000, 48), (2_000, 38), (8_000, 32)] : [(1_000, 48), (8_000, 32)];
        return new("pmi-small-vocabulary",
            [.. from v in vocabularies
                from scheme in new[] { "random token", "whole word" }
                select new Variant<MaskingStudy>(NameOf(scheme, v.Size), Of(preset) with
                {
                    Scheme = scheme,
                    Pieces = new() { VocabularySize = v.Size },
                    Pretraining = Of(preset).Pretraining with { SequenceLength = v.Length, BatchSize = 64, Training = Steps(preset, steps) },
                    EvaluateEvery = steps,
                    ProbeTexts = preset switch { "smoke" => 200, "long" => 4_000, _ => 2_000 },
                })],
            Seeds(preset, cpu: 3, most: 5), data, device);
    }

    /// <summary>What an experiment trains, beside the paper's settings.</summary>
    /// <param name="experiment">An experiment.</param>
    /// <param name="text">The corpus.</param>
    public static Card Card(Ablation<MaskingStudy> experiment, TextCorpus text) => Display.Card.Of("Pre-training", new MaskingStudy(), experiment.Variants[0].Settings,
            ("layers × width", s => $"{s.Model.NumHiddenLayers} × {s.Model.HiddenSize}"),
            ("word pieces", s => s.Pieces.VocabularySize),
            ("entries of the masking list", s => s.Entries),
            ("pieces in a sequence", s => s.Pretraining.SequenceLength),
            ("sequences in a batch", s => s.Pretraining.BatchSize),
            ("steps", s => s.Pretraining.Training.Steps),
            ("highest learning rate", s => s.Pretraining.Training.LearningRate),
            ("pieces seen, millions", s => s.Pretraining.Training.Steps * s.Pretraining.BatchSize * s.Pretraining.SequenceLength / 1_000_000.0))
        .With("corpus", "Wikipedia, BookCorpus", text.Name)
        .With("runs", null, $"{experiment.Variants.Count} variants × {experiment.Seeds.Count} seeds");

    /// <summary>The name of a variant of <see cref="SmallVocabulary"/>.</summary>
    /// <param name="scheme">The masking scheme.</param>
    /// <param name="pieces">The size of the vocabulary of word pieces.</param>
    public static string NameOf(string scheme, int pieces) => $"{scheme}, {pieces:N0} pieces";

    /// <summary>
    /// What P-1 asks: whole-word minus random-token masking at each vocabulary, smallest first, and last the contrast of the first gap with the
    /// last one.
    /// </summary>
    /// <param name="rows">The rows of <see cref="SmallVocabulary"/>.</param>
    /// <param name="metric">A score.</param>
    public static Contrasts Gaps(ResultRows rows, string metric)
    {
        int[] sizes = [.. new[] { 1_000, 2_000, 8_000 }.Where(size => rows.Variants.Contains(NameOf("random token", size)))];
        Contrast[] gaps = [.. sizes.Select(size => rows.Contrast(NameOf("whole word", size), NameOf("random token", size), metric))];
        return new([.. gaps, gaps[0].Minus(gaps[^1]) with { Variant = $"gap at {sizes[0]:N0} pieces", Baseline = $"gap at {sizes[^1]:N0} pieces" }]);
    }

    /// <summary>
    /// P-2, the abstract and Figure 1: every scheme of the paper and the control of equal lengths, on one schedule with six common
    /// checkpoints.
    /// <para>Expected: PMI reaches random token's last score sooner than the end, by the probe of word order; PMI is ahead of the spans that
    /// are as long as its units, which tells belonging together from length. Not expected at this size: PMI ahead of whole words. Against the
    /// paper would count an interval of PMI minus the control that lies below 0.</para>
    /// </summary>
    /// <inheritdoc cref="SmallVocabulary"/>
    public static Ablation<MaskingStudy> HalfTheTime(string preset, string data, string device = "cpu") => new(HalfTheTimeName,
        [.. MaskingStudy.Schemes.Select(scheme => new Variant<MaskingStudy>(scheme, Of(preset) with { Scheme = scheme })),
            new(NoTraining, Idle(Of(preset)))],
        Seeds(preset, cpu: 3, most: 5), data, device);

    /// <summary>The name of <see cref="HalfTheTime"/>.</summary>
    public const string HalfTheTimeName = "pmi-half-the-time";

    /// <summary>The variant that is not trained.</summary>
    public const string NoTraining = "no training";

    /// <summary>
    /// P-3, the dose: PMI lists of three sizes, the p² list of the authors, the frequency list, and random-token masking at 40 % with
    /// [MASK] alone (Wettig et al. 2023), under the settings of <see cref="HalfTheTime"/>.
    /// <para>Expected: the longer the list, the larger the share of masked words in units; whether the gain follows is open. Random token at
    /// 40 % is the first objection of a reader: if it is ahead of PMI at 15 %, the rate and not the units made the difference.</para>
    /// </summary>
    /// <inheritdoc cref="SmallVocabulary"/>
    public static Ablation<MaskingStudy> Dose(string preset, string data, string device = "cpu")
    {
        var study = Of(preset);
        return new("pmi-dose",
            [
                new("PMI, 2,000 entries", study with { Entries = 2_000 }),
                new("PMI, 8,000 entries", study with { Entries = 8_000 }),
                new("p² PMI", study with { Scheme = "p² PMI" }),
                new("frequency", study with { Scheme = "frequency" }),
                new("random token, 40 %", study with { Scheme = "random token", Masking = study.Masking with { Rate = 0.4, MaskShare = 1, RandomShare = 0 } }),
            ],
            Seeds(preset, cpu: 3, most: 3), data, device);
    }

    /// <summary>
    /// Real weights: MiniLM as it is, the same shape with weights that are drawn, and the trunk trained on under each scheme, then fine-tuned
    /// on public tasks, on which neither the corpus nor the scheme has any bearing but through the model.
    /// <para>Expected: continued pre-training on documentation costs a little on the public tasks, and the schemes differ by less than the
    /// seeds of fine-tuning do: a thousand steps are no million.</para>
    /// </summary>
    /// <inheritdoc cref="SmallVocabulary"/>
    public static Ablation<MaskingStudy> RealWeights(string preset, string data, string device = "cpu")
    {
        var study = Of(preset) with
        {
            Trunk = "MiniLM",
            Start = null,
            Pretraining = new() { BatchSize = 32, SequenceLength = 64, Training = Steps(preset, preset is "long" or "gpu" ? 1_000 : 200) with { LearningRate = 2e-4 } },
            EvaluateEvery = preset is "long" or "gpu" ? 250 : 100,
            HeldOut = preset == "smoke" ? 100 : 500,
            ProbeTexts = preset == "smoke" ? 60 : 500,
            FineTuning = new() { LearningRate = 1e-4, Epochs = 1, FreezeEmbeddings = true },
            Tasks = preset switch { "smoke" => ["TREC"], "cpu" => ["TREC", "SST-2"], _ => ["TREC", "SST-2", "MRPC", "RTE", PassageQuestions.Name] },
            TaskTuning = new() { LearningRate = 1e-4, Epochs = preset is "long" or "gpu" ? 2 : 1, FreezeEmbeddings = true },
            TaskLength = 96,
            TaskTexts = preset switch { "smoke" => 320, "cpu" => 2_000, "long" => 2_000, _ => 100_000 },
            Reading = new() { BatchSize = 16, LearningRate = 1e-4, Epochs = 3, FreezeEmbeddings = true },
            ReadingLength = 256,
        };
        string[] schemes = preset switch
        {
            "long" => ["random token", "PMI"],
            "gpu" => ["random token", "whole word", "random span", "PMI", MaskingStudy.MatchedSpans],
            _ => [],
        };
        return new("pmi-real-weights",
            [
                new("MiniLM", Idle(study)),
                new(RandomWeights, Idle(study) with { RandomWeights = true }),
                .. schemes.Select(scheme => new Variant<MaskingStudy>(MiniLMUnder(scheme), study with { Scheme = scheme })),
            ],
            Seeds(preset, cpu: 1, most: 1), data, device);
    }

    /// <summary>The control of <see cref="RealWeights"/>: the same shape and word pieces, and weights that are drawn.</summary>
    public const string RandomWeights = "MiniLM's shape, random weights";

    /// <summary>The real trunk, trained on under a scheme.</summary>
    /// <param name="scheme">The scheme.</param>
    public static string MiniLMUnder(string scheme) => $"MiniLM + {scheme}";

    /// <summary>
    /// The settings that the experiments share at a preset. Half of the words of held-out text lie inside one of so many entries, as in the
    /// paper; the model is one that two cores can train often. Its initial weights are larger than BERT's and look at neighbours
    /// (<see cref="NeighbourStart"/>), and its sequences hold 32 pieces: otherwise so small a model does not get past the frequency of the pieces in so
    /// few steps.
    /// </summary>
    /// <param name="preset">smoke, cpu, long or gpu.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static MaskingStudy Of(string preset) => preset switch
    {
        "smoke" => Small with
        {
            Model = Small.Model with { HiddenSize = 64, IntermediateSize = 256 },
            Pretraining = Small.Pretraining with { Training = Steps(preset, 60) },
            EvaluateEvery = 10,
            HeldOut = 200,
            ProbeTexts = 200,
            FineTuning = Small.FineTuning with { Epochs = 1 },
        },
        "cpu" => Small with { Pretraining = Small.Pretraining with { Training = Steps(preset, 600) }, EvaluateEvery = 100 },
        "long" => Small with { Pretraining = Small.Pretraining with { Training = Steps(preset, 1_200) }, EvaluateEvery = 200, ProbeTexts = 4_000 },
        "gpu" => Small with
        {
            Model = new() { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1536, MaxPositionEmbeddings = 128 },
            Pieces = new() { VocabularySize = 8_000 },
            Pretraining = new() { BatchSize = 256, SequenceLength = 128, Training = new() { Steps = 2_400, WarmUpSteps = 240, LearningRate = 5e-4 } },
            EvaluateEvery = 400,
            HeldOut = 5_000,
            ProbeTexts = 5_000,
        },
        _ => throw Presets.Unknown(preset),
    };

    private static MaskingStudy Small { get; } = new()
    {
        Entries = 12_000,
        ExaminedEntries = 12_000,
        Pieces = new() { VocabularySize = 2_000 },
        Model = new() { HiddenSize = 128, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 512, MaxPositionEmbeddings = 64, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.05 },
        Start = new(),
        Pretraining = new() { BatchSize = 64, SequenceLength = 32 },
        HeldOut = 1_000,
        ProbeTexts = 1_000,
        FineTuning = new() { LearningRate = 1e-3 },
    };

    private static TrainingOptions Steps(string preset, long steps) =>
        preset == "smoke" && steps > 60 ? Steps(preset, 60) : new() { Steps = steps, WarmUpSteps = steps / 10, LearningRate = 3e-3 };

    private static MaskingStudy Idle(MaskingStudy study) =>
        study with { Pretraining = study.Pretraining with { Training = study.Pretraining.Training with { LearningRate = 0 } } };

    private static IReadOnlyList<int> Seeds(string preset, int cpu, int most) =>
        [.. Enumerable.Range(1, preset switch { "smoke" => 1, "cpu" => cpu, "long" => most, _ => 1 })];
}
