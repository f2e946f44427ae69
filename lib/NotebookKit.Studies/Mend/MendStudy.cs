using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Training;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// One run: a model that knows some facts, and an editor that changes them. The defaults are the paper's (§4, App. D: GPT-2's shape, the
/// feed-forward layers of the last three blocks); <see cref="Of"/> gives the sizes of the notebook's presets.
/// </summary>
[Paper("NotebookKit.Mend", "NotebookKit.Studies.Mend")]
public sealed record MendStudy
{
    /// <summary>The editors that the notebook compares.</summary>
    public static IReadOnlyList<string> Editors { get; } = ["MEND", "FT", "FT+KL", "cache"];

    /// <summary>What edits: one of <see cref="Editors"/>.</summary>
    public string Editor { get; init; } = "MEND";

    /// <summary>Only facts of these relations; all when empty.</summary>
    public IReadOnlyList<string> Relations { get; init; } = [];

    /// <summary>Relations that no editor trains on.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = ["official language", "river", "composer", "HTTP status"];

    /// <summary>The model; its vocabulary follows the facts.</summary>
    public Gpt2Config Model { get; init; } = new();

    /// <summary>A folder with the weights of a published model to start from, or "".</summary>
    public string Weights { get; init; } = "";

    /// <summary>How it learns the facts.</summary>
    public FactLearningOptions Learning { get; init; } = new();

    /// <summary>The feed-forward layers of how many last blocks are edited.</summary>
    public int EditedBlocks { get; init; } = 3;

    /// <summary>The variant of MEND.</summary>
    public MendOptions Mend { get; init; } = new();

    /// <summary>How the MEND editor is trained.</summary>
    public MendTrainingOptions Training { get; init; } = new();

    /// <summary>Edits on which the statistics of u and delta are fitted, to stay as they are then; 0 to gather them in training, as the authors' code does.</summary>
    public int StatisticsEdits { get; init; }

    /// <summary>Edits of a training step.</summary>
    public int EditsPerStep { get; init; } = 10;

    /// <summary>How many of them change the model together; 1 for edits that know nothing of each other.</summary>
    public int EditsTogether { get; init; } = 1;

    /// <summary>Questions beside each edit of the training whose answers must stay; every other one is a neighbour.</summary>
    public int LocalityQuestions { get; init; } = 1;

    /// <summary>Factor on the learned rates after training: MEND's own way to trade success for locality.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Rate and steps of fine-tuning, with and without KL.</summary>
    public FineTuningEditOptions FineTuning { get; init; } = new();

    /// <summary>How near a question must be to an edited one for the cache to answer, as a distance of mean hidden states.</summary>
    public double CacheDistance { get; init; } = 1;

    /// <summary>Edits of each test.</summary>
    public int Tested { get; init; } = 500;

    /// <summary>Questions of each kind beside a tested edit whose answers must stay.</summary>
    public int Asked { get; init; } = 4;

    /// <summary>Sizes of batched edits, and the lengths at which a series of edits is judged.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 5, 25, 75, 125];

    /// <summary>Updates between two looks at the learned rates.</summary>
    public int LookEvery { get; init; } = 1000;

    /// <summary>The seeds of the comparison: initial weights, order of the questions, which facts are for tests, the editor's draws.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Rates of fine-tuning that make its trade-off curve.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [1e-4, 2e-4, 3e-4, 5e-4, 1e-3];

    /// <summary>Rates of fine-tuning with KL, which takes several times as long.</summary>
    public IReadOnlyList<double> RatesWithKl { get; init; } = [1e-4, 3e-4];

    /// <summary>Distances of the cache that make its trade-off curve.</summary>
    public IReadOnlyList<double> Distances { get; init; } = [2, 4, 6, 8];

    /// <summary>Factors on the learned rates that make MEND's trade-off curve; 1 is MEND as it was trained.</summary>
    public IReadOnlyList<double> Strengths { get; init; } = [0.5, 0.7, 1, 1.4, 2];

    /// <summary>Ranks of the editor's network that are tried.</summary>
    public IReadOnlyList<int> Ranks { get; init; } = [1, 4, 16, 64, 256];

    /// <summary>Steps of the editors of ablation and rank sweep.</summary>
    public long QuickSteps { get; init; } = 5_000;

    /// <summary>How many edits at once the second editor of the batches is trained on.</summary>
    public int EditsTogetherTried { get; init; } = 25;

    /// <summary>The settings of a preset: <c>smoke</c> (about a minute), <c>cpu</c> (one core, about a quarter of an hour), <c>gpu</c> (a GPT-2 of some 155 million parameters, or one from a folder).</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static MendStudy Of(string preset) => preset switch
    {
        "smoke" => Small with
        {
            Relations = ["continent", "prime minister", "president", "party leader", "moon"],
            Unseen = ["moon"],
            Model = Small.Model with { HiddenSize = 64, NumHiddenLayers = 2 },
            Learning = Small.Learning with { BatchSize = 64, Training = Small.Learning.Training with { Steps = 320, WarmUpSteps = 30, LearningRate = 5e-3 } },
            Training = Small.Training with { Steps = 16 },
            StatisticsEdits = 64,
            EditsPerStep = 8,
            FineTuning = new() { MaximumSteps = 10 },
            Tested = 4,
            Asked = 2,
            Batches = [1, 5],
            LookEvery = 4,
            Seeds = [1, 2],
            Rates = [3e-4, 1e-3],
            RatesWithKl = [1e-3],
            Distances = [4],
            Strengths = [0.7, 1],
            Ranks = [4, 64],
            QuickSteps = 4,
            EditsTogetherTried = 4,
        },
        "cpu" => Small,
        "long" => Small with { Seeds = [1, 2, 3, 4, 5] },
        "gpu" => new()
        {
            Model = new() { HiddenSize = 1024, NumHiddenLayers = 12, NumAttentionHeads = 16, MaxPositionEmbeddings = 64, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0 },
            Learning = new() { BatchSize = 256, Training = new() { Steps = 6_000, WarmUpSteps = 500, LearningRate = 3e-4, Beta2 = 0.98 } },
            Mend = new() { ClampLast = false },
            Training = new() { Steps = 20_000, LearningRate = 1e-5, Accumulate = 1, Schedule = RateSchedule.Cosine, ValidateEvery = 1_000 },
            StatisticsEdits = 2_048,
            EditsPerStep = 32,
            LocalityQuestions = 3,
            Rates = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4],
        },
        _ => throw Presets.Unknown(preset),
    };

    // A size at which one core can teach a model 2,263 facts and train a dozen editors. Two deviations from the reference, both of which the
    // ablation undoes: the editor's last layer has no ReLU, and the statistics are fitted once.
    private static MendStudy Small { get; } = new()
    {
        Model = new() { HiddenSize = 96, NumHiddenLayers = 3, NumAttentionHeads = 4, MaxPositionEmbeddings = 40, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0, InitializerRange = 0.05 },
        Learning = new() { Training = new() { Steps = 900, WarmUpSteps = 90, LearningRate = 3e-3, Beta2 = 0.98 } },
        EditedBlocks = 2,
        Mend = new() { Rank = 64, ClampLast = false, InitialAlpha = 1e-3 },
        Training = new() { Steps = 900, LearningRate = 2e-3, Accumulate = 1, Schedule = RateSchedule.Cosine, ValidateEvery = 100_000 },
        StatisticsEdits = 512,
        EditsPerStep = 16,
        LocalityQuestions = 3,
        Tested = 100,
        Asked = 3,
        LookEvery = 25,
        Rates = [2e-4, 3e-4, 5e-4, 1e-3],
        RatesWithKl = [3e-4, 1e-3],
        Distances = [2, 4, 6, 8],
        Strengths = [0.7, 1, 1.4],
        Ranks = [4, 64, 256],
        QuickSteps = 150,
    };
}
