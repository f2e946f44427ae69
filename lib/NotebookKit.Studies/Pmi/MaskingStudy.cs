using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Studies.Pmi;

/// <summary>
/// One pre-training run under one masking scheme. The defaults are the paper's (§5: BERT-base, 30K uncased pieces, 800K entries, no
/// next-sentence prediction); <see cref="MaskingExperiments"/> gives the sizes of the notebook's presets.
/// </summary>
[Paper("NotebookKit.Pmi", "NotebookKit.Studies.Pmi")]
public sealed record MaskingStudy
{
    /// <summary>The paper's schemes in the order of its story, and after the last one its control: random spans with the lengths of the PMI units.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["random token", "whole word", "random span", "naive PMI", "PMI", MatchedSpans];

    /// <summary>The scheme of <see cref="LengthMatchedMasker"/>.</summary>
    public const string MatchedSpans = "spans as long as PMI's";

    /// <summary>What chooses the units: one of <see cref="Schemes"/>, or "p² PMI" or "frequency".</summary>
    public string Scheme { get; init; } = "PMI";

    /// <summary>The size of the masking vocabularies.</summary>
    public int Entries { get; init; } = 800_000;

    /// <summary>How often an n-gram must occur to be a candidate; 11 is the paper's "over 10".</summary>
    public int MinCount { get; init; } = 11;

    /// <summary>The budget and the 80/10/10 rule.</summary>
    public MaskingOptions Masking { get; init; } = new();

    /// <summary>How the word pieces are trained; a real trunk brings its own.</summary>
    public WordPieceTraining Pieces { get; init; } = new();

    /// <summary>The pretrained model that the run starts from, such as "MiniLM"; "" for random weights.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>Whether only the trunk's shape and word pieces are taken, and its weights are drawn: the control of what pretraining is worth.</summary>
    public bool RandomWeights { get; init; }

    /// <summary>The model that is trained; its vocabulary size follows the pieces, and a real trunk has its own shape.</summary>
    public BertConfig Model { get; init; } = new();

    /// <summary>What is changed of its initial weights; null for BERT's own.</summary>
    public NeighbourStart? Start { get; init; }

    /// <summary>Batch, steps and rate.</summary>
    public PretrainingOptions Pretraining { get; init; } = new();

    /// <summary>Steps between two evaluations; all schemes are compared at the same steps.</summary>
    public int EvaluateEvery { get; init; } = 200_000;

    /// <summary>The number of held-out sentences that all models are examined on.</summary>
    public int HeldOut { get; init; } = 5_000;

    /// <summary>The entries of the PMI list whose mask all models are examined under, whatever list they were trained with.</summary>
    public int ExaminedEntries { get; init; } = 800_000;

    /// <summary>The most texts that a probe of word order learns from, and the most that it is tested on.</summary>
    public int ProbeTexts { get; init; } = 10_000;

    /// <summary>How the linear probe reads the models. The penalty is chosen for features of several layers from few texts.</summary>
    public LinearProbeOptions Probing { get; init; } = new() { AllLayers = true, InverseRegularization = 0.1 };

    /// <summary>How the probe of word order is fine-tuned at the end.</summary>
    public FineTuningOptions FineTuning { get; init; } = new();

    /// <summary>The public tasks (<see cref="PublicTask.Name"/>, <see cref="PassageQuestions.Name"/>) that the model is fine-tuned on at the end.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>How they are fine-tuned.</summary>
    public FineTuningOptions TaskTuning { get; init; } = new();

    /// <summary>The most tokens of an example of a public task.</summary>
    public int TaskLength { get; init; } = 128;

    /// <summary>The most training rows of a public task.</summary>
    public int TaskTexts { get; init; } = 100_000;

    /// <summary>How answers are learnt to be found in passages.</summary>
    public FineTuningOptions Reading { get; init; } = new();

    /// <summary>The most tokens of a question with its passage.</summary>
    public int ReadingLength { get; init; } = 384;
}
