using NotebookKit.Models;
using NotebookKit.Studies.Experiments;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// One multitask prompted training. The defaults are the paper's (§5: T5+LM of 11 billion parameters, Adafactor at a constant 1e-3, 1,024
/// sequences of 1,024 and 256 tokens a batch, 12,200 steps); <see cref="Of"/> gives the sizes of the notebook's presets.
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

    /// <summary>Steps of prefix language modelling on the bare texts before the first prompt; T5+LM had 100,000.</summary>
    public int LanguageModelSteps { get; init; }

    /// <summary>Size of the vocabulary, which is trained on the prompted training texts.</summary>
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

    /// <summary>Batch, lengths, steps and optimizer.</summary>
    public TextToTextOptions Training { get; init; } = new();

    /// <summary>Test examples of a prompt.</summary>
    public int TestExamples { get; init; } = 1_000;

    /// <summary>The seeds of the comparison: initial weights, order, and which prompt words which example.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The settings of a preset: <c>smoke</c> (under a minute), <c>cpu</c> (two cores, a quarter of an hour), <c>gpu</c> (T5-base).</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static T0Study Of(string preset) => preset switch
    {
        "smoke" => Small with
        {
            Examples = 200,
            Model = Small.Model with { DModel = 32, DKv = 8, DFf = 64 },
            Pieces = Small.Pieces with { VocabularySize = 2_000 },
            Training = Steps(40, 16),
            TestExamples = 12,
            Seeds = [1],
        },
        "cpu" => Small,
        "long" => Small with { Seeds = [1, 2, 3, 4, 5] },
        "gpu" => Small with
        {
            Examples = 50_000,
            LanguageModelSteps = 20_000,
            Pieces = new() { VocabularySize = 16_000 },
            Model = new() { DModel = 768, DKv = 64, DFf = 2048, NumLayers = 12, NumHeads = 12, FeedForwardProj = "gated-gelu", TieWordEmbeddings = false },
            Training = new() { BatchSize = 256, MicroBatchSize = 64, InputLength = 256, TargetLength = 64, Training = new TextToTextOptions().Training with { Steps = 10_000 } },
            TestExamples = 500,
        },
        _ => throw Presets.Unknown(preset),
    };

    // A size that one core trains in half a minute. Adafactor steps in proportion to a weight's size, and so lets the embeddings, which
    // start ten times larger than the rest, move ten times as fast: AdamW learned nothing but the easiest task in the same time.
    private static T0Study Small { get; } = new()
    {
        Examples = 1_500,
        Pieces = new() { VocabularySize = 4_000 },
        Model = new() { DModel = 64, DKv = 16, DFf = 128, NumLayers = 2, NumDecoderLayers = 1, NumHeads = 4, DropoutRate = 0 },
        Training = Steps(1_200, 16),
        TestExamples = 80,
        Seeds = [1, 2, 3],
    };

    private static TextToTextOptions Steps(int steps, int batch) => new()
    {
        BatchSize = batch,
        MicroBatchSize = batch,
        InputLength = 48,
        TargetLength = 8,
        Training = new() { Steps = steps, WarmUpSteps = steps / 10, LearningRate = 2e-2 },
        Adafactor = new() { LearningRate = 2e-2, RelativeStep = false },
    };
}

/// <summary>Which of a data set's training prompts a model is trained on: T0's ablation over p, the number of prompts (Sanh et al. 2022, §6.2).</summary>
public enum PromptSubset
{
    /// <summary>p = 0: no prompt at all. In the paper this is T5+LM, a language model.</summary>
    None,

    /// <summary>p = 1: the first prompt that poses the data set's own task.</summary>
    One,

    /// <summary>All prompts that pose the data set's own task; 5.7 a data set in the paper.</summary>
    OriginalTask,

    /// <summary>All prompts, also those that ask for something else; 8.03 a data set in the paper.</summary>
    All,
}
