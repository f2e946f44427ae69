using NotebookKit.Models;
using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// One multitask prompted training from a common start. The defaults are the paper's (§5: T5+LM of 11 billion parameters, Adafactor at a constant 1e-3 with parameter
/// scaling, 1,024 packed rows of 1,024 and 256 tokens a batch, 12,200 steps); <see cref="T0Experiments.Of"/> gives the sizes of the notebook's presets.
/// </summary>
[Paper("NotebookKit.Prompting", "NotebookKit.Templates", "NotebookKit.Studies.Prompting")]
public sealed record T0Study
{
    /// <summary>Which prompts of a data set are trained.</summary>
    public PromptSubset Prompts { get; init; } = PromptSubset.All;

    /// <summary>Names of the data sets that are trained; all when empty.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>The most distinct examples of a data set.</summary>
    public int Examples { get; init; } = 500_000;

    /// <summary>The cap of T0's mixture rule; 0 for data sets that share the training alike.</summary>
    public long MixtureCap { get; init; } = 500_000;

    /// <summary>What every variant starts from, and what p = 0 is.</summary>
    public T0Start Start { get; init; } = new();

    /// <summary>Size of the vocabulary.</summary>
    public WordPieceTraining Pieces { get; init; } = new() { VocabularySize = 32_000 };

    /// <summary>The model; its vocabulary follows the pieces.</summary>
    public T5Config Model { get; init; } = new()
    {
        DModel = 4096,
        DKv = 64,
        DFf = 10240,
        NumLayers = 24,
        NumHeads = 64,
        FeedForwardProj = "gated-gelu",
        TieWordEmbeddings = false,
    };

    /// <summary>What is changed in the initial weights; null for T5's own, as in the paper.</summary>
    public MimeticWeights? Mimetic { get; init; }

    /// <summary>Batch, lengths, steps and optimizer of the prompted training.</summary>
    public TextToTextOptions Training { get; init; } = new();

    /// <summary>How often the model is checked on validation rows of trained prompts; the best check is the model that is tested.</summary>
    public int Checks { get; init; } = 12;

    /// <summary>Validation rows of a trained prompt.</summary>
    public int ValidationExamples { get; init; } = 100;

    /// <summary>Test examples of a prompt.</summary>
    public int TestExamples { get; init; } = 1_000;
}

/// <summary>Which of a data set's training prompts a model is trained on: T0's ablation over p, the number of prompts (Sanh et al. 2022, §6.2).</summary>
public enum PromptSubset
{
    /// <summary>p = 0: no prompt at all. In the paper this is T5+LM, a language model; here it is the common start.</summary>
    None,

    /// <summary>p = 1: the first prompt that poses the data set's own task.</summary>
    One,

    /// <summary>All prompts that pose the data set's own task; 5.7 a data set in the paper.</summary>
    OriginalTask,

    /// <summary>All prompts, also those that ask for something else; 8.03 a data set in the paper.</summary>
    All,
}
