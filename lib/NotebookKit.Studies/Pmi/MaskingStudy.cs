using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// One pre-training run under one masking scheme. The defaults are the paper's (§5: BERT-base, 30K uncased pieces, 800K entries, no
/// next-sentence prediction); <see cref="Of"/> gives the sizes of the notebook's presets.
/// </summary>
[Paper("NotebookKit.Pmi", "NotebookKit.Studies.Pmi")]
public sealed record MaskingStudy
{
    /// <summary>The five schemes that the notebook compares, in the order of the paper's story.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["random token", "whole word", "random span", "naive PMI", "PMI"];

    /// <summary>What chooses the units: one of <see cref="Schemes"/>, or "frequency".</summary>
    public string Scheme { get; init; } = "PMI";

    /// <summary>The size of the masking vocabularies.</summary>
    public int Entries { get; init; } = 800_000;

    /// <summary>How often an n-gram must occur to be a candidate; 11 is the paper's "over 10".</summary>
    public int MinCount { get; init; } = 11;

    /// <summary>The budget and the 80/10/10 rule.</summary>
    public MaskingOptions Masking { get; init; } = new();

    /// <summary>How the word pieces are trained.</summary>
    public WordPieceTraining Pieces { get; init; } = new();

    /// <summary>The model that is trained; its vocabulary size follows the pieces.</summary>
    public BertConfig Model { get; init; } = new();

    /// <summary>Batch, steps and rate.</summary>
    public PretrainingOptions Pretraining { get; init; } = new();

    /// <summary>Steps between two evaluations; all schemes are compared at the same steps.</summary>
    public int EvaluateEvery { get; init; } = 200_000;

    /// <summary>The number of held-out sentences that all models are examined on.</summary>
    public int HeldOut { get; init; } = 5_000;

    /// <summary>The most labelled texts that a probe learns from, and the most that it is tested on.</summary>
    public int ProbeTexts { get; init; } = 10_000;

    /// <summary>How the linear probes read the models. The penalty is chosen for features of several layers from few texts.</summary>
    public LinearProbeOptions Probing { get; init; } = new() { AllLayers = true, InverseRegularization = 0.1 };

    /// <summary>How the probe of word order is fine-tuned.</summary>
    public FineTuningOptions FineTuning { get; init; } = new();

    /// <summary>The seeds of the comparison: initial weights, order of the sentences, masks.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>The settings of a preset: <c>smoke</c> (about a minute), <c>cpu</c> (a quarter of an hour), <c>gpu</c> (BERT-base).</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static MaskingStudy Of(string preset) => preset switch
    {
        "smoke" => Small with
        {
            Model = Small.Model with { HiddenSize = 64, IntermediateSize = 256 },
            Pretraining = Small.Pretraining with { BatchSize = 32, Training = Small.Pretraining.Training with { Steps = 60, WarmUpSteps = 6 } },
            EvaluateEvery = 20,
            HeldOut = 300,
            ProbeTexts = 300,
            FineTuning = Small.FineTuning with { Epochs = 1 },
            Seeds = [1, 2],
        },
        "cpu" => Small,
        "long" => Small with { Seeds = [1, 2, 3, 4, 5] },
        "gpu" => new() { Entries = 100_000, Pretraining = new() { BatchSize = 256, SequenceLength = 128, Training = new() { Steps = 100_000 } }, EvaluateEvery = 20_000, Seeds = [1, 2, 3] },
        _ => throw Presets.Unknown(preset),
    };

    // A size that two cores can train fifteen times. Sequences hold one or two sentences and the initial weights are larger than
    // BERT's: with 64 places and weights of 0.02 a model this small does not get past the frequency of the pieces in 1,200 steps.
    private static MaskingStudy Small { get; } = new()
    {
        Entries = 8_000,
        Pieces = new() { VocabularySize = 2_000 },
        Model = new() { HiddenSize = 128, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 512, MaxPositionEmbeddings = 32, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.05 },
        Pretraining = new() { BatchSize = 64, SequenceLength = 32, Training = new() { Steps = 450, WarmUpSteps = 45, LearningRate = 3e-3 } },
        EvaluateEvery = 150,
        HeldOut = 1_000,
        ProbeTexts = 2_000,
        FineTuning = new() { LearningRate = 1e-3 },
        Seeds = [1, 2, 3],
    };
}
